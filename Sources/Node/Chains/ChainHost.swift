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
    private struct Shared {
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
    private let shared: Mutex<Shared>
    private let reader = Mutex<ChainReader?>(nil)
    private let rules: AdmissionRules
    private let executor: BlockExecutor
    private let queries: QueryRunner?

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
        let registry = ChainRules.registry(for: spec, verifier: Ed25519Verifier())
        rules = AdmissionRules(spec: spec, registry: registry)
        executor = BlockExecutor(spec: spec, registry: registry)
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
        running.0?.post(.stop)
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
        }
        changed(outcome)
    }

    private func refuseRest(of mailbox: Mailbox<ShellMessage>) {
        for message in mailbox.drain(until: .zero) {
            switch message {
            case .submit(_, let reply): reply(.failure(.stopped))
            case .prove(_, let reply): reply(.failure(.stopped))
            case .mine(_, let reply): reply(.failure(.stopped))
            case .frame, .connected, .disconnected, .mainAdvanced, .stop: break
            }
        }
    }

    private var shellConfiguration: ShellConfiguration {
        ShellConfiguration(
            spec: configuration.spec, record: configuration.record, key: configuration.key,
            node: configuration.node, onion: configuration.onion, file: configuration.file,
            link: configuration.link, mining: configuration.mining, mainChain: configuration.mainChain,
            makeContracts: configuration.makeContracts, observer: self)
    }

    private func openReader() throws {
        let new = try ChainReader(path: configuration.file, chain: configuration.spec.id)
        reader.withLock { $0 = new }
    }

    /// Wakes the replica because the main chain moved.
    func mainAdvanced() { post(.mainAdvanced) }

    @discardableResult
    private func post(_ message: ShellMessage) -> Bool {
        shared.withLock { $0.mailbox }?.post(message) ?? false
    }

    // MARK: What the shell tells

    func published(_ snapshot: ChainSnapshot) {
        shared.withLock { shared in
            shared.snapshot = snapshot
            shared.finalIDs[snapshot.finalHeader.height] = snapshot.finalBlock
        }
        configuration.onAdvance(self)
    }

    func finalised(
        _ block: FinalBlock, logs: [(transaction: TransactionID, text: String)], spec: ChainSpec
    ) {
        let header = block.block.header
        shared.withLock { shared in
            shared.finalIDs[header.height] = block.block.id
            if header.height.value > UInt64(ChainHost.mostIDs) {
                shared.finalIDs[Height(header.height.value - UInt64(ChainHost.mostIDs))] = nil
            }
            for line in logs {
                shared.logs.append(
                    LogEntry(
                        cursor: shared.nextLog, time: header.timestamp, height: header.height,
                        transaction: line.transaction, text: line.text))
                shared.nextLog += 1
            }
            if shared.logs.count > ChainHost.mostLogs {
                shared.logs.removeFirst(shared.logs.count - ChainHost.mostLogs)
            }
        }
        configuration.onFinal(self, block)
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

    // MARK: What the interface asks

    var snapshot: ChainSnapshot { shared.withLock { $0.snapshot } }

    var interface: DAppInterface? { shared.withLock { $0.interface } }

    func finalBlock(at height: Height) -> FinalBlock? {
        if height == .zero {
            return FinalBlock(block: configuration.spec.genesisBlock, receipts: [], certificate: nil)
        }
        return reader.withLock { reader in
            guard let reader, let block = (try? reader.block(at: height)) ?? nil else { return nil }
            let receipts = (try? reader.receipts(at: height)) ?? nil
            return FinalBlock(
                block: block, receipts: receipts ?? [],
                certificate: DatabaseArchive(reader: reader).finality(atOrAbove: height))
        }
    }

    func finalBlock(id: BlockID) -> FinalBlock? {
        let height = reader.withLock { reader -> Height? in
            guard let reader, (try? reader.isFinal(id)) == true else { return nil }
            return ((try? reader.block(id)) ?? nil)?.header.height
        }
        guard let height else {
            return id == configuration.spec.genesisBlock.id ? finalBlock(at: .zero) : nil
        }
        return finalBlock(at: height)
    }

    func location(of transaction: TransactionID) -> (height: Height, index: Int)? {
        reader.withLock { reader in
            guard let reader, let place = (try? reader.location(of: transaction)) ?? nil else { return nil }
            return (place.height, place.index)
        }
    }

    func changes(at height: Height) -> ChangeSet? {
        reader.withLock { reader in (try? reader?.changes(at: height)) ?? nil }
    }

    func pending(_ transaction: TransactionID) -> (transaction: SignedTransaction, height: Height?)? {
        shared.withLock { $0.pending[transaction] }
    }

    func submit(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void
    ) {
        do throws(AdmissionRejection) {
            let checked = try rules.check(transaction, verifier: Ed25519Verifier())
            if !post(.submit(checked, reply)) { reply(.failure(.stopped)) }
        } catch {
            reply(.failure(Refusal(error)))
        }
    }

    func simulate(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<Simulation, Refusal>) -> Void
    ) {
        let now = snapshot
        let context = BlockContext(
            chain: now.spec.id, height: now.finalHeader.height.next,
            time: max(SystemClock.now(), now.finalHeader.timestamp), leader: .zero)
        let frame = BlockExecutor.Frame(context: context, reveal: .zero, inbox: [])
        guard transaction.kind == .call else {
            return reply(Self.trial(executor, transaction, frame, now.state, NoContracts()))
        }
        guard let queries else { return reply(.failure(.stopped)) }
        queries.run { [executor] worker in
            reply(worker.flatMap { Self.trial(executor, transaction, frame, now.state, $0) })
        }
    }

    private static func trial(
        _ executor: BlockExecutor, _ transaction: SignedTransaction, _ frame: BlockExecutor.Frame,
        _ state: StateView,
        _ contracts: some ContractExecutor
    ) -> Result<Simulation, Refusal> {
        do throws(AdmissionRejection) {
            let trial = try executor.simulate(transaction, frame: frame, on: state, contracts: contracts)
            return .success(Simulation(receipt: trial.receipt, changes: trial.changes, logs: trial.logs))
        } catch {
            return .failure(Refusal(error))
        }
    }

    func prove(
        _ key: StateKey,
        reply: @escaping @Sendable (Result<(header: BlockHeader, proof: StateProof), Refusal>) -> Void
    ) {
        if !post(.prove(key, reply)) { reply(.failure(.stopped)) }
    }

    func query(
        path: String, parameters: [UInt8], reply: @escaping @Sendable (Result<[UInt8], Refusal>) -> Void
    ) {
        guard let queries else {
            return reply(.failure(Refusal(code: "NOT_A_DAPP", message: "the main chain has no routes")))
        }
        let now = snapshot
        queries.run { worker in
            reply(worker.flatMap { $0.query(path: path, parameters: parameters, at: now) })
        }
    }

    func logs(after cursor: UInt64, limit: Int) -> [LogEntry] {
        shared.withLock { shared in Array(shared.logs.lazy.filter { $0.cursor > cursor }.prefix(limit)) }
    }

    func mine(_ count: Int, reply: @escaping @Sendable (Result<Height, Refusal>) -> Void) {
        if !post(.mine(count, reply)) { reply(.failure(.stopped)) }
    }
}

/// What a chain on a node is made with.
struct HostConfiguration: Sendable {
    var spec: ChainSpec
    var record: SideChainRecord?
    var key: KeyPair?
    var node: NodeIdentity
    var onion: HashOnion?
    var file: String
    var link: any PeerLink
    var mining: Mining
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
