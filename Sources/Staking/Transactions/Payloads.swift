internal import Crypto
internal import Ledger
public import Primitives

/// The payload of a lock.
public struct LockPayload: Sendable, Hashable, Canonical {
    /// Base units of ETM.
    public let amount: Amount

    /// Wraps the amount.
    public init(amount: Amount) { self.amount = amount }

    /// Writes 8 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(amount) }

    /// Reads 8 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) { amount = try reader.read() }
}

/// The payload of an unlock.
public struct UnlockPayload: Sendable, Hashable, Canonical {
    /// The transaction that made the lock.
    public let lock: TransactionID

    /// Wraps the id.
    public init(lock: TransactionID) { self.lock = lock }

    /// Writes 32 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(lock) }

    /// Reads 32 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) { lock = try reader.read() }
}

/// The payload of a vote, and of a miner's resignation.
public struct MinerPayload: Sendable, Hashable, Canonical {
    /// The miner's key.
    public let miner: PublicKey

    /// Wraps the key.
    public init(miner: PublicKey) { self.miner = miner }

    /// Writes 32 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(miner) }

    /// Reads 32 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) { miner = try reader.read() }
}

/// The payload of a withdrawn vote: nothing, or the miner that must lose it.
public struct WithdrawVotePayload: Sendable, Hashable, Canonical {
    /// Refuse unless the vote is this miner's; nil for whoever has it.
    public let miner: PublicKey?

    /// Wraps the key.
    public init(miner: PublicKey? = nil) { self.miner = miner }

    /// Writes 32 bytes or none: the payload's own length says which.
    public func encode(to writer: inout ByteWriter) { if let miner { writer.write(miner) } }

    /// Reads 32 bytes or none.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        miner = reader.remaining == 0 ? nil : try reader.read()
    }
}

/// The payload of a miner's registration.
public struct RegisterMinerPayload: Sendable, Hashable, Canonical {
    /// The sender's own key, which will sign blocks.
    public let miner: PublicKey
    /// What people will call it.
    public let name: String
    /// The end of its hash onion.
    public let anchor: Digest
    /// The recent block that the hashing test names.
    public let block: BlockID
    /// The nonce that passes the hashing test.
    public let nonce: UInt64

    /// Joins the parts.
    public init(miner: PublicKey, name: String, anchor: Digest, block: BlockID, nonce: UInt64) {
        self.miner = miner
        self.name = name
        self.anchor = anchor
        self.block = block
        self.nonce = nonce
    }

    /// What the hashing test is about: the block and the key.
    public static func workBytes(block: BlockID, miner: PublicKey) -> [UInt8] { block.array + miner.array }

    /// True when the nonce passes with this many leading zero bits.
    public func hasWork(bits: UInt8) -> Bool {
        LightWork.verify(
            RegisterMinerPayload.workBytes(block: block, miner: miner), nonce: nonce, bits: bits)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(miner)
        writer.write(name)
        writer.write(anchor)
        writer.write(block)
        writer.write(nonce)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        miner = try reader.read()
        name = try reader.readString(most: MinerRecord.longestName)
        anchor = try reader.read()
        block = try reader.read()
        nonce = try reader.readInteger()
    }
}

/// The payload of a new anchor.
public struct NewAnchorPayload: Sendable, Hashable, Canonical {
    /// The sender's own key.
    public let miner: PublicKey
    /// The end of its new hash onion.
    public let anchor: Digest

    /// Joins the parts.
    public init(miner: PublicKey, anchor: Digest) {
        self.miner = miner
        self.anchor = anchor
    }

    /// Writes 64 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(miner)
        writer.write(anchor)
    }

    /// Reads 64 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        miner = try reader.read()
        anchor = try reader.read()
    }
}

/// The payload of evidence: what the court reads.
public struct EvidencePayload: Sendable, Hashable, Canonical {
    /// The conflicting messages in the form that consensus gives them.
    public let evidence: [UInt8]

    /// The most bytes of evidence.
    public static let largest = 4_096

    /// Wraps the bytes.
    public init(evidence: [UInt8]) { self.evidence = evidence }

    /// Writes a length and the bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(bytes: evidence) }

    /// Reads a length and the bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        evidence = try reader.readByteString(most: EvidencePayload.largest)
    }
}

/// What handlers of fixed payloads have in common.
protocol StakingHandler: TransactionHandler {
    associatedtype Payload: Canonical

    func execute(
        _ payload: Payload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String
}

extension StakingHandler {
    /// The base fee.
    func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.base, payloadBytes: payload.count)
    }

    /// The payload must decode.
    func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard (try? Payload(decoding: payload)) != nil else {
            throw .badPayload(kind, reason: "it does not decode")
        }
    }

    /// Decodes, takes effect and tells of it in one event.
    func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let payload = try? Payload(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        let fields = try execute(payload, transaction, in: block, state: &state)
        return HandlerOutcome(events: [Event(name: event, data: Array("{\(fields)}".utf8))])
    }

    private var event: String {
        switch kind {
        case .lock: "locked"
        case .unlock: "unlocked"
        case .vote: "voted"
        case .withdrawVote: "voteWithdrawn"
        case .registerMiner: "minerRegistered"
        case .resignMiner: "minerResigned"
        case .newAnchor: "anchorAnnounced"
        default: "minerFrozen"
        }
    }
}
