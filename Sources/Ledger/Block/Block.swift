internal import Crypto
public import Primitives

/// A header and the transactions it commits to.
public struct Block: Sendable, Hashable, Canonical, Identifiable {
    /// The header.
    public let header: BlockHeader
    /// The transactions in execution order.
    public let transactions: [SignedTransaction]
    /// The header's id, computed once.
    public let id: BlockID

    /// The most transactions any chain's block may hold.
    public static let mostTransactions = 20_000

    /// Joins the parts and computes the id.
    public init(header: BlockHeader, transactions: [SignedTransaction]) {
        self.header = header
        self.transactions = transactions
        id = header.id
    }

    /// The Merkle root of transactions' canonical bytes (`mathematics.md` 7.1).
    public static func transactionsRoot(_ transactions: [SignedTransaction]) -> Digest {
        MerkleTree.root(of: transactions.map { MerkleTree.leaf($0.bytes) })
    }

    /// By id: it covers the header, which covers the transactions.
    public static func == (left: Block, right: Block) -> Bool { left.id == right.id }

    /// Hashes the id.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// Writes the header and the transactions.
    public func encode(to writer: inout ByteWriter) {
        writer.write(header)
        writer.write(list: transactions)
    }

    /// Reads the header and the transactions.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            header: try reader.read(),
            transactions: try reader.readList(of: SignedTransaction.self, most: Block.mostTransactions))
    }
}
