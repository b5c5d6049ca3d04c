public import Crypto
public import Primitives

/// Why a transaction may not enter a block.
///
/// Blame: the sender. Consequence: refused, nothing charged.
public enum AdmissionRejection: Error, Equatable, Sendable {
    /// It is for another chain.
    case wrongChain(expected: ChainID, got: ChainID)
    /// Its last height has passed.
    case expired(expiry: Height, height: Height)
    /// Its expiry lies further ahead than ids are remembered.
    case expiryTooFar(expiry: Height, latest: Height)
    /// A version 0 transaction breaks a rule that only those have.
    case historical(HistoricalRefusal)
    /// A signature is not that of the key it is said to be of.
    case badSignature
    /// The chain has no such kind.
    case unknownKind(TransactionKind)
    /// The payload is not what the kind asks for.
    case badPayload(TransactionKind, reason: String)
    /// The fee is below the least one.
    case feeTooLow(needed: Amount, got: Amount)
    /// The id is already in the chain.
    case duplicate(TransactionID)
    /// The sender cannot pay the fee.
    case cannotPayFee(account: Address, balance: Amount, needed: Amount)
    /// It is bigger than a block may be.
    case tooLarge(bytes: Int, most: Int)
    /// Too few of the account's keys signed; `missing` are those that may still.
    case needsSignatures(least: Int, got: Int, missing: [PublicKey])
    /// The account's second key did not sign.
    case needsSecondSignature(PublicKey)
    /// Keys that the payload makes responsible for the account did not sign.
    case needsConsent(missing: [PublicKey])
    /// A key signed that has no say in this transaction.
    case strangeSignature(PublicKey)
    /// The account sends nothing of the kind up to this height.
    case accountLocked(until: Height)

    /// A stable upper-case word for the interface.
    public var code: String {
        switch self {
        case .wrongChain: "WRONG_CHAIN"
        case .expired: "EXPIRED"
        case .expiryTooFar: "EXPIRY_TOO_FAR"
        case .historical: "HISTORICAL_REFUSED"
        case .badSignature: "BAD_SIGNATURE"
        case .unknownKind: "UNKNOWN_KIND"
        case .badPayload: "BAD_PAYLOAD"
        case .feeTooLow: "FEE_TOO_LOW"
        case .duplicate: "DUPLICATE"
        case .cannotPayFee: "INSUFFICIENT_BALANCE"
        case .tooLarge: "TOO_LARGE"
        case .needsSignatures: "NEEDS_SIGNATURES"
        case .needsSecondSignature: "NEEDS_SECOND_SIGNATURE"
        case .needsConsent: "NEEDS_CONSENT"
        case .strangeSignature: "STRANGE_SIGNATURE"
        case .accountLocked: "ACCOUNT_LOCKED"
        }
    }

    /// One sentence that says what is wrong.
    public var message: String {
        switch self {
        case .wrongChain(let expected, let got): "the transaction is for chain \(got), this is \(expected)"
        case .expired(let expiry, let height):
            "the transaction expired at height \(expiry), the next is \(height)"
        case .expiryTooFar(let expiry, let latest): "the expiry \(expiry) lies beyond height \(latest)"
        case .historical(let refusal): refusal.message
        case .badSignature: "a signature is not that of the key it is said to be of"
        case .unknownKind(let kind): "this chain has no transactions of kind \(kind)"
        case .badPayload(let kind, let reason): "the payload does not fit kind \(kind): \(reason)"
        case .feeTooLow(let needed, let got): "the fee is \(got) base units and must be at least \(needed)"
        case .duplicate(let id): "transaction \(id) is already in the chain"
        case .cannotPayFee(let account, let balance, let needed):
            "\(account) holds \(balance) base units and the fee is \(needed): "
                + "\(needed.units - min(balance.units, needed.units)) short"
        case .tooLarge(let bytes, let most): "the transaction has \(bytes) bytes and may have \(most)"
        case .needsSignatures(let least, let got, let missing):
            "\(got) of the account's keys signed and \(least) must; missing: "
                + AdmissionRejection.list(missing)
        case .needsSecondSignature(let key): "the account's second key \(key) must sign too"
        case .needsConsent(let missing):
            "keys that the payload names must sign too; missing: " + AdmissionRejection.list(missing)
        case .strangeSignature(let key): "the key \(key) signed and has no say in this transaction"
        case .accountLocked(let until): "the account is locked up to height \(until)"
        }
    }
}

extension AdmissionRejection {
    // All keys are in the case; a sentence names as many as one reads.
    private static func list(_ keys: [PublicKey]) -> String {
        let shown = keys.prefix(3).map(\.description).joined(separator: ", ")
        return keys.count > 3 ? "\(shown) and \(keys.count - 3) more" : shown
    }
}

/// A transaction whose signatures, chain, kind, payload and fee were checked; only state can still refuse it.
public struct CheckedTransaction: Sendable, Hashable, Identifiable {
    /// The transaction.
    public let transaction: SignedTransaction
    /// The account that signed it.
    public let sender: Address

    /// The transaction's id.
    public var id: TransactionID { transaction.id }
}

/// The rules that need no state: they run on any thread, before anything reaches a replica.
public struct AdmissionRules: Sendable {
    private let spec: ChainSpec
    private let registry: TransactionRegistry

    /// The rules of one chain.
    public init(spec: ChainSpec, registry: TransactionRegistry) {
        self.spec = spec
        self.registry = registry
    }

