internal import Crypto
internal import Ledger
internal import Primitives

/// Costs of the ledger's parts that the pipelines do not show: mempool, codec, undo.
struct LedgerCosts: Benchmark {
    var name: String { "ledger" }
    private let count = 3_000

    /// Prints a table; there is no bar.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("ledger parts, CPU µs an operation")
        var chain = try TransferChain(accounts: 10_000)
        let rules = AdmissionRules(spec: chain.spec, registry: chain.registry)
        let checked = try (0..<count).map { _ in try rules.checkForm(chain.transfer()) }
        func row(_ title: String, _ outcome: Bench.Outcome<Double>) {
            report.line(title.left(34) + outcome.spread { $0 / 1e3 }.text(decimals: 2))
        }
        var pool = Mempool()
        row(
            "mempool: add",
            try options.bench.nanoseconds(of: count) {
                pool = Mempool()
                for transaction in checked { try pool.add(transaction) }
            })
        var chosen: [CheckedTransaction] = []
        row(
            "mempool: candidates",
            options.bench.nanoseconds(of: count) { chosen = pool.candidates(count: count, bytes: 2_097_152) })
        precondition(chosen.count == count, "all of them fit")
        row(
            "mempool: remove",
            options.bench.nanoseconds(of: count) {
                var copy = pool
                copy.remove(checked.map(\.id))
            })
        let block = try Block(decoding: chain.block(transfers: count))
        var bytes: [UInt8] = []
        row("codec: encode a transfer", options.bench.nanoseconds(of: count) { bytes = block.encoded })
        row(
            "codec: decode a transfer, with id",
            try options.bench.nanoseconds(of: count) { _ = try Block(decoding: bytes) })
        let state = ChainState(records: chain.spec.genesis.records, finalBlock: chain.spec.genesisBlock.id)
        let changes = TransferChain.changes(of: block, on: state)
        let undo = changes.inverse
        var records = state.records
        row("records: apply a transfer", options.bench.nanoseconds(of: count) { records.apply(changes) })
        row("records: undo a transfer", options.bench.nanoseconds(of: count) { records.apply(undo) })
    }
}

extension TransferChain {
    /// One new value for the sender and the recipient of each transfer of a block.
    fileprivate static func changes(of block: Block, on state: ChainState) -> ChangeSet {
        var touched: Set<Address> = []
        var changes: [Change] = []
        for signed in block.transactions {
            guard case .v1(let transaction, _) = signed.content,
                let payload = try? TransferPayload(decoding: transaction.payload)
            else { continue }
            for address in [Address(of: transaction.sender), payload.recipient]
            where touched.insert(address).inserted {
                let key = Bank.key(address, .etm)
                changes.append(
                    Change(key: key, old: state.records.value(for: key), new: Amount.etm(1).encoded))
            }
        }
        return ChangeSet(changes)
    }
}
