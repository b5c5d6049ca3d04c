internal import Crypto
internal import DAppRuntime
internal import Ledger
internal import Primitives

/// Joins the block executor to a worker process, as a node does.
final class WorkerExecutor: ContractExecutor {
    private var supervisor: DAppWorkerSupervisor

    /// Starts the worker.
    init(executable: String, bundle: DAppBundle, spec: ChainSpec) throws {
        let context = DAppContext(
            chainID: spec.id, selfAddress: Address.zero.description,
            assets: spec.assets.map { Asset(symbol: $0.symbol, decimals: $0.decimals) },
            defaultAsset: spec.fees.currency.number)
        supervisor = DAppWorkerSupervisor(executable: executable, bundle: bundle, context: context)
        _ = try supervisor.start()
    }

    /// CPU seconds of the worker.
    var workerSeconds: Double { supervisor.processID.flatMap { Clock.process($0) } ?? 0 }

    func deliver(
        _ calls: [ContractCall], in block: BlockContext, gasLimit: UInt64, state: any StateReader
    ) throws(ContractFailure) -> ContractOutcome {
        let delivery = Delivery(
            chainID: block.chain, height: block.height, time: block.time,
            calls: calls.map { call in
                Call(
                    transaction: call.transaction, sender: call.sender.description,
                    contract: call.payload.contract, method: call.payload.method,
                    arguments: call.payload.arguments, gasLimit: call.payload.gasLimit)
            }, gasLimit: gasLimit)
        do throws(WorkerFailure) {
            return WorkerExecutor.translate(
                try supervisor.execute(delivery, reader: TokenReader(state: state)))
        } catch {
            throw ContractFailure("\(error)")
        }
    }

    private static func translate(_ outcome: DeliveryOutcome) -> ContractOutcome {
        ContractOutcome(
            results: outcome.results.map { result in
                ContractResult(
                    error: result.error.map { ReceiptError(code: $0.code, message: $0.message) },
                    gasUsed: result.gasUsed,
                    events: result.events.map { Event(name: $0.name, data: $0.data) },
                    returned: result.returned ?? [], logs: result.logs)
            },
            writes: outcome.writes.map { ($0.key, $0.value) }, balances: [])
    }
}

/// Shows a chain's state to its DApp.
private struct TokenReader: DAppStateReader {
    let state: any StateReader

    func value(forKey key: [UInt8]) -> [UInt8]? { state.value(for: StateKey(.dapp, key)) }

    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        state.scan(
            prefix: [StateTable.dapp.rawValue] + prefix, after: after.map { StateKey(.dapp, $0) },
            limit: limit
        )
        .map { (Array($0.key.bytes.dropFirst()), $0.value) }
    }

    func balance(of address: String, asset: UInt8) -> UInt64? {
        Address(text: address).map { Bank.balance(of: $0, asset: AssetNumber(asset), in: state).units }
    }
}
