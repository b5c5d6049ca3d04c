public import Ledger
public import Primitives

/// Where all ETM is, to the base unit.
public struct Conservation: Sendable, Equatable {
    /// The main chain's part.
    public struct Main: Sendable, Equatable {
        /// Held by accounts.
        public let accounts: Amount
        /// Waiting for the settlement of fees.
        public let fees: Amount
        /// Locked with registrations.
        public let deposits: Amount
        /// Held for side chains.
        public let escrows: Amount
        /// Locks, deposits and bonus of the staking rules.
        public let vaults: Amount
        /// What blocks made.
        public let minted: Amount
        /// What genesis gave out.
        public let genesis: Amount

        /// Everything, or nil when it does not fit.
        public var total: Amount? {
            accounts.adding(fees)?.adding(deposits)?.adding(escrows)?.adding(vaults)
        }

        /// True when what is there is what genesis gave and blocks made.
        public var holds: Bool { total != nil && total == genesis.adding(minted) }
    }

    /// One side chain's part.
    public struct Side: Sendable, Equatable {
        /// The chain.
        public let chain: ChainID
        /// What the main chain holds for it.
        public let escrow: Amount
        /// What its accounts and fee pool hold.
        public let supply: Amount
        /// Deposited on the main chain, not yet injected.
        public let incoming: Amount
        /// Burnt on the side chain, not yet paid.
        public let outgoing: Amount

        /// True when the escrow equals supply and what is on its way.
        public var holds: Bool { supply.adding(incoming)?.adding(outgoing) == escrow }
    }

    /// The main chain.
    public let main: Main
    /// The side chains, by id.
    public let sides: [Side]

    /// True when nothing was made or lost anywhere.
    public var holds: Bool { main.holds && sides.allSatisfy(\.holds) }

    /// Adds up a main chain's state; nil when a sum does not fit.
    public static func audit(main state: some StateReader, genesis: Genesis) -> Main? {
        guard let given = genesis.supply, let held = Bank.supply(of: .etm, in: state),
            let vaults = Vault.total(in: state)
        else { return nil }
        let fees = Bank.fees(in: state)
        var deposits = Amount.zero
        var escrows = Amount.zero
        for chain in SideChainDirectory.chains(in: state) {
            guard let sum = deposits.adding(chain.record.deposit) else { return nil }
            deposits = sum
            let escrow = state.read(Escrow.self, Escrow.key(chain.id)) ?? Escrow()
            guard let more = escrows.adding(escrow.balance) else { return nil }
            escrows = more
        }
        guard let accounts = held.subtracting(fees) else { return nil }
        return Main(
            accounts: accounts, fees: fees, deposits: deposits, escrows: escrows, vaults: vaults,
            minted: Vault.minted(in: state), genesis: given)
    }

    /// Compares a side chain's state with its escrow.
    ///
    /// The main chain's state must be at least as new as the side chain's anchor; nil when a figure is
    /// impossible, which means that value was made.
    public static func audit(
        side state: some StateReader, chain: ChainID, main: some StateReader
    ) -> Side? {
        let escrow = main.read(Escrow.self, Escrow.key(chain)) ?? Escrow()
        let injected = state.read(Amount.self, Inbox.injectedKey) ?? .zero
        let burnt = state.read(Amount.self, Inbox.burntKey) ?? .zero
        guard let supply = Bank.supply(of: .etm, in: state),
            let incoming = escrow.deposited.subtracting(injected),
            let outgoing = burnt.subtracting(escrow.paid)
        else { return nil }
        return Side(
            chain: chain, escrow: escrow.balance, supply: supply, incoming: incoming, outgoing: outgoing)
    }

    /// Joins the parts.
    public init(main: Main, sides: [Side]) {
        self.main = main
        self.sides = sides
    }
}

/// The registered side chains of a main chain's state.
public enum SideChainDirectory {
    /// Every registered chain, by id; each costs its owner a fee and a deposit, which bounds their number.
    public static func chains(in state: some StateReader) -> [(id: ChainID, record: SideChainRecord)] {
        var found: [(id: ChainID, record: SideChainRecord)] = []
        while true {
            let page = chains(in: state, after: found.last?.id, limit: 1_000)
            found += page
            guard page.count == 1_000 else { return found }
        }
    }

    /// At most `limit` registered chains whose ids come after `mark`, by id.
    public static func chains(
        in state: some StateReader, after mark: ChainID?, limit: Int
    ) -> [(id: ChainID, record: SideChainRecord)] {
        let after = mark.map(SideChainRecord.key)
        let rows = state.scan(prefix: [StateTable.dapps.rawValue], after: after, limit: limit)
        return rows.compactMap { row in
            guard let id = ChainID(bytes: row.key.bytes.dropFirst()),
                let record = state.read(SideChainRecord.self, row.key)
            else { return nil }
            return (id, record)
        }
    }

    /// The chain with a name, or nil.
    public static func chain(named name: String, in state: some StateReader) -> ChainID? {
        state.read(ChainID.self, SideChainRecord.nameKey(name))
    }

    /// The messages to a chain from a sequence number on, up to a main-chain height, at most `limit`.
    public static func inbox(
        of chain: ChainID, from sequence: UInt64, upTo height: Height, limit: Int, in state: some StateReader
    ) -> [InboxMessage] {
        let prefix = [StateTable.inbox.rawValue] + chain.array
        let after = sequence == 0 ? nil : Escrow.inboxKey(chain, sequence - 1)
        return state.scan(prefix: prefix, after: after, limit: limit)
            .compactMap { try? InboxMessage(decoding: $0.value) }
            .prefix { $0.height <= height }
            .map { $0 }
    }
}
