public import Primitives

/// The payload of a contract call.
public struct CallPayload: Sendable, Hashable, Canonical {
    /// The contract's name.
    public let contract: String
    /// The method's name.
    public let method: String
    /// The arguments as JSON text.
    public let arguments: [UInt8]
    /// The most gas that the call may use.
    public let gasLimit: UInt64

    /// The most bytes of arguments.
    public static let largestArguments = 65_536

    /// Joins the parts.
    public init(contract: String, method: String, arguments: [UInt8], gasLimit: UInt64) {
        self.contract = contract
        self.method = method
        self.arguments = arguments
        self.gasLimit = gasLimit
    }

    // The limit is the last field, so a fee needs no second decoding of a payload that was checked.
    static func gasLimit(inLastBytesOf payload: [UInt8]) -> UInt64 {
        payload.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(contract)
        writer.write(method)
        writer.write(bytes: arguments)
        writer.write(gasLimit)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        contract = try reader.readString(most: 64)
        method = try reader.readString(most: 64)
        arguments = try reader.readByteString(most: CallPayload.largestArguments)
        gasLimit = try reader.readInteger()
    }
}

/// One call of a delivery.
public struct ContractCall: Sendable, Hashable {
    /// The transaction that asks for it.
    public let transaction: TransactionID
    /// Who signed the transaction.
    public let sender: Address
    /// What is called.
    public let payload: CallPayload

    /// Joins the parts.
    public init(transaction: TransactionID, sender: Address, payload: CallPayload) {
        self.transaction = transaction
        self.sender = sender
        self.payload = payload
    }
}

/// What became of one call.
public struct ContractResult: Sendable, Hashable {
    /// Why it failed, or nil.
    public let error: ReceiptError?
    /// The gas it used; a receipt says at most the call's limit.
    public let gasUsed: UInt64
    /// What it made public.
    public let events: [Event]
    /// Its returned value as JSON text, or empty.
    public let returned: [UInt8]
    /// What it logged; not part of any receipt.
    public let logs: [String]

    /// Joins the parts.
    public init(
        error: ReceiptError?, gasUsed: UInt64, events: [Event] = [], returned: [UInt8] = [],
        logs: [String] = []
    ) {
        self.error = error
        self.gasUsed = gasUsed
        self.events = events
        self.returned = returned
        self.logs = logs
    }
}

/// What a block's calls did.
public struct ContractOutcome: Sendable {
    /// One result a call, in order.
    public let results: [ContractResult]
    /// The DApp's changed records: key without the table byte, and the new value or nil.
    public let writes: [(key: [UInt8], value: [UInt8]?)]
    /// Changed balances; for each asset they add up to what they were.
    public let balances: [Genesis.Balance]

    /// Joins the parts.
    public init(
        results: [ContractResult], writes: [(key: [UInt8], value: [UInt8]?)], balances: [Genesis.Balance]
    ) {
        self.results = results
        self.writes = writes
        self.balances = balances
    }

    /// The most records that one block's calls may change.
    public static let mostWrites = 100_000
    /// The most bytes of all changed records and their keys together.
    public static let largestWrites = 67_108_864

    /// Nothing was called.
    public static let none = ContractOutcome(results: [], writes: [], balances: [])
}

extension ContractOutcome {
    /// Throws unless every record and every receipt stays within what a block, a proof and a store may hold.
    func checkBounds() throws(ContractFailure) {
        guard writes.count <= ContractOutcome.mostWrites else {
            throw ContractFailure("the calls changed \(writes.count) records")
        }
        var bytes = 0
        for write in writes {
            guard write.key.count < StateKey.longest, write.value?.count ?? 0 <= Change.largestValue else {
                throw ContractFailure("a record of the DApp is larger than the chain allows")
            }
            bytes += write.key.count + (write.value?.count ?? 0)
        }
        guard bytes <= ContractOutcome.largestWrites else {
            throw ContractFailure("the calls changed \(bytes) bytes of records")
        }
        guard results.allSatisfy(\.fitsReceipt) else {
            throw ContractFailure("a result is larger than a receipt allows")
        }
    }
}

extension ContractResult {
    fileprivate var fitsReceipt: Bool {
        error?.isWithinBounds ?? true && returned.count <= Receipt.largestReturn
            && events.count <= Receipt.mostEvents && events.allSatisfy(\.isWithinBounds)
    }
}

/// Why a block's calls could not be executed at all; never a result of a transaction.
///
/// Blame: this machine. Consequence: the producer drops the calls, a validator retries and then stops.
public struct ContractFailure: Error, Equatable, Sendable {
    /// One sentence.
    public let reason: String

    /// Says why.
    public init(_ reason: String) { self.reason = reason }
}

/// Whatever runs a DApp's code: a worker process in a node, a Swift closure in a simulation.
public protocol ContractExecutor {
    /// Runs the calls in order on a state; a failing call leaves nothing but its gas.
    func deliver(
        _ calls: [ContractCall], in block: BlockContext, gasLimit: UInt64, state: any StateReader
    ) throws(ContractFailure) -> ContractOutcome
}

/// The executor of a chain without contracts.
public struct NoContracts: ContractExecutor {
    /// There is nothing to set up.
    public init() {}

    /// Refuses any call.
    public func deliver(
        _ calls: [ContractCall], in block: BlockContext, gasLimit: UInt64, state: any StateReader
    ) throws(ContractFailure) -> ContractOutcome {
        guard calls.isEmpty else { throw ContractFailure("this chain runs no contracts") }
        return .none
    }
}

/// Admits contract calls; their effect comes from the chain's `ContractExecutor`.
public struct CallHandler: TransactionHandler {
    private let limits: BlockLimits

    /// Knows a chain's gas limits.
    public init(limits: BlockLimits) { self.limits = limits }

    /// Calls.
    public var kind: TransactionKind { .call }

    /// The base fee, the size, and the price of the gas limit.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        let gas = CallPayload.gasLimit(inLastBytesOf: payload)
        let size = fees.minimum(base: fees.base, payloadBytes: payload.count)
        return size.adding(fees.price(ofGas: gas)) ?? Amount(units: .max)
    }

    /// The payload must decode, and its gas limit must fit.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let call = try? CallPayload(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        guard call.gasLimit >= 1, call.gasLimit <= limits.callGas else {
            throw .badPayload(kind, reason: "the gas limit must be from 1 to \(limits.callGas)")
        }
    }

    /// Never reached: the block executor hands calls to the contract executor.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        throw .notAllowed("calls are executed by the chain's contract executor")
    }
}
