internal import API
internal import Consensus
internal import Crypto
internal import Dispatch
internal import Ledger
internal import Primitives
internal import Randomness

/// One validator: its main chain, its side chains, and the courier that carries withdrawals between them.
final class NodeService: Sendable {
    let main: ChainHost
    let sides: SideChainManager
    private let courier: Courier

    init(
        _ settings: NodeSettings, spec: ChainSpec, onion: HashOnion?, mining: Mining,
        onMainFinal: @escaping @Sendable (ChainHost, FinalBlock) -> Void
    ) {
        let courier = Courier(key: settings.key, name: settings.identity.name, log: settings.log)
        let chained = NodeSettings(
            identity: settings.identity, key: settings.key, directory: settings.directory,
            workerPath: settings.workerPath, link: settings.link, clock: settings.clock,
            followsAllChains: settings.followsAllChains,
            onSideFinal: { host, block in
                courier.wake()
                settings.onSideFinal(host, block)
            },
            onLifecycle: settings.onLifecycle, log: settings.log)
        main = ChainHost(
            HostConfiguration(
                spec: spec, record: nil, key: settings.key, node: settings.identity, onion: onion,
                file: "\(settings.directory)/main.db", link: settings.link, mining: mining,
                clock: settings.clock,
                mainChain: nil,
                makeContracts: { NoNodeContracts() }, worker: nil, onAdvance: { _ in courier.wake() },
                onFinal: onMainFinal, onLifecycle: settings.onLifecycle, log: settings.log))
        sides = SideChainManager(chained)
        self.courier = courier
        courier.attach(main: main, sides: sides)
    }

    func start() { main.start() }

    func stop() {
        courier.stop()
        sides.stopAll()
        main.stop()
    }
}

/// Does on a queue of its own what must never delay a block: spawning chains and bringing withdrawals.
private final class Courier: Sendable {
    private let queue: DispatchQueue
    private let relay: ClaimRelay
    private let state: CourierState

    init(key: KeyPair, name: String, log: @escaping @Sendable (String) -> Void) {
        queue = DispatchQueue(label: "courier-\(name)")
        relay = ClaimRelay(key: key, log: log)
        state = CourierState()
    }

    func attach(main: ChainHost, sides: SideChainManager) { state.attach(main, sides) }

    /// Looks at both sides again; calls that come while one waits are folded into it.
    func wake() {
        guard state.beginWaiting() else { return }
        queue.async { [self] in
            guard let (main, sides) = state.endWaiting() else { return }
            sides.update(from: main)
            for side in sides.hosts { relay.update(side: side, main: main) }
        }
    }

    func stop() {
        state.stop()
        queue.sync {}
    }
}
