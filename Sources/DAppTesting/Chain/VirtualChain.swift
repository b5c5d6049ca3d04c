internal import Crypto
internal import DAppRuntime
internal import Primitives

/// A chain in memory with one DApp: its calls run in the worker that runs them on a real chain.
final class VirtualChain {
    /// Most snapshots of one run.
    static let mostSnapshots = 50_000
    /// Most empty blocks made at once.
    static let mostBlocks: UInt64 = 10_000_000
    /// Most lines of a log that are kept.
    static let mostLogs = 50
    /// Most gas of one call, as registrations have it.
    static let callGas: UInt64 = 10_000_000
    private static let genesis = Instant(milliseconds: 1_767_225_600_000)
    private static let accountUnits: UInt64 = 1_000_000_000_000
    private static let tag = HashTag("ETM/test-chain/1")

    /// What the bundle offers.
    let report: CheckReport
    /// What calls cost so far.
    private(set) var gas = GasUse()
    /// Gas of all calls so far, those that failed too.
    private(set) var spent: UInt64 = 0
    /// What contracts logged since the chain last went back to a snapshot, the first lines of it.
    private(set) var logs: [String] = []
    /// The state after the last block.
    private(set) var state: VirtualState
    /// The assets by number.
    let assets: [Asset]
    /// Address text of the DApp's own account.
    let address: String

    private let manifest: DAppManifest
    private let chainID: ChainID
    private var supervisor: DAppWorkerSupervisor
    private var snapshots: [VirtualState]

    /// Starts the worker and makes the first state: ten accounts with 10,000 ETM, the token with its holder.
    init(_ project: TestProject, executable: String, isCovering: Bool) throws(WorkerFailure) {
        manifest = project.manifest
        chainID = ChainID(Self.tag.hash(Array(project.manifest.name.utf8)).bytes)
        address = TestAccounts.address(of: "dapp \(project.manifest.name)")
        assets =
            [Asset(symbol: "ETM", decimals: 8)]
            + (project.manifest.token.map { [Asset(symbol: $0.symbol, decimals: $0.decimals)] } ?? [])
        let currency = assets.firstIndex { $0.symbol == project.manifest.fees.currency } ?? 0
        supervisor = DAppWorkerSupervisor(
            executable: executable, bundle: project.bundle,
            context: DAppContext(
                chainID: chainID, selfAddress: address, assets: assets, defaultAsset: UInt8(currency)),
            guards: Self.guards, purpose: isCovering ? .coverage : .chain)
        var state = VirtualState(time: Self.genesis)
        for name in TestAccounts.names {
            state.set(
                BalancePlace(address: TestAccounts.address(of: name), asset: 0), to: Self.accountUnits)
        }
        if let token = project.manifest.token {
            let holder = token.owner ?? TestAccounts.address(of: TestAccounts.names[0])
            state.set(BalancePlace(address: holder, asset: 1), to: token.supply.units)
        }
        self.state = state
        snapshots = [state]
        report = try supervisor.start()
    }

    // Coverage and prepared values would be lost with the worker, so it stays as long as it is sound.
    private static let guards = WorkerGuards(
        wallClockMilliseconds: 30_000, residentBytes: 512 << 20, recycleAboveBytes: 512 << 20,
        recycleAfterDeliveries: .max)

    /// A call that a test wants.
    struct Order {
        let contract: String
        let method: String
        let sender: String
        let arguments: [UInt8]
        let gas: UInt64?
    }

    /// Runs calls in one block.
    func run(_ orders: [Order]) throws(WorkerFailure) -> [CallResult] {
        advance(by: manifest.blocks.interval)
        let calls = orders.map { order in
            state.transactions += 1
            var id = ByteWriter()
            id.write(chainID)
            id.write(state.transactions)
            let most = min(Self.callGas, manifest.blocks.gas)
            return Call(
                transaction: TransactionID(Self.tag.hash(id.bytes).bytes), sender: order.sender,
                contract: order.contract, method: order.method, arguments: order.arguments,
                gasLimit: min(order.gas ?? most, most))
        }
        let delivery = Delivery(
            chainID: chainID, height: Height(state.height), time: state.time, calls: calls,
            gasLimit: manifest.blocks.gas)
        let outcome = try supervisor.execute(delivery, reader: state)
        state.apply(outcome)
        logs += outcome.results.flatMap(\.logs).prefix(Self.mostLogs - logs.count)
        spent += outcome.results.reduce(0) { $0 + $1.gasUsed }
        for (order, result) in zip(orders, outcome.results) where result.status == .succeeded {
            gas.add(result.gasUsed, of: "\(order.contract).\(order.method)")
        }
        return outcome.results
    }

    /// Asks a route at the last block.
    func query(_ path: String, _ parameters: [UInt8]) throws(WorkerFailure) -> QueryAnswer {
        let query = Query(
            path: path, parameters: parameters, height: Height(state.height), time: state.time)
        return try supervisor.query(query, reader: state)
    }

    /// The rows of a model by key, as JSON.
    func rows(of model: String, most: Int) -> [[UInt8]] {
        state.scan(prefix: Array(model.utf8) + [0], after: nil, limit: most).map(\.value)
    }

    /// Makes an empty block so much later.
    func advance(by span: Instant.Span) {
        state.height += 1
        state.time = state.time.advanced(by: span)
    }

    /// Makes empty blocks.
    func mine(_ count: UInt64) {
        state.height += count
        state.time = state.time.advanced(by: manifest.blocks.interval.times(count))
    }

    /// Settles every open ticket for a draw in a block after their rounds began; how many there were.
    ///
    /// The text stands for what the time tower of the main chain gives.
    func settle(_ outcome: String) -> Int {
        let open = state.scan(prefix: DrawTicketKey.open, after: nil, limit: .max).map(\.key)
        advance(by: manifest.blocks.interval)
        for key in open {
            let after = DrawTicketKey.time(ofOpen: key)
            let draw = SettledDraw(
                output: Self.tag.hash(Array(outcome.utf8)).bytes, round: Round(state.height), opened: after)
            state.set(key, to: nil)
            state.set(DrawTicketKey.settled(after: after), to: draw.encoded)
            state.time = max(state.time, after)
        }
        return open.count
    }

    /// Gives an account more; false when it cannot hold that much or is none.
    func fund(_ place: BalancePlace, _ units: UInt64) -> Bool {
        guard let held = state.balance(of: place.address, asset: place.asset) else { return false }
        let (sum, overflow) = held.addingReportingOverflow(units)
        if !overflow { state.set(place, to: sum) }
        return !overflow
    }

    /// Keeps the state; nil when there are too many snapshots.
    func snapshot() -> Int? {
        guard snapshots.count < Self.mostSnapshots else { return nil }
        snapshots.append(state)
        return snapshots.count - 1
    }

    /// Goes back to a snapshot, 0 being the first state; false when there is none of this number.
    func revert(to snapshot: Int) -> Bool {
        guard snapshots.indices.contains(snapshot) else { return false }
        state = snapshots[snapshot]
        logs = []
        return true
    }

    /// How often each site of the contracts was reached.
    func coverage() throws(WorkerFailure) -> [CoverageSite] { try supervisor.coverage() }
}
