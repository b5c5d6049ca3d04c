public import Ledger
internal import Primitives

/// What accounts may do beside moving ETM at once: assets of their own, stored contents, delayed transfers.
public struct AssetRules: Sendable {
    /// The rules of a chain; nil where accounts cannot have these, as on side chains.
    public init?(spec: ChainSpec) {
        guard spec.role == .main else { return nil }
    }

    /// The transaction kinds of these rules.
    public var handlers: [any TransactionHandler] {
        [
            RegisterIssuerHandler(), CreateAssetHandler(), SetAssetFlagHandler(), ChangeAccessListHandler(),
            IssueAssetHandler(), TransferAssetHandler(), StorageHandler(), DelayedTransferHandler(),
        ]
    }

    /// What ends every block: delayed transfers whose time has come are paid.
    public var finishers: [any BlockFinisher] { [DelayedPayments()] }
}
