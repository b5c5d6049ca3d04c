/// The tables of a chain's state; the number is the first byte of every key.
public enum StateTable: UInt8, Sendable, CaseIterable {
    /// Chain-wide single records such as the fee pool.
    case chain = 0x00
    /// Balances: address ‖ asset number.
    case balances = 0x01
    /// Hash-onion heads of block producers: public key.
    case onions = 0x03
    /// Registered DApp chains: chain id.
    case dapps = 0x10
    /// DApp names in use: UTF-8 name.
    case dappNames = 0x11
    /// Bundles of registered DApps: bundle hash.
    case bundles = 0x12
    /// Escrows of side chains on the main chain: chain id.
    case escrows = 0x20
    /// Messages to a side chain: chain id ‖ sequence.
    case inbox = 0x21
    /// Messages to the main chain: sequence.
    case outbox = 0x22
    /// Withdrawals already paid: chain id ‖ sequence.
    case paid = 0x23
    /// Records owned by a DApp's JavaScript.
    case dapp = 0x80
}
