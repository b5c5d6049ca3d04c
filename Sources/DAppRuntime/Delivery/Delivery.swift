public import Primitives

/// The calls of one block, to be executed in order on the state before it.
public struct Delivery: Canonical, Equatable, Sendable {
    /// Most calls in one delivery.
    public static let mostCalls = 10_000

    /// The DApp's chain.
    public let chainID: ChainID
    /// Height of the block.
    public let height: Height
    /// Time of the block: the only time a contract sees.
    public let time: Instant
    /// The calls in block order.
    public let calls: [Call]
    /// Gas that all calls together may use.
    public let gasLimit: UInt64

    /// Describes a block to execute.
    public init(chainID: ChainID, height: Height, time: Instant, calls: [Call], gasLimit: UInt64) {
        self.chainID = chainID
        self.height = height
        self.time = time
        self.calls = calls
        self.gasLimit = gasLimit
    }

    /// Reads at most `mostCalls` calls.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            chainID: try reader.read(), height: try reader.read(), time: try reader.read(),
            calls: try reader.readList(most: Self.mostCalls), gasLimit: try reader.readInteger())
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(chainID)
        writer.write(height)
        writer.write(time)
        writer.write(list: calls)
        writer.write(gasLimit)
    }
}

/// One transaction's call of a contract method.
public struct Call: Canonical, Equatable, Sendable {
    /// Longest contract or method name in bytes.
    public static let longestName = 64
    /// Longest address text in bytes.
    public static let longestAddress = 64
    /// Longest argument text in bytes.
    public static let mostArgumentBytes = 65_536

    /// The transaction that carries the call.
    public let transaction: TransactionID
    /// Address text of the account that signed.
    public let sender: String
    /// Contract: the file name without folder and extension.
    public let contract: String
    /// Exported name of the method.
    public let method: String
    /// A JSON object of named arguments.
    public let arguments: [UInt8]
    /// Gas that this call may use.
    public let gasLimit: UInt64

    /// Describes one call.
    public init(
        transaction: TransactionID, sender: String, contract: String, method: String, arguments: [UInt8],
        gasLimit: UInt64
    ) {
        self.transaction = transaction
        self.sender = sender
        self.contract = contract
        self.method = method
        self.arguments = arguments
        self.gasLimit = gasLimit
    }

    /// Reads texts within the stated bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            transaction: try reader.read(), sender: try reader.readString(most: Self.longestAddress),
            contract: try reader.readString(most: Self.longestName),
            method: try reader.readString(most: Self.longestName),
            arguments: try reader.readByteString(most: Self.mostArgumentBytes),
            gasLimit: try reader.readInteger())
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(transaction)
        writer.write(sender)
        writer.write(contract)
        writer.write(method)
        writer.write(bytes: arguments)
        writer.write(gasLimit)
    }
}
