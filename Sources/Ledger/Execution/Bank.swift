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
        StateKey(.balances, address.array + [asset.number])
    }

    /// The record of the fees that wait for the settlement of the round.
    public static func feeKey(_ asset: AssetNumber) -> StateKey {
        StateKey(.chain, Array("fees".utf8) + [asset.number])
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
        let balance = balance(of: address, asset: asset, in: state)
        guard let rest = balance.subtracting(amount) else {
            throw .insufficientBalance(account: address, asset: asset, balance: balance, needed: amount)
        }
        write(rest, at: key(address, asset), in: &state)
    }

    /// Adds to the fees that wait for settlement.
    public static func collectFee(
        _ amount: Amount, asset: AssetNumber = .etm, in state: inout StateOverlay
    ) throws(ExecutionError) {
        try add(amount, to: feeKey(asset), in: &state)
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
        guard let sum = (state.read(Amount.self, key) ?? .zero).adding(amount) else { throw .overflow }
        write(sum, at: key, in: &state)
    }

    static func write(_ amount: Amount, at key: StateKey, in state: inout StateOverlay) {
        if amount == .zero {
            state.set(key, to: nil)
        } else {
            state.write(key, amount)
        }
    }
}
