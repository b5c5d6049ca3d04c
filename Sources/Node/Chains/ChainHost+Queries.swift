internal import API
internal import Crypto
internal import Ledger
internal import Primitives
internal import Storage
internal import Synchronization

/// What the interface asks of a chain.
extension ChainHost {
    var snapshot: ChainSnapshot { shared.withLock { $0.snapshot } }

    var interface: DAppInterface? { shared.withLock { $0.interface } }

    func finalBlock(at height: Height) -> FinalBlock? {
        if height == .zero {
            return FinalBlock(block: configuration.spec.genesisBlock, receipts: [], certificate: nil)
        }
        return reader.withLock { reader in
            guard let reader, let block = (try? reader.block(at: height)) ?? nil else { return nil }
            let receipts = (try? reader.receipts(at: height)) ?? nil
            return FinalBlock(
                block: block, receipts: receipts ?? [],
                certificate: DatabaseArchive(reader: reader).finality(atOrAbove: height))
        }
    }

    func finalBlock(id: BlockID) -> FinalBlock? {
        let height = reader.withLock { reader -> Height? in
            guard let reader, (try? reader.isFinal(id)) == true else { return nil }
            return ((try? reader.block(id)) ?? nil)?.header.height
        }
        guard let height else {
            return id == configuration.spec.genesisBlock.id ? finalBlock(at: .zero) : nil
        }
        return finalBlock(at: height)
    }

    func location(of transaction: TransactionID) -> (height: Height, index: Int)? {
        reader.withLock { reader in
            guard let reader, let place = (try? reader.location(of: transaction)) ?? nil else { return nil }
            return (place.height, place.index)
        }
    }

    func summaries(from newest: Height, most: Int) -> [FinalSummary] {
        let stored = reader.withLock { (try? $0?.summaries(from: newest, most: most)) ?? [] }
        var list = stored.map {
            FinalSummary(header: $0.header, id: $0.id, transactionCount: $0.transactionCount)
        }
        let lowest = list.last?.header.height ?? newest.next
        if lowest == Height(1), list.count < most {
            list.append(FinalSummary(configuration.spec.genesisBlock))
        }
        return list
    }

    func changes(at height: Height) -> ChangeSet? {
        reader.withLock { reader in (try? reader?.changes(at: height)) ?? nil }
    }

    func pending(_ transaction: TransactionID) -> (transaction: SignedTransaction, height: Height?)? {
        shared.withLock { $0.pending[transaction] }
    }

    func submit(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void
    ) {
        do throws(AdmissionRejection) {
            let checked = try rules.check(transaction, verifier: Ed25519Verifier())
            if !post(.submit(checked, reply)) { reply(.failure(.stopped)) }
        } catch {
            reply(.failure(Refusal(error)))
        }
    }

    func simulate(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<Simulation, Refusal>) -> Void
    ) {
        let now = snapshot
        let context = BlockContext(
            chain: now.spec.id, height: now.finalHeader.height.next,
            time: max(configuration.clock.now(), now.finalHeader.timestamp), leader: .zero,
            turn: .trial(on: now.finalBlock))
        let frame = BlockExecutor.Frame(
            context: context, reveal: .zero, inbox: [], tickets: nextTickets(in: now.state))
        guard transaction.kind == .call else {
            return reply(Self.trial(executor, transaction, frame, now.state, NoContracts()))
        }
        guard let queries else { return reply(.failure(.stopped)) }
        queries.run { [executor] worker in
            reply(worker.flatMap { Self.trial(executor, transaction, frame, now.state, $0) })
        }
    }

    // Who asks what a call would do asks about the next block, which settles tickets before its calls.
    private func nextTickets(in state: StateView) -> [TicketSettlement] {
        guard let main = configuration.mainChain else { return [] }
        return main.settlements(of: state, upTo: main.latest.anchor.height) ?? []
    }

    private static func trial(
        _ executor: BlockExecutor, _ transaction: SignedTransaction, _ frame: BlockExecutor.Frame,
        _ state: StateView,
        _ contracts: some ContractExecutor
    ) -> Result<Simulation, Refusal> {
        do throws(AdmissionRejection) {
            let trial = try executor.simulate(transaction, frame: frame, on: state, contracts: contracts)
            return .success(Simulation(receipt: trial.receipt, changes: trial.changes, logs: trial.logs))
        } catch {
            return .failure(Refusal(error))
        }
    }

    func prove(
        _ key: StateKey,
        reply: @escaping @Sendable (Result<(header: BlockHeader, proof: StateProof), Refusal>) -> Void
    ) {
        if !post(.prove(key, reply)) { reply(.failure(.stopped)) }
    }

    func query(
        path: String, parameters: [UInt8], reply: @escaping @Sendable (Result<[UInt8], Refusal>) -> Void
    ) {
        guard let queries else {
            return reply(.failure(Refusal(code: "NOT_A_DAPP", message: "the main chain has no routes")))
        }
        let now = snapshot
        var state = StateOverlay(now.state)
        // What the next block would settle counts as settled; it cannot fail, for it was just looked up there.
        try? DrawTickets.settle(nextTickets(in: now.state), in: &state)
        let seen = state
        queries.run { worker in
            reply(
                worker.flatMap {
                    $0.query(path: path, parameters: parameters, after: now.finalHeader, state: seen)
                })
        }
    }

    func logs(after cursor: UInt64, limit: Int) -> [LogEntry] {
        shared.withLock { shared in Array(shared.logs.lazy.filter { $0.cursor > cursor }.prefix(limit)) }
    }

    func mine(_ count: Int, reply: @escaping @Sendable (Result<Height, Refusal>) -> Void) {
        if !post(.mine(count, reply)) { reply(.failure(.stopped)) }
    }
}
