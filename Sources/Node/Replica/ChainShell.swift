internal import API
internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Storage

/// One chain's replica on one node: the loop around the pure machines, confined to its own thread.
///
/// It drains its mailbox, steps the machines, and performs their effects in order. Whatever must not be
/// forgotten is gathered in one batch and committed before anything is said to a peer.
final class ChainShell {
    let configuration: ShellConfiguration
    let mailbox: Mailbox<ShellMessage>
    let database: ChainDatabase
    let bench: BlockBench
    let contracts: any NodeContracts
    let desk: TowerDesk
    let peer: PeerID
    var replica: Replica
    var state: ChainState
    var mempool = Mempool()
    var batch = StoreBatch()
    /// Executed blocks that are not final yet.
    var entries: [BlockID: BlockBench.Entry] = [:]
    var finalHeader: BlockHeader
    var finalBlock: BlockID
    var members: MemberSet
    var head: Height
    var wakeAt = Instant.distantFuture
    var inputs: [Replica.Input] = []
    /// An order for a block that would be empty on an unfinal one.
    var keptTicket: BuildTicket?
    /// What the replica was told last; nil when a final block made it stale.
    var hasCause: Bool?
    /// The pending transactions that the published snapshot shows.
    var publishedCount = 0
    /// A block whose proof of work is being searched.
    var draft: BlockBench.Draft?
    /// Searches proofs of work; nil where the chain asks for none.
    let work: WorkThread?
    var mineUpTo = Height.zero
    var mineReplies: [(height: Height, reply: @Sendable (Result<Height, Refusal>) -> Void)] = []
    /// The delayed tower that a block waits for, and when peers were asked for it last.
    var wantedTower: (need: TowerNeed, asked: Instant)?
    var isStopped = false
    var failure: String?

    /// Final blocks between two flushes of the state to its table.
    static let flushInterval: UInt64 = 256
    /// Orders for blocks that wait at the same time.
    static let mostMiners = 256

    /// Opens the store and rebuilds replica and state from what was durable.
    init(_ configuration: ShellConfiguration, mailbox: Mailbox<ShellMessage>) throws {
        self.configuration = configuration
        self.mailbox = mailbox
        let genesis = configuration.spec.genesisBlock
        database = try ChainDatabase(
            path: configuration.file, chain: configuration.spec.id, genesis: genesis.id)
        let restored = try ShellRestorer(configuration: configuration, database: database, genesis: genesis)
            .restore()
        contracts = try configuration.makeContracts()
        work =
            configuration.spec.consensus.workBits > 0
            ? WorkThread(name: configuration.spec.name, clock: configuration.clock) : nil
        bench = BlockBench(configuration, contracts: contracts)
        desk = TowerDesk(configuration.spec, thread: configuration.towers)
        peer = PeerID(configuration.node.key.bytes)
        replica = restored.replica
        state = restored.state
        finalHeader = restored.finalHeader
        finalBlock = restored.finalBlock
        members = restored.replica.members
        head = restored.finalHeader.height
        configuration.clock.catchUp(to: restored.finalHeader.timestamp)
    }

    /// The node's time.
    func now() -> Instant { configuration.clock.now() }

    /// Runs until `.stop` or a failure that the replica cannot survive.
    func run() {
        configuration.link.join(configuration.spec.id, as: peer, mailbox: mailbox)
        publish()
        desk.begin(
            before: configuration.spec.consensus.round(of: finalHeader.height.next),
            in: StateView(records: state.records))
        do {
            try feed(.started)
            while !isStopped {
                for message in mailbox.drain(waiting: nextWait) where !isStopped { try handle(message) }
                // Before the timers: one that ran out while we waited must not act on a cause that is gone.
                try updateCause()
                if now() >= wakeAt { try feed(.woke) }
                try answerKeptTicket()
                try commit()
                if publishedCount != mempool.count { publish() }
            }
            try close()
        } catch {
            failure = "\(error)"
            configuration.observer.log("stopped: \(error)")
        }
        configuration.link.leave(configuration.spec.id, as: peer)
        contracts.stop()
        work?.stop()
        for waiting in mineReplies { waiting.reply(.failure(.stopped)) }
    }

    private var nextWait: Instant.Span {
        min(hasCause == nil ? .zero : .seconds(5), wakeAt.since(now()))
    }

    private func close() throws {
        try commit()
        try database.flush()
        try database.checkpoint()
    }

    private func handle(_ message: ShellMessage) throws {
        switch message {
        case .frame(let peer, let bytes): try receive(bytes, from: peer)
        case .connected(let peer): try feed(.connected(peer))
        case .disconnected(let peer): try feed(.disconnected(peer))
        case .submit(let checked, let reply): submit(checked, reply)
        case .prove(let key, let reply): reply(.success((finalHeader, state.finalProof(of: key))))
        case .worked(let ticket, let nonce): try takeWork(ticket, nonce)
        // Timers and causes are looked at after every message.
        case .mainAdvanced, .clockMoved: break
        case .mine(let count, let reply): mine(count, reply)
        case .stop: isStopped = true
        }
    }

    private func receive(_ bytes: [UInt8], from peer: PeerID) throws {
        guard let message = try? PeerMessage(decoding: bytes) else {
            configuration.observer.log("\(peer.hex.prefix(8)) sent bytes that do not decode")
            return
        }
        switch message {
        case .replica(let message):
            // The signatures of later blocks are checked while the first ones are executed.
            if case .range(let range) = message, replica.awaitsRange(from: peer) {
                let blocks = range.segments.flatMap(\.blocks)
                bench.checks.prepare(blocks)
                desk.foresee(blocks)
            }
            try feed(.received(from: peer, message))
        case .transactions(let list): accept(list)
        case .mine(let height): takeMiningOrder(upTo: height)
        case .towerRequest(let round): try serveTower(of: round, to: peer)
        case .tower(let round, let tower): takeTower(tower, of: round, from: peer)
        }
    }

    /// Steps the replica with an input and with everything that its effects answer.
    func feed(_ input: Replica.Input) throws {
        inputs.append(input)
        try stepInputs()
    }

    /// Steps the replica with all inputs that wait.
    func stepInputs() throws {
        while !inputs.isEmpty, !isStopped {
            let next = inputs.removeFirst()
            var effects: [Replica.Effect] = []
            replica.step(next, at: now(), into: &effects)
            for effect in effects { try perform(effect) }
        }
    }
}

extension Refusal {
    /// The replica has stopped.
    static let stopped = Refusal(
        code: "CHAIN_STOPPED", message: "the chain's replica is not running on this node",
        hint: "etm chain list")
}
