internal import API
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Sidechains
internal import Storage
internal import Synchronization

/// One chain on one node: starts and stops its replica's thread and answers everyone else about it.
final class ChainHost: ChainQueries, ShellObserver, MainChainWindow {
    /// What other threads may know; guarded by one lock, replaced as a whole.
    struct Shared {
        var snapshot: ChainSnapshot
        var pending: [TransactionID: (transaction: SignedTransaction, height: Height?)] = [:]
        var finalIDs: [Height: BlockID] = [:]
        var logs: [LogEntry] = []
        var nextLog: UInt64 = 1
        var interface: DAppInterface?
        var mailbox: Mailbox<ShellMessage>?
        var thread: OwnedThread?
    }

    let configuration: HostConfiguration
    let shared: Mutex<Shared>
    let reader = Mutex<ChainReader?>(nil)
    let rules: AdmissionRules
    let executor: BlockExecutor
    let queries: QueryRunner?

    /// Logged lines that are kept for each chain.
    private static let mostLogs = 2_000
    /// Final ids that are kept in memory for side chains' anchors.
    private static let mostIDs = 4_096

    init(_ configuration: HostConfiguration) {
        self.configuration = configuration
        let spec = configuration.spec
        let genesis = spec.genesisBlock
        var snapshot = ChainSnapshot(
            spec: spec, lifecycle: .stopped, finalHeader: genesis.header, finalBlock: genesis.id,
            state: StateView(
                records: ChainState(records: spec.genesis.records, finalBlock: genesis.id).records),
            members: spec.genesis.members)
        snapshot.record = configuration.record
        shared = Mutex(Shared(snapshot: snapshot))
        let laws = ChainLaws(spec, towers: configuration.towers)
        rules = laws.rules
        executor = laws.executor
        queries = configuration.worker.map(QueryRunner.init)
    }

    // MARK: Lifecycle

    /// Starts the replica's thread unless it runs; returns at once.
    func start() {
        let mailbox = Mailbox<ShellMessage>()
        let thread = OwnedThread(name: "chain-\(configuration.spec.name)")
        let isNew = shared.withLock { shared in
            guard shared.mailbox == nil else { return false }
            shared.mailbox = mailbox
            shared.thread = thread
            shared.snapshot.lifecycle = .starting
            return true
        }
        guard isNew else { return }
        thread.start { [self] in runShell(mailbox) }
    }

    /// Ends the replica's thread in good order and waits for it.
    func stop() {
        let running = shared.withLock { ($0.mailbox, $0.thread) }
        running.0?.post(.stop, isUrgent: true)
        running.1?.join()
        queries?.stop()
    }

    private func runShell(_ mailbox: Mailbox<ShellMessage>) {
        var outcome = ChainLifecycle.stopped
        do {
            let shell = try ChainShell(shellConfiguration, mailbox: mailbox)
            shared.withLock { $0.interface = shell.contracts.interface }
            try openReader()
            shell.run()
            if let failure = shell.failure { outcome = .failed(failure) }
        } catch {
            outcome = .failed("\(error)")
            log("cannot start: \(error)")
        }
        refuseRest(of: mailbox)
        shared.withLock { shared in
            shared.mailbox = nil
            shared.thread = nil
            // The mempool went with the replica.
            shared.pending = [:]
            shared.snapshot.pendingCount = 0
            shared.snapshot.pendingBytes = 0
        }
        changed(outcome)
    }

    private func refuseRest(of mailbox: Mailbox<ShellMessage>) {
        for message in mailbox.drain(waiting: .zero) {
            switch message {
            case .submit(_, let reply): reply(.failure(.stopped))
            case .prove(_, let reply): reply(.failure(.stopped))
            case .mine(_, let reply): reply(.failure(.stopped))
            case .frame, .connected, .disconnected, .worked, .mainAdvanced, .clockMoved, .stop: break
            }
        }
    }

    private var shellConfiguration: ShellConfiguration {
        ShellConfiguration(
            spec: configuration.spec, record: configuration.record, key: configuration.key,
            node: configuration.node, onions: configuration.onions, file: configuration.file,
            link: configuration.link, mining: configuration.mining, clock: configuration.clock,
            towers: configuration.towers, mainChain: configuration.mainChain,
            makeContracts: configuration.makeContracts, observer: self)
    }

    private func openReader() throws {
        let new = try ChainReader(path: configuration.file, chain: configuration.spec.id)
        reader.withLock { $0 = new }
    }

    /// Wakes the replica because the main chain moved.
    func mainAdvanced() { post(.mainAdvanced) }

