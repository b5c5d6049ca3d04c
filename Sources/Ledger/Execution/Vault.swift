public import Primitives

/// ETM that no account holds and no fee pool: each purpose has one sum of its own.
public enum Vault: UInt8, Sendable, CaseIterable {
    /// Active locks of voters.
    case locks = 1
    /// Unlocked amounts that wait for their release.
    case unbonding = 2
    /// Deposits of miners.
    case minerDeposits = 3
    /// Bonus that no voter got yet: the carry of the next round.
    case carry = 4
    /// Bonus that was settled and is paid out block by block.
    case bonus = 5
    /// Delayed transfers that wait for their time.
    case delayed = 6

    /// The record of the sum.
    public var key: StateKey { StateKey(.vaults, [rawValue]) }

    /// The record of all ETM that blocks ever made.
    public static let mintedKey = StateKey(.vaults, [0])

    /// What lies in it.
    public func balance(in state: some StateReader) -> Amount { state.read(Amount.self, key) ?? .zero }

    /// Everything in all vaults, or nil when the sum does not fit.
    public static func total(in state: some StateReader) -> Amount? {
        allCases.reduce(Amount?.some(.zero)) { $0?.adding($1.balance(in: state)) }
    }

    /// All ETM that blocks ever made.
    public static func minted(in state: some StateReader) -> Amount {
        state.read(Amount.self, mintedKey) ?? .zero
    }

    /// Puts an amount in, which the caller took from elsewhere.
    public func put(_ amount: Amount, in state: inout StateOverlay) throws(ExecutionError) {
        guard amount != .zero else { return }
        try Bank.add(amount, to: key, in: &state)
    }

    /// Takes an amount out, which the caller gives to somebody.
    public func take(_ amount: Amount, in state: inout StateOverlay) throws(ExecutionError) {
        guard amount != .zero else { return }
        try Bank.take(amount, from: key, in: &state)
    }

    /// Notes newly made ETM, which the caller gives to somebody.
    public static func mint(_ amount: Amount, in state: inout StateOverlay) throws(ExecutionError) {
        guard amount != .zero else { return }
        try Bank.add(amount, to: mintedKey, in: &state)
    }
}
