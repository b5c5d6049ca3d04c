public import JSON
public import Ledger
public import Primitives

/// A final block with what belongs to it.
public struct FinalBlock: Sendable {
    /// The block.
    public let block: Block
    /// One receipt a transaction.
    public let receipts: [Receipt]
    /// The certificate that finalised it or a descendant of its round, if it is kept.
    public let certificate: Certificate?

    /// Joins the parts.
    public init(block: Block, receipts: [Receipt], certificate: Certificate?) {
        self.block = block
        self.receipts = receipts
        self.certificate = certificate
    }
}

/// A final block without its contents.
public struct FinalSummary: Sendable, Equatable {
    /// The header.
    public let header: BlockHeader
    /// The header's id.
    public let id: BlockID
    /// How many transactions the block holds.
    public let transactionCount: Int

    /// Joins the parts.
    public init(header: BlockHeader, id: BlockID, transactionCount: Int) {
        self.header = header
        self.id = id
        self.transactionCount = transactionCount
    }

    /// Leaves the contents of a block out.
    public init(_ block: Block) {
        self.init(header: block.header, id: block.id, transactionCount: block.transactions.count)
    }
}

/// Why a node does not take or cannot answer something.
public struct Refusal: Error, Sendable, Equatable {
    /// A stable upper-case word.
    public let code: String
    /// One sentence.
    public let message: String
    /// What to do next, or empty.
    public let hint: String
    /// The place in a DApp's source, if the DApp refused.
    public let at: ReceiptError?
    /// Further figures, such as a balance and a shortfall in base units.
    public let facts: [String: String]

    /// Joins the parts.
    public init(
        code: String, message: String, hint: String = "", at: ReceiptError? = nil,
        facts: [String: String] = [:]
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.at = at
        self.facts = facts
    }
}

/// What a transaction would do now.
public struct Simulation: Sendable {
    /// The receipt that it would get.
    public let receipt: Receipt
    /// What it would change.
    public let changes: ChangeSet
    /// What contracts logged.
    public let logs: [String]

    /// Joins the parts.
    public init(receipt: Receipt, changes: ChangeSet, logs: [String]) {
        self.receipt = receipt
        self.changes = changes
        self.logs = logs
    }
}

/// A line that a contract logged.
public struct LogEntry: Sendable, Equatable {
    /// Counts the entries of a chain on this node.
    public let cursor: UInt64
    /// When the block was made.
    public let time: Instant
    /// The block's height.
    public let height: Height
    /// The transaction whose call logged it.
    public let transaction: TransactionID
    /// The contract and method that were called, such as "hello.register"; empty when unknown.
    public var call = ""
    /// The text.
    public let text: String

    /// Joins the parts.
    public init(cursor: UInt64, time: Instant, height: Height, transaction: TransactionID, text: String) {
        self.cursor = cursor
        self.time = time
        self.height = height
        self.transaction = transaction
        self.text = text
    }
}

/// The callable surface of a DApp, found when its code was checked.
public struct DAppInterface: Sendable {
    /// The manifest's facts, contracts, models and routes as JSON, ready to show.
    public let description: JSONValue

    /// Wraps the description.
    public init(description: JSONValue) { self.description = description }
}