    /// Checks everything that needs no state.
    public func check(
        _ signed: SignedTransaction, verifier: some BatchVerifier
    ) throws(AdmissionRejection) -> CheckedTransaction {
        let checked = try checkForm(signed)
        guard verifier.firstFailure(in: signed.signatureChecks) == nil else { throw .badSignature }
        return checked
    }

    /// Checks everything that needs no state of a block's transactions, their signatures as batches.
    ///
    /// Forms come first, as they are cheap; of what is wrong in one way, the first is named. `isVerified`
    /// tells whose signatures are known to hold.
    public func check(
        _ transactions: [SignedTransaction], verifier: some BatchVerifier,
        isVerified: (SignedTransaction) -> Bool = { _ in false }
    ) throws(BlockRejection) -> [CheckedTransaction] {
        var checked: [CheckedTransaction] = []
        checked.reserveCapacity(transactions.count)
        var open: [Int] = []
        for (index, transaction) in transactions.enumerated() {
            do throws(AdmissionRejection) {
                checked.append(try checkForm(transaction))
            } catch {
                throw .transaction(index: index, error)
            }
            if !isVerified(transaction) { open.append(index) }
        }
        if let first = failures(of: open.lazy.map { transactions[$0] }, verifier, most: 1).first {
            throw .transaction(index: open[first], .badSignature)
        }
        return checked
    }

    /// Those of some transactions that pass `check`, in their order, their signatures checked as batches.
    public func passing(
        _ transactions: [SignedTransaction], verifier: some BatchVerifier
    ) -> [CheckedTransaction] {
        let formed = transactions.compactMap { try? checkForm($0) }
        let failing = Set(failures(of: formed.lazy.map(\.transaction), verifier, most: .max))
        return formed.indices.filter { !failing.contains($0) }.map { formed[$0] }
    }

    // The indices of transactions with a signature that does not hold, ascending; the first ones at least.
    private func failures(
        of transactions: some Collection<SignedTransaction>, _ verifier: some BatchVerifier, most: Int
    ) -> [Int] {
        var checks: [SignatureCheck] = []
        checks.reserveCapacity(transactions.count)
        // Where the checks of each transaction end.
        var ends: [Int] = []
        ends.reserveCapacity(transactions.count)
        for transaction in transactions {
            transaction.appendSignatureChecks(to: &checks)
            ends.append(checks.count)
        }
        var owners: [Int] = []
        var owner = 0
        for failure in verifier.failures(in: checks, most: most) {
            while ends[owner] <= failure { owner += 1 }
            if owners.last != owner { owners.append(owner) }
        }
        return owners
    }

    /// Checks everything that needs neither state nor signature; simulation uses it alone.
    public func checkForm(_ signed: SignedTransaction) throws(AdmissionRejection) -> CheckedTransaction {
        guard signed.bytes.count <= Int(spec.limits.bytes) else {
            throw .tooLarge(bytes: signed.bytes.count, most: Int(spec.limits.bytes))
        }
        switch signed.content {
        case .v1(let transaction, _):
            guard let handler = registry[signed.kind] else { throw .unknownKind(signed.kind) }
            guard transaction.chain == spec.id else {
                throw .wrongChain(expected: spec.id, got: transaction.chain)
            }
            try handler.check(transaction.payload)
            let needed = handler.minimumFee(for: transaction.payload, fees: spec.fees)
            guard transaction.fee >= needed else { throw .feeTooLow(needed: needed, got: transaction.fee) }
        case .v0(let historical): try checkForm(historical)
        }
        return CheckedTransaction(transaction: signed, sender: Address(of: signed.sender))
    }

    private func checkForm(_ historical: HistoricalTransaction) throws(AdmissionRejection) {
        guard spec.acceptsHistorical else { throw .historical(.notTaken) }
        do throws(HistoricalRefusal) {
            try historical.check()
        } catch {
            throw .historical(error)
        }
        _ = try registry.orders(of: historical)
    }

    /// Checks that the transaction may enter a block of this height and time.
    public func checkLife(_ signed: SignedTransaction, height: Height, time: Instant)
        throws(AdmissionRejection)
    {
        switch signed.content {
        case .v1(let transaction, _):
            guard transaction.expiry >= height else {
                throw .expired(expiry: transaction.expiry, height: height)
            }
            let (sum, overflow) = height.value.addingReportingOverflow(Transaction.longestLife)
            let latest = Height(overflow ? .max : sum)
            guard transaction.expiry <= latest else {
                throw .expiryTooFar(expiry: transaction.expiry, latest: latest)
            }
        case .v0(let historical):
            let (made, life) = (historical.time, spec.historicalLife)
            guard made <= time else { throw .historical(.fromTheFuture(made: made, block: time)) }
            guard time.since(made) <= life else {
                throw .historical(.tooOld(made: made, block: time, life: life))
            }
        }
    }

    /// Checks that those signed whom the sender's account asks for, and that it is not locked.
    public func checkAuthority(
        _ checked: CheckedTransaction, state: some StateReader, height: Height
    ) throws(AdmissionRejection) {
        try Authority.check(checked, registry, state: state, height: height)
    }

    /// Checks that the sender can pay the fee now.
    public func checkFee(_ checked: CheckedTransaction, state: some StateReader) throws(AdmissionRejection) {
        let fee = checked.transaction.fee
        let balance = Bank.balance(of: checked.sender, asset: spec.fees.currency, in: state)
        guard balance >= fee else {
            throw .cannotPayFee(account: checked.sender, balance: balance, needed: fee)
        }
    }
}
