internal import API
internal import Crypto
internal import DAppRuntime
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// What a DApp's worker is made with.
struct WorkerConfiguration: Sendable {
    let executable: String
    let bundle: DAppBundle
    let context: DAppContext
    let spec: ChainSpec
    let record: SideChainRecord

    /// Decodes the registered bundle; throws when the main chain's state holds bytes that are no bundle.
    init(executable: String, chain: ChainID, record: SideChainRecord, bundle: [UInt8]) throws {
        self.executable = executable
        self.record = record
        spec = record.spec(of: chain)
        self.bundle = try DAppBundle(decoding: bundle)
        context = DAppContext(
            chainID: chain, selfAddress: SideChainRecord.account(of: chain).description,
            assets: spec.assets.map { Asset(symbol: $0.symbol, decimals: $0.decimals) },
            defaultAsset: spec.fees.currency.number, limits: .standard,
            drawMargin: spec.consensus.drawMargin)
    }
}

/// Runs a DApp's calls and queries in its worker process; used from one thread.
final class WorkerContracts: NodeContracts {
    private let configuration: WorkerConfiguration
    private var supervisor: DAppWorkerSupervisor
    private(set) var interface: DAppInterface?

    /// Starts the worker, so that a bundle that does not load is found out at once.
    init(_ configuration: WorkerConfiguration) throws {
        self.configuration = configuration
        supervisor = DAppWorkerSupervisor(
            executable: configuration.executable, bundle: configuration.bundle, context: configuration.context
        )
        let report = try supervisor.start()
        interface = DAppInterface(
            description: InterfaceDescription.json(report, record: configuration.record))
    }

    func stop() { supervisor.stop() }

    func deliver(
        _ calls: [ContractCall], in block: BlockContext, gasLimit: UInt64, state: any StateReader
    ) throws(ContractFailure) -> ContractOutcome {
        guard !calls.isEmpty else { return .none }
        let delivery = Delivery(
            chainID: block.chain, height: block.height, time: block.time,
            calls: calls.map { call in
                Call(
                    transaction: call.transaction, sender: call.sender.description,
                    contract: call.payload.contract, method: call.payload.method,
                    arguments: call.payload.arguments, gasLimit: call.payload.gasLimit)
            }, gasLimit: gasLimit)
        do throws(WorkerFailure) {
            let outcome = try supervisor.execute(delivery, reader: DAppStateAdapter(state: state))
            return try translate(outcome)
        } catch {
            throw ContractFailure("\(error)")
        }
    }

    /// Runs a read-only route on the state after a block.
    func query(
        path: String, parameters: [UInt8], after header: BlockHeader, state: any StateReader
    ) -> Result<[UInt8], Refusal> {
        let query = Query(
            path: path, parameters: parameters, height: header.height, time: header.timestamp)
        do throws(WorkerFailure) {
            switch try supervisor.query(query, reader: DAppStateAdapter(state: state)) {
            case .answered(let json): return .success(json)
            case .refused(let error):
                let place = ReceiptError(error)
                return .failure(Refusal(code: place.code, message: place.message, at: place))
            }
        } catch {
            return .failure(Refusal(code: "WORKER_FAILED", message: "\(error)", hint: "try again"))
        }
    }

    private func translate(_ outcome: DeliveryOutcome) throws(WorkerFailure) -> ContractOutcome {
        var balances: [Genesis.Balance] = []
        for write in outcome.balances {
            guard let address = Address(text: write.address) else { throw .protocolBroken }
            balances.append(
                Genesis.Balance(
                    address: address, asset: AssetNumber(write.asset), amount: Amount(units: write.units)))
        }
        return ContractOutcome(
            results: outcome.results.map(ContractResult.init),
            writes: outcome.writes.map { ($0.key, $0.value) }, balances: balances)
    }
}

/// Shows a chain's state to its DApp: only the DApp's own table and balances.
struct DAppStateAdapter: DAppStateReader {
    let state: any StateReader

    func value(forKey key: [UInt8]) -> [UInt8]? { state.value(for: StateKey(.dapp, key)) }

    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        state.scan(
            prefix: [StateTable.dapp.rawValue] + prefix, after: after.map { StateKey(.dapp, $0) },
            limit: limit
        ).map { (Array($0.key.bytes.dropFirst()), $0.value) }
    }

    func balance(of address: String, asset: UInt8) -> UInt64? {
        guard let address = Address(text: address) else { return nil }
        let amount = state.read(Amount.self, Bank.key(address, AssetNumber(asset)))
        return amount?.units ?? 0
    }
}

extension ContractResult {
    init(_ result: CallResult) {
        let error: ReceiptError? =
            result.status == .succeeded
            ? nil
            : result.error.map(ReceiptError.init)
                ?? ReceiptError(code: "DAPP_FAILED", message: "the call failed")
        self.init(
            error: error, gasUsed: result.gasUsed,
            events: result.events.map { Event(name: $0.name, data: $0.data) },
            returned: result.returned ?? [], logs: result.logs)
    }
}

extension ReceiptError {
    init(_ error: CallError) {
        self.init(
            code: ReceiptError.code(of: error.code), message: error.message, file: error.file,
            line: error.line,
            column: error.column)
    }

    // The worker names faults as JavaScript does; receipts speak the interface's upper-case words.
    private static func code(of name: String) -> String {
        if name == "Rejected" { return "DAPP_REJECTED" }
        var code = ""
        for character in name {
            if character.isUppercase, let last = code.last, last != "_" { code.append("_") }
            code.append(character.uppercased())
        }
        return code.isEmpty ? "DAPP_FAILED" : code
    }
}
