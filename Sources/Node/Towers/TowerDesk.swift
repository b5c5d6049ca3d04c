internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Staking

/// What one chain's shell knows of towers to come: it tells the thread of them as early as it can.
struct TowerDesk: Sendable {
    private let spec: ChainSpec
    private let towers: RoundTowers?
    let thread: TowerThread

    init(_ spec: ChainSpec, thread: TowerThread) {
        self.spec = spec
        self.thread = thread
        towers = RoundTowers(spec: spec)
    }

    /// A header has arrived; if it closes a round on a state that is known, the round's tower begins.
    func foresee(_ header: BlockHeader, on state: StateView?) {
        guard let towers, !towers.isDelayed, isLast(header.height), let state,
            let input = towers.input(closing: header.round, with: header.beacon, in: state)
        else { return }
        thread.begin(input, towers.profile)
    }

    /// A block was executed; if its leader's successor closes the round and is this node, the beacon is known.
    ///
    /// A view that fails makes it another beacon; then the tower was built for nothing.
    func foresee(
        above parent: BlockHeader, on state: StateView, as key: PublicKey?, members: MemberSet,
        reveal: (StateView) -> Digest?
    ) {
        guard let towers, !towers.isDelayed, let key, isLast(parent.height.next), !isLast(parent.height)
        else { return }
        var header = BlockHeader(
            chain: spec.id, height: parent.height.next, round: parent.round, view: parent.view.next)
        let seat = Turns.seat(
            spec.consensus.leaderRule, view: header.view, height: header.height, beacon: parent.beacon,
            members: members.count)
        guard members.keys[seat] == key, let layer = reveal(state) else { return }
        header.reveal = layer
        header.beacon = BeaconRule.beacon(after: parent.beacon, in: header)
        guard let input = towers.input(closing: header.round, with: header.beacon, in: state) else { return }
        thread.begin(input, towers.profile)
    }

    /// Blocks of the past are about to be executed: towers of the rounds that they hold as a whole begin.
    func foresee(_ blocks: [Block]) {
        guard let towers else { return }
        let length = Int(clamping: spec.consensus.roundLength)
        for (index, block) in blocks.enumerated() where isLast(block.header.height) && index + 1 >= length {
            let round = blocks[index + 1 - length...index]
            guard round.first?.header.round == block.header.round,
                let input = TowerInput(values: round.map(\.header.beacon.bytes), height: block.header.height)
            else { continue }
            thread.begin(input, towers.profile)
        }
    }

    /// A round is open: where towers are delayed, that of the round before has until its end.
    func begin(before open: Round, in state: some StateReader) {
        guard let towers, towers.isDelayed, let closed = open.previous,
            let input = towers.input(of: closed, in: state)
        else { return }
        thread.begin(input, towers.profile)
    }

    /// False when a block needs a delayed tower that is still in work: it cannot be judged yet.
    func isReady(for height: Height, on state: StateView) -> Bool {
        guard let towers, towers.isDelayed, isLast(height),
            let due = towers.written(inLastBlockOf: spec.consensus.round(of: height)),
            let input = towers.input(of: due, in: state)
        else { return true }
        if thread.ready(input, towers.profile) != nil { return true }
        // A full thread leaves the tower to the executor.
        return !thread.begin(input, towers.profile)
    }

    private func isLast(_ height: Height) -> Bool {
        height.value > 0 && height.value.isMultiple(of: spec.consensus.roundLength)
    }
}
