internal import API
internal import Crypto
internal import DAppRuntime
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Synchronization

/// Spawns, supervises, stops and restarts the side chains of one node while its main chain runs.
///
/// It reads the registrations of each new final main-chain state. A chain whose replica failed is
/// started again after a pause that doubles up to a minute; one that somebody stopped stays stopped.
final class SideChainManager: Sendable {
    private struct Managed: Sendable {
        let host: ChainHost
        var isWanted: Bool
        var failures: UInt64
        var retryAt: Instant
    }

    private let node: NodeSettings
    private let chains = Mutex<[ChainID: Managed]>([:])

    private static let longestPause: UInt64 = 60_000

    init(_ node: NodeSettings) { self.node = node }

    /// The hosts by name.
    var hosts: [ChainHost] {
        chains.withLock { chains in
            chains.values.map(\.host).sorted { $0.configuration.spec.name < $1.configuration.spec.name }
        }
    }

    /// Starts what is newly registered and what is due for another try.
    func update(from main: ChainHost) {
        let state = main.snapshot.state
        for chain in SideChainDirectory.chains(in: state) where !knows(chain.id) {
            guard let bundle = state.value(for: SideChainRecord.bundleKey(chain.record.bundleHash)) else {
                continue
            }
            adopt(chain.id, chain.record, bundle: bundle, main: main)
        }
        retryFailed()
        for host in hosts { host.mainAdvanced() }
    }

    private func knows(_ chain: ChainID) -> Bool { chains.withLock { $0[chain] != nil } }

    private func adopt(_ id: ChainID, _ record: SideChainRecord, bundle: [UInt8], main: ChainHost) {
        let isValidator = record.registration.validators.seat(of: node.identity.key) != nil
        guard isValidator || node.followsAllChains else { return }
        let host: ChainHost
        do {
            host = ChainHost(
                try configuration(id, record, bundle: bundle, main: main, isValidator: isValidator))
        } catch {
            return node.log("\(node.identity.name) \(record.registration.name): \(error)")
        }
        let isNew = chains.withLock { chains in
            guard chains[id] == nil else { return false }
            chains[id] = Managed(host: host, isWanted: true, failures: 0, retryAt: .zero)
            return true
        }
        if isNew { host.start() }
    }

    private func configuration(
        _ id: ChainID, _ record: SideChainRecord, bundle: [UInt8], main: ChainHost, isValidator: Bool
    ) throws -> HostConfiguration {
        let worker = try WorkerConfiguration(
            executable: node.workerPath, chain: id, record: record, bundle: bundle)
        return HostConfiguration(
            spec: worker.spec, record: record, key: isValidator ? node.key : nil, node: node.identity,
            onion: nil,
            file: "\(node.directory)/side-\(id.hex.prefix(16)).db", link: node.link, mining: .interval,
            clock: node.clock, mainChain: main, makeContracts: { try WorkerContracts(worker) },
            worker: worker,
            onAdvance: { _ in }, onFinal: { [node] host, block in node.onSideFinal(host, block) },
            onLifecycle: { [weak self] host, state in self?.note(host, state) }, log: node.log)
    }

    private func note(_ host: ChainHost, _ state: ChainLifecycle) {
        let id = host.configuration.spec.id
        if case .failed = state {
            chains.withLock { chains in
                guard var managed = chains[id] else { return }
                managed.failures += 1
                let pause = min(SideChainManager.longestPause, 500 << min(managed.failures, 8))
                managed.retryAt = SystemClock.now().advanced(by: .init(milliseconds: pause))
                chains[id] = managed
            }
        }
        node.onLifecycle(host, state)
    }

    private func retryFailed() {
        let now = SystemClock.now()
        let due = chains.withLock { chains in
            chains.values.filter { managed in
                guard managed.isWanted, managed.retryAt <= now else { return false }
                if case .failed = managed.host.snapshot.lifecycle { return true }
                return false
            }.map(\.host)
        }
        for host in due { host.start() }
    }

    /// Starts a stopped or failed chain at once.
    func start(_ name: String) -> Result<ChainLifecycle, Refusal> {
        set(name, isWanted: true) { $0.start() }
    }

    /// Stops a chain until it is started again.
    func stop(_ name: String) -> Result<ChainLifecycle, Refusal> {
        set(name, isWanted: false) { $0.stop() }
    }

    private func set(
        _ name: String, isWanted: Bool, _ act: (ChainHost) -> Void
    ) -> Result<ChainLifecycle, Refusal> {
        guard let host = hosts.first(where: { $0.configuration.spec.name == name }) else {
            return .failure(
                Refusal(
                    code: "NOT_FOUND", message: "no side chain is named \"\(name)\"", hint: "etm chain list"))
        }
        chains.withLock { $0[host.configuration.spec.id]?.isWanted = isWanted }
        act(host)
        return .success(host.snapshot.lifecycle)
    }

    /// Stops every chain.
    func stopAll() {
        for host in hosts { host.stop() }
    }
}

/// What the chains of one node share.
struct NodeSettings: Sendable {
    let identity: NodeIdentity
    let key: KeyPair
    let directory: String
    let workerPath: String
    let link: any PeerLink
    let clock: NodeClock
    /// True when the node runs every side chain, validator or not, so that its interface can answer.
    let followsAllChains: Bool
    let onSideFinal: @Sendable (ChainHost, FinalBlock) -> Void
    let onLifecycle: @Sendable (ChainHost, ChainLifecycle) -> Void
    let log: @Sendable (String) -> Void
}
