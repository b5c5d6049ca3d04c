public import Consensus
public import Crypto
public import Ledger
public import Primitives

/// The chain's own executor and state, fed with seeded transfers; some overspend, some repeat.
public struct TransferLedger: SimulatedLedger {
    private var chain: SimulatedChain
    private let accounts: [FakeSigner]
    private let supply: Amount
    private var recent: [SignedTransaction] = []
    private var generator: SeededGenerator
    private var isCensoring = false

    /// The point that round 1 starts from.
    public var genesis: FinalPoint { chain.genesis }

    /// A main chain with a few rich accounts, named by its id instead of its specification's hash.
    public init(chain id: ChainID, consensus: ConsensusParameters, seed: UInt64, node: Int) {
        accounts = (0..<6).map { FakeSigner(seed: seed &+ 0x7472_0000 &+ UInt64($0)) }
        let balances = accounts.map { Genesis.Balance(address: Address(of: $0.publicKey), amount: .etm(100)) }
        guard let members = MemberSet(accounts.map(\.publicKey)) else {
            preconditionFailure("seeded keys differ")
        }
        let start = Genesis(time: .zero, members: members, balances: balances)
        let spec = ChainSpec(
            id: id, name: "main", role: .main, consensus: consensus, limits: .main, fees: .main,
            assets: [.etm], acceptsHistorical: false, genesis: start)
        chain = SimulatedChain(spec, handlers: [TransferHandler(assets: 1)])
        supply = .etm(100 * UInt64(accounts.count))
        generator = SeededGenerator(seed: seed ^ UInt64(node) << 40)
    }

    /// A block of new and repeated transfers.
    public mutating func build(_ ticket: BuildTicket, at now: Instant, by signer: any Signer) -> Block? {
        let count = isCensoring ? 0 : generator.below(5)
        let candidates = (0..<count).compactMap { _ in candidate(at: ticket.height) }
        return chain.build(ticket, at: now, by: signer, candidates: candidates) { _ in .zero }
    }

    private mutating func candidate(at height: Height) -> CheckedTransaction? {
        if !recent.isEmpty, generator.chance(perMille: 150) {
            return chain.checked(recent[Int(generator.below(UInt64(recent.count)))])
        }
        let sender = accounts[Int(generator.below(UInt64(accounts.count)))]
        let recipient = accounts[Int(generator.below(UInt64(accounts.count)))]
        let payload = TransferPayload(
            recipient: Address(of: recipient.publicKey),
            amount: Amount(units: generator.below(40 * Amount.unitsPerETM) + 1))
        let transaction = Transaction(
            chain: chain.spec.id, kind: .transfer, expiry: Height(height.value + 20), fee: .etm(1),
            salt: generator.next(), sender: sender.publicKey, payload: payload.encoded)
        let signed = transaction.signed(by: sender)
        recent.append(signed)
        if recent.count > 16 { recent.removeFirst() }
        return chain.checked(signed)
    }

    /// From now on builds empty blocks.
    public mutating func leaveOut() { isCensoring = true }

    /// Executes every transaction again and compares every root.
    public mutating func execute(_ block: Block) -> ExecutionVerdict { chain.execute(block) }

    /// Folds blocks into the records, and checks that undoing each gives back what was there.
    public mutating func commit(_ blocks: [BlockID]) { chain.commit(blocks) }

    /// Forgets blocks.
    public mutating func abandon(_ blocks: [BlockID]) { chain.abandon(blocks) }

    /// Loses everything that is not committed.
    public mutating func crash() { chain.crash() }

    /// Supply is conserved and undo inverts apply.
    public func brokenInvariant() -> String? {
        if let broken = chain.broken { return broken }
        guard let view = chain.finalView else { return "the final state cannot be read" }
        let total = Bank.supply(of: .etm, in: view)
        return total == supply ? nil : "supply is \(total.map(\.description) ?? "too large"), not \(supply)"
    }
}
