internal import Crypto
public import Primitives

/// The payload of a transfer.
public struct TransferPayload: Sendable, Hashable, Canonical {
    /// Who receives.
    public let recipient: Address
    /// Which token.
    public let asset: AssetNumber
    /// How much, in base units; above zero.
    public let amount: Amount
    /// At most 256 bytes of UTF-8; may be empty.
    public let message: String

    /// The most bytes of a message.
    public static let longestMessage = 256

    /// Joins the parts.
    public init(recipient: Address, asset: AssetNumber = .etm, amount: Amount, message: String = "") {
        self.recipient = recipient
        self.asset = asset
        self.amount = amount
        self.message = message
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(recipient)
        writer.write(asset)
        writer.write(amount)
        writer.write(message)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        recipient = try reader.read()
        asset = try reader.read()
        amount = try reader.read()
        message = try reader.readString(most: TransferPayload.longestMessage)
    }
}

/// Moves tokens between accounts of one chain.
public struct TransferHandler: TransactionHandler {
    private let assets: Int

    /// Knows a chain with this many tokens.
    public init(assets: Int) { self.assets = assets }

    /// Transfers.
    public var kind: TransactionKind { .transfer }

    /// The base fee; a message is small.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.base, payloadBytes: payload.count)
    }

    /// The payload must decode, move something, and name a token of the chain.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let transfer = try? TransferPayload(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        guard transfer.amount != .zero else { throw .badPayload(kind, reason: "the amount is zero") }
        guard Int(transfer.asset.number) < assets else {
            throw .badPayload(kind, reason: "the chain has no asset \(transfer.asset)")
        }
    }

    /// The same transfer; its message stays where it was signed.
    public func orders(
        of historical: HistoricalTransaction
    ) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard historical.kind == .send, let recipient = historical.recipient else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return [HistoricalOrder(kind, TransferPayload(recipient: recipient, amount: historical.amount))]
    }

    /// Moves the amount.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let transfer = try? TransferPayload(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        guard transfer.recipient != transaction.sender else { throw .sameAccount }
        try Bank.debit(transfer.amount, from: transaction.sender, asset: transfer.asset, in: &state)
        try Bank.credit(transfer.amount, to: transfer.recipient, asset: transfer.asset, in: &state)
        return HandlerOutcome(events: [
            .transfer(
                from: transaction.sender, to: transfer.recipient, asset: transfer.asset,
                amount: transfer.amount)
        ])
    }
}

extension Event {
    /// The event of a transfer; addresses and numbers need no escaping in JSON.
    static func transfer(from: Address, to: Address, asset: AssetNumber, amount: Amount) -> Event {
        // Bytes throughout: every transfer has this event, and joining strings costs more than all its hashes.
        var data: [UInt8] = []
        data.reserveCapacity(160)
        data.append(contentsOf: "{\"from\":\"".utf8)
        from.appendText(to: &data)
        data.append(contentsOf: "\",\"to\":\"".utf8)
        to.appendText(to: &data)
        data.append(contentsOf: "\",\"asset\":".utf8)
        data.append(contentsOf: asset.description.utf8)
        data.append(contentsOf: ",\"amount\":\"".utf8)
        data.append(contentsOf: amount.description.utf8)
        data.append(contentsOf: "\"}".utf8)
        return Event(name: "transfer", data: data)
    }
}
