public import Primitives

/// Which of a chain's tokens: 0 is ETM everywhere, 1 a side chain's own token.
public struct AssetNumber: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// The number.
    public let number: UInt8

    /// Wraps the number.
    public init(_ number: UInt8) { self.number = number }

    /// ETM.
    public static let etm = AssetNumber(0)
    /// The token of a side chain.
    public static let own = AssetNumber(1)

    /// The number in decimal.
    public var description: String { String(number) }
    /// By number.
    public static func < (left: AssetNumber, right: AssetNumber) -> Bool { left.number < right.number }
    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(number) }
    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) { number = try reader.readInteger() }
}

/// Where balances and the fee pool are kept; a zero balance has no record.
public enum Bank {
    /// The record of a balance.
    public static func key(_ address: Address, _ asset: AssetNumber) -> StateKey {
        StateKey(.balances, address, asset.number)
    }

    private static let feeName = Array("fees".utf8)

    /// The record of the fees that wait for the settlement of the round.
    public static func feeKey(_ asset: AssetNumber) -> StateKey {
        StateKey(.chain, feeName + [asset.number])
    }

    /// The balance of an account.
    public static func balance(
        of address: Address, asset: AssetNumber = .etm, in state: some StateReader
    ) -> Amount {
        state.read(Amount.self, key(address, asset)) ?? .zero
    }

    /// The fees that wait for settlement.
    public static func fees(asset: AssetNumber = .etm, in state: some StateReader) -> Amount {
        state.read(Amount.self, feeKey(asset)) ?? .zero
    }

    /// Adds to a balance.
    public static func credit(
        _ amount: Amount, to address: Address, asset: AssetNumber = .etm, in state: inout StateOverlay
    ) throws(ExecutionError) {
        try add(amount, to: key(address, asset), in: &state)
    }

    /// Takes from a balance, or says by how much it falls short.
    public static func debit(
        _ amount: Amount, from address: Address, asset: AssetNumber = .etm, in state: inout StateOverlay
    ) throws(ExecutionError) {
        try change(key(address, asset), in: &state) { balance throws(ExecutionError) in
            guard let rest = balance.subtracting(amount) else {
                throw .insufficientBalance(account: address, asset: asset, balance: balance, needed: amount)
            }
            return rest
        }
    }

    /// Everything that accounts and the fee pool hold, or nil when the sum does not fit.
    public static func supply(of asset: AssetNumber, in state: some StateReader) -> Amount? {
        var total = fees(asset: asset, in: state)
        var after: StateKey?
        while true {
            let rows = state.scan(prefix: [StateTable.balances.rawValue], after: after, limit: 1_000)
            for row in rows where row.key.bytes.last == asset.number {
                guard let amount = try? Amount(decoding: row.value), let sum = total.adding(amount) else {
                    return nil
                }
                total = sum
            }
            guard rows.count == 1_000 else { return total }
            after = rows.last?.key
        }
    }

    static func add(_ amount: Amount, to key: StateKey, in state: inout StateOverlay) throws(ExecutionError) {
        try change(key, in: &state) { held throws(ExecutionError) in
            guard let sum = held.adding(amount) else { throw .overflow }
            return sum
        }
    }

    static func take(_ amount: Amount, from key: StateKey, in state: inout StateOverlay)
        throws(ExecutionError)
    {
        try change(key, in: &state) { held throws(ExecutionError) in
            guard let rest = held.subtracting(amount) else { throw .overflow }
            return rest
        }
    }

    /// Empties the fee pool, which the caller gives to somebody.
    public static func takeFees(
        asset: AssetNumber = .etm, in state: inout StateOverlay
    ) -> Amount {
        let fees = fees(asset: asset, in: state)
        if fees != .zero { write(.zero, at: feeKey(asset), in: &state) }
        return fees
    }

    static func write(_ amount: Amount, at key: StateKey, in state: inout StateOverlay) {
        state.set(key, to: record(amount))
    }

    private static func change(
        _ key: StateKey, in state: inout StateOverlay,
        _ make: (Amount) throws(ExecutionError) -> Amount
    ) throws(ExecutionError) {
        try state.update(key) { bytes throws(ExecutionError) in
            record(try make(StateOverlay.decode(Amount.self, bytes, key) ?? .zero))
        }
    }

    private static func record(_ amount: Amount) -> [UInt8]? { amount == .zero ? nil : amount.encoded }
}
