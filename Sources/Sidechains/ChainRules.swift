public import Crypto
public import Ledger
internal import Primitives

/// The transaction kinds of main and side chains.
public enum ChainRules {
    /// The registry of a chain, with the kinds that other modules add.
    public static func registry(
        for spec: ChainSpec, verifier: any SignatureVerifier, adding others: [any TransactionHandler] = []
    ) -> TransactionRegistry {
        switch spec.role {
        case .main:
            TransactionRegistry(
                [
                    TransferHandler(assets: spec.assets.count),
                    RegisterDAppHandler(deposit: spec.fees.registrationDeposit),
                    DepositHandler(),
                    ClaimHandler(verifier: verifier, mostRepaid: spec.fees.base),
                ] + AccountHandlers.all + others)
        case .side:
            TransactionRegistry(
                [
                    TransferHandler(assets: spec.assets.count),
                    WithdrawHandler(least: FeeSchedule.main.base),
                    CallHandler(limits: spec.limits),
                ] + AccountHandlers.all + others)
        }
    }

    /// The executor of a chain's blocks.
    public static func executor(for spec: ChainSpec, verifier: any SignatureVerifier) -> BlockExecutor {
        BlockExecutor(spec: spec, registry: registry(for: spec, verifier: verifier))
    }
}
