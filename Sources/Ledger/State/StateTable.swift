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
    /// ETM that no account holds: purpose.
    case vaults = 0x30
    /// The staking module's counters: one record.
    case staking = 0x31
    /// What an account has locked: address.
    case stakes = 0x32
    /// Voters, 64 a record: page number.
    case voterPages = 0x33
    /// Registered miners: public key.
    case miners = 0x34
    /// Miners' counters, 64 a record: page number.
    case minerPages = 0x35
    /// Miners' names in use: UTF-8 name.
    case minerNames = 0x36
    /// Hash-onion anchors that wait for their round: round ‖ public key.
    case anchors = 0x37
    /// Amounts that wait for their release: milliseconds ‖ sequence.
    case unbonding = 0x38
    /// The latest blocks' turns: height modulo the number kept.
    case turns = 0x39
    /// Rounds and their members: round.
    case rounds = 0x3a
    /// How the latest rounds were settled: round.
    case settlements = 0x3b
    /// The outputs of the newest rounds' time towers: round.
    case towers = 0x3c
    /// What accounts ask for besides their own key's signature: address.
    case policies = 0x40
    /// Issuers of assets: name in lower case.
    case issuers = 0x48
    /// The issuer that an account is: address.
    case issuerOwners = 0x49
    /// Assets that issuers made: currency.
    case assets = 0x4a
    /// Holdings of such assets: address ‖ currency.
    case holdings = 0x4b
    /// Accounts on an asset's lists: currency ‖ 0 ‖ list ‖ address.
    case accessLists = 0x4c
    /// What was stored, by hash: transaction id.
    case stored = 0x4d
    /// Transfers that wait for their time: milliseconds ‖ transaction id.
    case delayed = 0x4e
    /// Version 0 orders whose group signatures were used: seconds ‖ signing digest.
    case consents = 0x4f
    /// Records owned by a DApp's JavaScript.
    case dapp = 0x80

    /// True for tables whose records a genesis may set besides balances and onions.
    var isModuleTable: Bool { (0x30...0x3b).contains(rawValue) }
}
