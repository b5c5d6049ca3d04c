internal import API
internal import Ledger

/// The main chain runs no contracts.
struct NoNodeContracts: NodeContracts {
    var interface: DAppInterface? { nil }

    func stop() {}

    func deliver(
        _ calls: [ContractCall], in block: BlockContext, gasLimit: UInt64, state: any StateReader
    ) throws(ContractFailure) -> ContractOutcome {
        try NoContracts().deliver(calls, in: block, gasLimit: gasLimit, state: state)
    }
}
