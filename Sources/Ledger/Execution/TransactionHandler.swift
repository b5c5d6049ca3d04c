public import Primitives

/// What a handler may know about the block that executes.
public struct BlockContext: Sendable {
    /// The chain.
    public let chain: ChainID
    /// The block's height.
    public let height: Height
    /// The block's timestamp.
    public let time: Instant
    /// Who makes the block.
    public let leader: PublicKey
    /// Where the block stands in its round; nil for a trial that never becomes a block.
    public let turn: Turn?

    /// Joins the parts.
    public init(chain: ChainID, height: Height, time: Instant, leader: PublicKey, turn: Turn? = nil) {
        self.chain = chain
        self.height = height
        self.time = time
        self.leader = leader
        self.turn = turn
    }
}

/// What a handler may know about the transaction that executes.
public struct TransactionContext: Sendable {
    /// The transaction's id.
    public let id: TransactionID
    /// The account that signed it.
    public let sender: Address
    /// The kind's own fields.
    public let payload: [UInt8]
    /// The fee that was charged.
    public let fee: Amount
    /// True where a version 0 transaction was signed, and this is one of its orders.
    public let isHistorical: Bool

    /// Joins the parts.
    public init(
        id: TransactionID, sender: Address, payload: [UInt8], fee: Amount,
        isHistorical: Bool = false
    ) {
        self.isHistorical = isHistorical
        self.id = id
        self.sender = sender
        self.payload = payload
        self.fee = fee
    }
}

/// What a handler made of a transaction.
public struct HandlerOutcome: Sendable, Equatable {
    /// What it made public, in order.
    public var events: [Event]
    /// What it sends to the main chain, in order.
    public var outbox: [OutboxMessage]

    /// Joins the parts.
    public init(events: [Event] = [], outbox: [OutboxMessage] = []) {
        self.events = events
        self.outbox = outbox
    }
}

/// The rules of one native transaction kind; a chain's registry is a list of these.
public protocol TransactionHandler: Sendable {
    /// The kind that it handles.
    var kind: TransactionKind { get }
    /// The least fee for a payload.
    func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount
    /// Checks the payload without looking at any state.
    func check(_ payload: [UInt8]) throws(AdmissionRejection)
    /// The keys that a payload makes responsible for the sender's account: each must have signed.
    func cosigners(askedBy payload: [UInt8]) -> [PublicKey]
    /// The orders that carry out a version 0 transaction of this kind's number, all of them or none.
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder]
    /// Takes effect, or throws; the caller undoes whatever a throwing handler wrote.
    func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome
}

extension TransactionHandler {
    /// Most kinds are the affair of the sender alone.
    public func cosigners(askedBy payload: [UInt8]) -> [PublicKey] { [] }

    /// Most kinds are younger than version 0.
    public func orders(
        of historical: HistoricalTransaction
    ) throws(AdmissionRejection) -> [HistoricalOrder] {
        throw .unknownKind(historical.kind.transactionKind)
    }
}

/// The transaction kinds that a chain knows.
public struct TransactionRegistry: Sendable {
    private let handlers: [any TransactionHandler]
    // A chain knows a handful of kinds: looking along their numbers is faster than hashing one.
    private let kinds: [TransactionKind]

    /// A later handler replaces an earlier one of the same kind.
    public init(_ handlers: [any TransactionHandler]) {
        self.handlers = handlers.reversed()
        kinds = self.handlers.map(\.kind)
    }

    /// The handler of a kind, or nil when the chain does not know it.
    public subscript(kind: TransactionKind) -> (any TransactionHandler)? {
        kinds.firstIndex(of: kind).map { handlers[$0] }
    }
}
