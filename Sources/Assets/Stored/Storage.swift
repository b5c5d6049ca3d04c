internal import Crypto
public import Ledger
public import Primitives

/// The payload of a stored content.
public struct StoragePayload: Sendable, Hashable, JudgedPayload {
    /// 1 to 4,096 bytes of anything.
    public let content: [UInt8]

    /// The most bytes of content.
    public static let largest = 4_096
    /// Every started further part of this many bytes costs another base fee.
    public static let bytesPerFee = 200

    /// Wraps the content.
    public init(content: [UInt8]) { self.content = content }

    /// What is wrong with the fields, or nil.
    public var defect: String? { content.isEmpty ? "there is no content" : nil }

    /// Writes a length and the bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(bytes: content) }

    /// Reads a length and the bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        content = try reader.readByteString(most: StoragePayload.largest)
    }
}

/// What the state keeps of a stored content; the bytes themselves stay in the block.
public struct StoredRecord: Sendable, Hashable, Canonical {
    /// SHA-256 of the content.
    public let hash: Digest
    /// Its bytes.
    public let size: UInt32
    /// Who stored it.
    public let owner: Address
    /// The block that holds it.
    public let height: Height

    /// The record of the transaction that stored it.
    public static func key(_ transaction: TransactionID) -> StateKey { StateKey(.stored, transaction.array) }

    init(of content: [UInt8], owner: Address, height: Height) {
        hash = SHA256.hash(content)
        size = UInt32(content.count)
        self.owner = owner
        self.height = height
    }

    /// True for exactly the content that was stored.
    public func isRecord(of content: [UInt8]) -> Bool {
        content.count == Int(size) && SHA256.hash(content) == hash
    }

    /// Writes 64 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(hash)
        writer.write(size)
        writer.write(owner)
        writer.write(height)
    }

    /// Reads 64 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        hash = try reader.read()
        size = try reader.readInteger()
        owner = try reader.read()
        height = try reader.read()
    }
}

/// Keeps the hash, size, owner and height of a content under its transaction's id.
struct StorageHandler: PayloadHandler {
    var kind: TransactionKind { .storage }
    var event: String { "stored" }

    /// The historical fee: the base for up to 199 bytes, and again for every 200 reached.
    func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        // Four bytes of the payload are the content's length.
        let parts = UInt64(max(0, payload.count - 4) / StoragePayload.bytesPerFee) + 1
        return fees.base.multiplied(by: parts) ?? Amount(units: .max)
    }

    func execute(
        _ payload: StoragePayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        let record = StoredRecord(of: payload.content, owner: transaction.sender, height: block.height)
        state.write(StoredRecord.key(transaction.id), record)
        return "\"owner\":\"\(transaction.sender)\",\"bytes\":\(record.size),\"sha256\":\"\(record.hash)\""
    }
}
