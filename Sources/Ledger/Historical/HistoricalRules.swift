internal import Crypto
public import Primitives

/// The historical rules of fields (`etm-formats.md` 1.2), with the holes of 8.1 closed.
extension HistoricalTransaction {
    /// What a registration of a miner pays besides its fee.
    public static let registrationDeposit = Amount.etm(1_000)
    /// Where a registration of a miner pays it to, as text.
    public static let registrationAddress = "A4MFB3MaPd355ug19GYPMSakCAWKbLjDTb"
    /// A delayed transfer is due at least this long after it was made: 1,200 slots.
    public static let shortestDelay = Instant.Span.seconds(3_600)
    /// A delayed transfer is due at most this long after it was made: ten years, and the hour that it may wait.
    public static let longestDelay = Instant.Span.seconds(3_650 * 86_400 + 3_600)
    /// The least amount of a lock.
    public static let leastLock = Amount.etm(1)

    /// Throws unless the fields keep the historical rules and the signed bytes fit no other fields.
    public func check() throws(HistoricalRefusal) {
        try checkFields()
        guard hasOneReading else { throw .ambiguous(kind) }
    }

    /// Throws unless the fields keep the historical rules, whatever else the bytes may mean.
    public func checkFields() throws(HistoricalRefusal) {
        if let use = replacement { throw .replaced(kind, by: use) }
        try checkCommon()
        try checkValue()
        try checkArguments()
        try checkContent()
        try checkSignatures()
    }

    /// What does the same on this chain, for kinds that it does not carry out.
    public var replacement: String? {
        switch kind {
        case .delegate:
            "a miner needs a hash onion and a hashing test, which no key alone gives; "
                + "use etm validator register"
        case .registerDApp: "a link pins no code; use etm dapp deploy"
        case .inTransfer: "a deposit names a side chain of this network; use etm dapp deposit"
        case .outTransfer: "value leaves a side chain by a proof and not by signatures; use etm dapp withdraw"
        default: nil
        }
    }

    private func checkCommon() throws(HistoricalRefusal) {
        guard timestamp <= UInt32(Int32.max) else {
            throw .outOfBounds(.timestamp, rule: "has more than 31 bits")
        }
        guard amount.units <= UInt64(Int64.max) else {
            throw .outOfBounds(.amount, rule: "has more than 63 bits")
        }
        guard message.utf16.count <= HistoricalTransaction.longestMessage else {
            throw .outOfBounds(.message, rule: "has more than 256 characters")
        }
        // Behind a message nobody could say where the other fields begin.
        guard message.isEmpty || kind.mayHaveMessage else { throw .unexpected(.message) }
        // A key in place of the bytes that say "nobody receives it" would be a second reading of them.
        if let requester, requester == sender || requester.array.prefix(8).allSatisfy({ $0 == 0 }) {
            throw .outOfBounds(.requesterPublicKey, rule: "must be another key than the sender's")
        }
    }

    private func checkValue() throws(HistoricalRefusal) {
        guard kind.hasRecipient else {
            guard recipient == nil else { throw .unexpected(.recipientId) }
            guard amount == .zero else { throw .outOfBounds(.amount, rule: "must be 0 for this kind") }
            return
        }
        guard let recipient else { throw .missing(.recipientId) }
        guard recipient != Address(of: sender) else { throw .sameAccount }
        if kind == .assetTransfer {
            guard amount == .zero else { throw .outOfBounds(.amount, rule: "must be 0 for this kind") }
        } else {
            guard amount != .zero else { throw .outOfBounds(.amount, rule: "must be above 0") }
        }
    }

    private func checkArguments() throws(HistoricalRefusal) {
        let counts = kind.argumentCounts
        guard counts.contains(arguments.count) else {
            if counts == 0...0 { throw .unexpected(.args) }
            if arguments.isEmpty { throw .missing(.args) }
            throw .outOfBounds(.args, rule: "has \(arguments.count) texts and may have \(counts.upperBound)")
        }
        switch kind {
        case .lockHeight, .lockVotes, .delayTransfer:
            guard let number = HistoricalText.number(arguments[0]) else {
                throw .outOfBounds(.args, rule: "must be one whole number in decimal, without leading zeros")
            }
            try checkNumber(number)
        case .unlockVotes:
            guard arguments.allSatisfy(HistoricalText.isID) else {
                throw .outOfBounds(.args, rule: "must be ids of 64 lower-case hexadecimal digits")
            }
            guard Set(arguments).count == arguments.count else { throw .repeated(.args) }
        default: break
        }
    }

    private func checkNumber(_ number: UInt64) throws(HistoricalRefusal) {
        if kind == .lockVotes, number < HistoricalTransaction.leastLock.units {
            throw .outOfBounds(.args, rule: "must be at least 100000000 base units")
        }
        let earliest = time.advanced(by: HistoricalTransaction.shortestDelay).milliseconds
        let latest = time.advanced(by: HistoricalTransaction.longestDelay).milliseconds
        if kind == .delayTransfer, !(earliest...latest).contains(number) {
            throw .outOfBounds(.args, rule: "must be a time from \(earliest) to \(latest) milliseconds")
        }
    }

    private func checkSignatures() throws(HistoricalRefusal) {
        // Otherwise a second signature would be a first one of bytes that end in the first.
        if let second, second.key == signer || second.key == sender {
            throw .outOfBounds(.signSignature, rule: "must be another key's than the first")
        }
        if let second, endorsements.contains(where: { $0.key == second.key }) { throw .repeated(.signatures) }
        for (index, endorsement) in endorsements.enumerated() {
            if index > 0, endorsements[index - 1].key >= endorsement.key { throw .repeated(.signatures) }
            if endorsement.key == signer { throw .repeated(.signatures) }
        }
    }
}
