internal import Crypto
public import Primitives

/// The kinds by which an account says what it asks for; every chain has them, and each chain its own policies.
public enum AccountHandlers {
    /// Second signature, multisignature account and account lock.
    public static var all: [any TransactionHandler] {
        [SecondSignatureHandler(), MultisignatureHandler(), LockAccountHandler()]
    }

    /// The keys that a transaction of one of these kinds makes responsible for its sender's account.
    public static func cosigners(of transaction: Transaction) -> [PublicKey] {
        all.first { $0.kind == transaction.kind }?.cosigners(askedBy: transaction.payload) ?? []
    }

    /// Setting a key costs this many base fees: 5 ETM on the main chain (`etm-formats.md` 1.2).
    public static let baseFeesPerKey: UInt64 = 50

    // Saturates, so that nothing overflows into a bargain.
    static func fee(forKeys count: Int, payloadBytes: Int, _ fees: FeeSchedule) -> Amount {
        let base = fees.base.multiplied(by: baseFeesPerKey * UInt64(count)) ?? Amount(units: .max)
        return fees.minimum(base: base, payloadBytes: payloadBytes)
    }

    static func update(
        _ address: Address, in state: inout StateOverlay,
        _ change: (inout AccountPolicy) throws(ExecutionError) -> Void
    ) throws(ExecutionError) {
        var policy = AccountPolicy.of(address, in: state) ?? AccountPolicy()
        try change(&policy)
        state.write(AccountPolicy.key(address), policy)
    }

    // Numbers, keys and addresses need no escaping in JSON.
    static func outcome(_ name: String, _ account: Address, _ members: String) -> HandlerOutcome {
        let data = "{\"account\":\"\(account)\",\(members)}"
        return HandlerOutcome(events: [Event(name: name, data: Array(data.utf8))])
    }

    static func refuseOwn(_ keys: [PublicKey], of account: Address) throws(ExecutionError) {
        for key in keys where Address(of: key) == account { throw .account(.ownKey(key)) }
    }
}

/// Gives the sender's account a second key, for good.
public struct SecondSignatureHandler: TransactionHandler {
    /// There is nothing to set up.
    public init() {}

    /// Second signatures.
    public var kind: TransactionKind { .secondSignature }

    /// Fifty base fees.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        AccountHandlers.fee(forKeys: 1, payloadBytes: payload.count, fees)
    }

    /// The payload is a key.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard (try? PublicKey(decoding: payload)) != nil else {
            throw .badPayload(kind, reason: "it is not a key of 32 bytes")
        }
    }

    /// The same key; the historical network did not ask it to agree.
    public func orders(
        of historical: HistoricalTransaction
    ) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .secondSignature(let key) = historical.content else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return [HistoricalOrder(kind, key)]
    }

    /// The second key shows that somebody holds it.
    public func cosigners(askedBy payload: [UInt8]) -> [PublicKey] {
        (try? PublicKey(decoding: payload)).map { [$0] } ?? []
    }

    /// Sets the key.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let key = try? PublicKey(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        try AccountHandlers.refuseOwn([key], of: transaction.sender)
        try AccountHandlers.update(transaction.sender, in: &state) { policy throws(ExecutionError) in
            if let second = policy.second { throw .account(.hasSecondKey(second)) }
            policy.second = key
        }
        return AccountHandlers.outcome("secondSignature", transaction.sender, "\"key\":\"\(key)\"")
    }
}

/// Makes the sender's account one of several keys, or changes which they are.
public struct MultisignatureHandler: TransactionHandler {
    /// There is nothing to set up.
    public init() {}

    /// Multisignature accounts.
    public var kind: TransactionKind { .multisignature }

    /// Fifty base fees for each key, the account's own included.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        let keys = (try? AccountPolicy.Group(decoding: payload))?.keys.count ?? AccountPolicy.Group.mostKeys
        return AccountHandlers.fee(forKeys: keys + 1, payloadBytes: payload.count, fees)
    }

    /// The payload is a group that can reach the number it asks for.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard (try? AccountPolicy.Group(decoding: payload)) != nil else {
            throw .badPayload(
                kind,
                reason: "a group has 1 to 16 different keys in ascending order, and asks for 2 to 16 of them "
                    + "and the account's own")
        }
    }

    /// The same group; its lifetime was for transactions that waited, and none waits here.
    public func orders(
        of historical: HistoricalTransaction
    ) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .multisignature(let signed) = historical.content,
            let group = AccountPolicy.Group(least: signed.minimum, keys: signed.keys)
        else { throw .unknownKind(historical.kind.transactionKind) }
        return [HistoricalOrder(kind, group)]
    }

    /// Every member of the new group agrees.
    public func cosigners(askedBy payload: [UInt8]) -> [PublicKey] {
        (try? AccountPolicy.Group(decoding: payload))?.keys ?? []
    }

    /// Sets the group in the place of an earlier one, whose members have agreed before this is called.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let group = try? AccountPolicy.Group(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        try AccountHandlers.refuseOwn(group.keys, of: transaction.sender)
        try AccountHandlers.update(transaction.sender, in: &state) { $0.group = group }
        let keys = group.keys.map { "\"\($0)\"" }.joined(separator: ",")
        return AccountHandlers.outcome(
            "multisignature", transaction.sender, "\"least\":\(group.least),\"keys\":[\(keys)]")
    }
}

/// Keeps everything that the sender's account holds where it is, up to a height.
public struct LockAccountHandler: TransactionHandler {
    /// The furthest that a lock reaches ahead: a year of blocks of three seconds.
    public static let longest: UInt64 = 10_512_000

    /// There is nothing to set up.
    public init() {}

    /// Account locks.
    public var kind: TransactionKind { .lockAccount }

    /// The base fee.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.base, payloadBytes: payload.count)
    }

    /// The payload is a height.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard (try? Height(decoding: payload)) != nil else {
            throw .badPayload(kind, reason: "it is not a height of 8 bytes")
        }
    }

    /// The height that is the one argument.
    public func orders(
        of historical: HistoricalTransaction
    ) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard historical.kind == .lockHeight, let height = historical.arguments.first.flatMap(UInt64.init)
        else { throw .unknownKind(historical.kind.transactionKind) }
        return [HistoricalOrder(kind, Height(height))]
    }

    /// Sets the height, or a later one than before.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let until = try? Height(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        let (sum, overflow) = block.height.value.addingReportingOverflow(LockAccountHandler.longest)
        let most = Height(overflow ? .max : sum)
        guard until > block.height, until <= most else {
            throw .account(.lockOutOfRange(least: block.height.next, most: most, got: until))
        }
        try AccountHandlers.update(transaction.sender, in: &state) { policy throws(ExecutionError) in
            guard until > policy.lockedUntil else {
                throw .account(.lockNotLonger(until: policy.lockedUntil, got: until))
            }
            policy.lockedUntil = until
        }
        return AccountHandlers.outcome("accountLocked", transaction.sender, "\"until\":\(until)")
    }
}
