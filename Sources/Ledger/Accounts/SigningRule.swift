public import Primitives

/// Whose signatures one transaction needs, as its sender's account stands.
public struct SigningRule: Sendable, Hashable {
    /// The key that the account belongs to.
    public let sender: PublicKey
    /// What the account asks for; nil when its own key is enough.
    public let policy: AccountPolicy?
    /// Keys that the payload makes responsible for the account: each must agree.
    public let asked: [PublicKey]

    /// Joins the parts.
    public init(sender: PublicKey, policy: AccountPolicy?, asked: [PublicKey] = []) {
        self.sender = sender
        self.policy = policy
        self.asked = asked
    }

    /// How many of `members` must sign.
    public var least: Int { Int(policy?.group?.least ?? 1) }

    /// The keys whose signatures count towards `least`: the account's own, then its group's.
    public var members: [PublicKey] { [sender] + (policy?.group?.keys ?? []) }

    /// True when the key's signature can be of any use here.
    public func concerns(_ key: PublicKey) -> Bool {
        key == policy?.second || members.contains(key) || asked.contains(key)
    }

    /// Throws unless the signers are enough, and none of them a stranger who would only fill blocks.
    ///
    /// A group's members may act without the account's own key: so they can when it is lost. The second key
    /// belongs to the own key and is asked for when that signs.
    public func check(_ signers: [PublicKey]) throws(AdmissionRejection) {
        let members = members
        let got = signers.count { members.contains($0) }
        guard got >= least else {
            throw .needsSignatures(
                least: least, got: got, missing: members.filter { !signers.contains($0) })
        }
        let second = signers.contains(sender) ? policy?.second : nil
        if let second, !signers.contains(second) { throw .needsSecondSignature(second) }
        let silent = asked.filter { !signers.contains($0) }
        guard silent.isEmpty else { throw .needsConsent(missing: silent) }
        for signer in signers where signer != second && !members.contains(signer) && !asked.contains(signer) {
            throw .strangeSignature(signer)
        }
    }
}

/// Whether the sender's account lets a transaction through; one state read a transaction.
enum Authority {
    /// Asks for the signatures too.
    static func check(
        _ checked: CheckedTransaction, _ registry: TransactionRegistry, state: some StateReader,
        height: Height
    ) throws(AdmissionRejection) {
        let signed = checked.transaction
        let policy = AccountPolicy.of(checked.sender, in: state)
        try checkLock(policy, signed.kind, height)
        if case .v0(let historical) = signed.content, UsedConsents.contains(historical, in: state) {
            throw .historical(.usedSignatures(historical.signingDigest))
        }
        let asked = signed.cosigners(registry)
        // Nearly all transactions end here, without a list of keys.
        if policy == nil, asked.isEmpty, signed.isSignedBySenderAlone { return }
        try SigningRule(sender: signed.sender, policy: policy, asked: asked).check(signed.signers)
    }

    /// For transactions that nobody has signed yet.
    static func checkLock(
        _ checked: CheckedTransaction, state: some StateReader, height: Height
    ) throws(AdmissionRejection) {
        try checkLock(AccountPolicy.of(checked.sender, in: state), checked.transaction.kind, height)
    }

    private static func checkLock(
        _ policy: AccountPolicy?, _ kind: TransactionKind, _ height: Height
    ) throws(AdmissionRejection) {
        if let policy, policy.locks(kind, at: height) { throw .accountLocked(until: policy.lockedUntil) }
    }
}

extension SignedTransaction {
    fileprivate func cosigners(_ registry: TransactionRegistry) -> [PublicKey] {
        switch content {
        case .v1(let transaction, _):
            return registry[transaction.kind]?.cosigners(askedBy: transaction.payload) ?? []
        case .v0(let historical):
            // Members of a new group agree in both versions, a second key only in the current one.
            guard case .multisignature(let group) = historical.content else { return [] }
            return group.keys
        }
    }
}
