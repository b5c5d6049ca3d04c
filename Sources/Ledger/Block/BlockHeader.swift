public import Crypto
public import Primitives

/// A main-chain block that a side chain's block rests on; zero on the main chain.
public struct Anchor: Sendable, Hashable, Canonical {
    /// Its height.
    public let height: Height
    /// Its id.
    public let block: BlockID

    /// The anchor of a chain that has none.
    public static let none = Anchor(height: .zero, block: .zero)

    /// Joins the parts.
    public init(height: Height, block: BlockID) {
        self.height = height
        self.block = block
    }

    /// Writes 40 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(height)
        writer.write(block)
    }

    /// Reads 40 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        height = try reader.read()
        block = try reader.read()
    }
}

/// A version 1 block header (`consensus.md` 5): fixed width, one encoding, integers big-endian.
public struct BlockHeader: Sendable, Hashable, Canonical {
    /// The chain that the block belongs to.
    public var chain: ChainID
    /// Distance from genesis.
    public var height: Height
    /// The round that the height belongs to.
    public var round: Round
    /// The view in which the block was first proposed.
    public var view: View
    /// When the leader made it, in Unix milliseconds; later than its parent's.
    public var timestamp: Instant
    /// The block it extends.
    public var parent: BlockID
    /// The view of this round in which the parent was notarised; zero for the round's root.
    public var parentView: View
    /// Who made it.
    public var leader: PublicKey
    /// Merkle root of the transactions' bytes.
    public var transactionsRoot: Digest
    /// Merkle root of the receipts' bytes.
    public var receiptsRoot: Digest
    /// Sparse Merkle root of the state after the block.
    public var stateRoot: Digest
    /// Merkle root of the messages to the main chain that this block emits.
    public var outboxRoot: Digest
    /// The next preimage of the leader's hash onion.
    public var reveal: Digest
    /// The beacon after the reveal (`mathematics.md` 5.5).
    public var beacon: Digest
    /// The main-chain block that a side chain's block rests on.
    public var anchor: Anchor
    /// The light proof of work's nonce; zero where the chain asks for none.
    public var powNonce: UInt64
    /// The leader's signature of `signingDigest`.
    public var signature: Signature

    /// The version that this type encodes.
    public static let version: UInt16 = 1
    /// Bytes of an encoded header.
    public static let byteCount = 32 + 2 + 8 * 4 + 32 + 8 + 32 + 32 * 6 + 40 + 8 + 64

    /// An unsigned header with everything else set to zero, to be filled in.
    public init(chain: ChainID, height: Height, round: Round, view: View) {
        self.chain = chain
        self.height = height
        self.round = round
        self.view = view
        timestamp = .zero
        parent = .zero
        parentView = .zero
        leader = .zero
        transactionsRoot = .zero
        receiptsRoot = .zero
        stateRoot = .zero
        outboxRoot = .zero
        reveal = .zero
        beacon = .zero
        anchor = .none
        powNonce = 0
        signature = .zero
    }

    private static let idTag = HashTag("ETM/header/1")
    private static let signingTag = HashTag("ETM/header-signing/1")

    /// The tagged hash of all bytes, signature included.
    public var id: BlockID { BlockID(BlockHeader.idTag.hash(encoded).bytes) }

    /// What the leader signs: the tagged hash of all bytes before the signature.
    public var signingDigest: Digest {
        var writer = ByteWriter(capacity: BlockHeader.byteCount)
        encodeUnsigned(to: &writer)
        return BlockHeader.signingTag.hash(writer.bytes)
    }

    /// The same header signed by its leader.
    public func signed(by signer: some Signer) -> BlockHeader {
        var copy = self
        copy.leader = signer.publicKey
        copy.signature = signer.sign(copy.signingDigest)
        return copy
    }

    /// Writes `byteCount` bytes.
    public func encode(to writer: inout ByteWriter) {
        encodeUnsigned(to: &writer)
        writer.write(signature)
    }

    private func encodeUnsigned(to writer: inout ByteWriter) {
        encodeWorked(to: &writer)
        writer.write(powNonce)
    }

    /// What the light proof of work covers: every byte before the nonce.
    public var workBytes: [UInt8] {
        var writer = ByteWriter(capacity: BlockHeader.byteCount)
        encodeWorked(to: &writer)
        return writer.bytes
    }

    private func encodeWorked(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(BlockHeader.version)
        writer.write(height)
        writer.write(round)
        writer.write(view)
        writer.write(timestamp)
        writer.write(parent)
        writer.write(parentView)
        writer.write(leader)
        writer.write(transactionsRoot)
        writer.write(receiptsRoot)
        writer.write(stateRoot)
        writer.write(outboxRoot)
        writer.write(reveal)
        writer.write(beacon)
        writer.write(anchor)
    }

    /// Reads `byteCount` bytes of version 1.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        chain = try reader.read()
        let start = reader.offset
        let version = try reader.readInteger(UInt16.self)
        guard version == BlockHeader.version else { throw .unknownTag(offset: start, got: Int(version)) }
        height = try reader.read()
        round = try reader.read()
        view = try reader.read()
        timestamp = try reader.read()
        parent = try reader.read()
        parentView = try reader.read()
        leader = try reader.read()
        transactionsRoot = try reader.read()
        receiptsRoot = try reader.read()
        stateRoot = try reader.read()
        outboxRoot = try reader.read()
        reveal = try reader.read()
        beacon = try reader.read()
        anchor = try reader.read()
        powNonce = try reader.readInteger()
        signature = try reader.read()
    }
}