    /// Wakes the replica because its clock was moved.
    func clockMoved() { post(.clockMoved) }

    @discardableResult
    func post(_ message: ShellMessage) -> Bool {
        shared.withLock { $0.mailbox }?.post(message) ?? false
    }

    // MARK: What the shell tells

    func published(_ snapshot: ChainSnapshot) {
        let isFirst = shared.withLock { shared in
            defer { shared.snapshot = snapshot }
            shared.finalIDs[snapshot.finalHeader.height] = snapshot.finalBlock
            return shared.snapshot.lifecycle != snapshot.lifecycle
        }
        if isFirst { configuration.onLifecycle(self, snapshot.lifecycle) }
        configuration.onAdvance(self)
    }

    func finalised(
        _ block: FinalBlock, logs: [(transaction: TransactionID, text: String)], spec: ChainSpec
    ) {
        let header = block.block.header
        let calls = logs.isEmpty ? [:] : ChainHost.calls(in: block.block)
        shared.withLock { shared in
            shared.finalIDs[header.height] = block.block.id
            if header.height.value > UInt64(ChainHost.mostIDs) {
                shared.finalIDs[Height(header.height.value - UInt64(ChainHost.mostIDs))] = nil
            }
            for line in logs {
                var entry = LogEntry(
                    cursor: shared.nextLog, time: header.timestamp, height: header.height,
                    transaction: line.transaction, text: line.text)
                entry.call = calls[line.transaction] ?? ""
                shared.logs.append(entry)
                shared.nextLog += 1
            }
            if shared.logs.count > ChainHost.mostLogs {
                shared.logs.removeFirst(shared.logs.count - ChainHost.mostLogs)
            }
        }
        configuration.onFinal(self, block)
    }

    // The contract and method of each call, for the log.
    private static func calls(in block: Block) -> [TransactionID: String] {
        var calls: [TransactionID: String] = [:]
        for transaction in block.transactions {
            guard case .v1(let content, _) = transaction.content, content.kind == .call,
                let call = try? CallPayload(decoding: content.payload)
            else { continue }
            calls[transaction.id] = "\(call.contract).\(call.method)"
        }
        return calls
    }

    func waiting(_ transactions: [SignedTransaction], at height: Height?) {
        shared.withLock { shared in
            for transaction in transactions { shared.pending[transaction.id] = (transaction, height) }
        }
    }

    func settled(_ transactions: [TransactionID]) {
        shared.withLock { shared in
            for id in transactions { shared.pending[id] = nil }
        }
    }

    func changed(_ lifecycle: ChainLifecycle) {
        shared.withLock { $0.snapshot.lifecycle = lifecycle }
        configuration.onLifecycle(self, lifecycle)
    }

    func log(_ text: String) {
        configuration.log("\(configuration.node.name) \(configuration.spec.name): \(text)")
    }

    // MARK: What a side chain sees of its main chain

    var latest: (anchor: Anchor, state: StateView) {
        shared.withLock { shared in
            let snapshot = shared.snapshot
            return (Anchor(height: snapshot.finalHeader.height, block: snapshot.finalBlock), snapshot.state)
        }
    }

    func finalID(at height: Height) -> BlockID? {
        let known = shared.withLock { shared -> BlockID?? in
            guard height <= shared.snapshot.finalHeader.height else { return .some(nil) }
            return shared.finalIDs[height].map { .some($0) }
        }
        if let known { return known }
        if height == .zero { return configuration.spec.genesisBlock.id }
        return finalBlock(at: height)?.block.id
    }
}

/// What a chain on a node is made with.
struct HostConfiguration: Sendable {
    var spec: ChainSpec
    var record: SideChainRecord?
    var key: KeyPair?
    var node: NodeIdentity
    var onions: OnionShelf?
    var file: String
    var link: any PeerLink
    var mining: Mining
    var clock: NodeClock
    /// Builds time towers beside the chains' threads.
    var towers = TowerThread.shared
    var mainChain: (any MainChainWindow)?
    var makeContracts: @Sendable () throws -> any NodeContracts
    /// What a side chain's query worker is made with; nil on the main chain.
    var worker: WorkerConfiguration?
    /// A new final state is visible.
    var onAdvance: @Sendable (ChainHost) -> Void
    /// A block became final.
    var onFinal: @Sendable (ChainHost, FinalBlock) -> Void
    /// The replica started, stopped or failed.
    var onLifecycle: @Sendable (ChainHost, ChainLifecycle) -> Void
    var log: @Sendable (String) -> Void
}
