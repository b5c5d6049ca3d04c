internal import Consensus
package import Ledger
package import Primitives
package import Randomness
internal import Staking

/// What one chain's shell knows of towers to come: it tells the thread of them as early as it can.
package struct TowerDesk: Sendable {
    private let spec: ChainSpec
    private let towers: RoundTowers?
    private let thread: TowerThread

    /// Foresees the towers of a chain; those of a chain without towers are none.
    package init(_ spec: ChainSpec, thread: TowerThread) {
        self.spec = spec
        self.thread = thread
        towers = RoundTowers(spec: spec)
    }

    /// A header has arrived; if it closes a round on a state that is known, the round's tower begins.
    package func foresee(_ header: BlockHeader, on state: StateView?) {
        guard let towers, !towers.isDelayed, isLast(header.height), let state,
            let input = towers.input(closing: header.round, with: header.beacon, in: state)
        else { return }
        thread.begin(input, towers.profile)
    }

    /// A block was executed; if its leader's successor closes the round and is this node, the beacon is known.
    ///
    /// A view that fails makes it another beacon; then the tower was built for nothing.
    package func foresee(
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
        header.parent = parent.id
        header.beacon = BeaconRule.beacon(
            after: parent.beacon, in: header, rule: spec.consensus.leaderRule)
        guard let input = towers.input(closing: header.round, with: header.beacon, in: state) else { return }
        thread.begin(input, towers.profile)
    }

    /// Blocks of the past are about to be executed: towers of the rounds that they hold as a whole begin.
    package func foresee(_ blocks: [Block]) {
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
    package func begin(before open: Round, in state: some StateReader) {
        guard let towers, towers.isDelayed, let closed = open.previous,
            let input = towers.input(of: closed, in: state)
        else { return }
        thread.begin(input, towers.profile)
    }

    /// False when a block needs a delayed tower that is still in work: it cannot be judged yet.
    package func isReady(for height: Height, on state: StateView) -> Bool {
        guard let towers, let need = need(of: height, on: state) else { return true }
        // A full thread leaves the tower to the executor.
        return !thread.begin(need.input, towers.profile)
    }

    /// The delayed tower that a block needs and this node does not have.
    package func need(of height: Height, on state: StateView) -> TowerNeed? {
        guard let towers, towers.isDelayed, isLast(height),
            let due = towers.written(inLastBlockOf: spec.consensus.round(of: height)),
            let input = towers.input(of: due, in: state), thread.ready(input, towers.profile) == nil
        else { return nil }
        return TowerNeed(round: due, input: input)
    }

    /// A delayed tower that this node has finished, for a peer; `headers` gives final headers, newest first.
    package func finished(_ round: Round, headers: (Height, Int) -> [BlockHeader]) -> TimeTower? {
        guard let towers, towers.isDelayed, round.value > 0 else { return nil }
        let last = towers.lastHeight(of: round)
        guard
            let values = TowerHistory.beacons(upTo: last, spec.consensus.roundLength, headers),
            let input = TowerInput(values: values, height: last)
        else { return nil }
        return thread.ready(input, towers.profile)
    }

    /// Checks a peer's tower on all lanes, beside the caller, and keeps it when it is right.
    package func take(
        _ tower: TimeTower, for need: TowerNeed, done: @escaping @Sendable (TowerRejection?) -> Void
    ) {
        guard let towers else { return }
        OwnedThread(name: "tower-check").start { [thread] in
            do throws(TowerRejection) {
                try thread.offer(tower, over: need.input, profile: towers.profile)
                done(nil)
            } catch {
                done(error)
            }
        }
    }

    private func isLast(_ height: Height) -> Bool {
        height.value > 0 && height.value.isMultiple(of: spec.consensus.roundLength)
    }
}

/// A tower that a block waits for.
package struct TowerNeed: Sendable, Equatable {
    /// The round whose tower it is.
    package let round: Round
    /// What the tower stands on.
    package let input: TowerInput

    /// Joins the parts.
    package init(round: Round, input: TowerInput) {
        self.round = round
        self.input = input
    }
}

/// The beacons of past rounds, from headers.
enum TowerHistory {
    /// Those of the `length` blocks up to a height, oldest first; `page` gives headers downwards, newest first.
    static func beacons(
        upTo last: Height, _ length: UInt64, _ page: (Height, Int) -> [BlockHeader]
    ) -> [Bytes32]? {
        guard length <= UInt64(ChaoticIndex.limits.upperBound), last.value >= length else { return nil }
        var values: [Bytes32] = []
        while values.count < Int(length) {
            let next = Height(last.value - UInt64(values.count))
            let headers = page(next, Int(length) - values.count)
            guard headers.first?.height == next else { return nil }
            values += headers.map(\.beacon.bytes)
        }
        return values.reversed()
    }
}
