internal import Crypto
public import Ledger
public import Primitives
public import Randomness

/// The time towers of a main chain: what they stand on, when they are needed, and where their outputs lie.
public struct RoundTowers: Sendable {
    /// M and X.
    public let profile: TowerProfile
    /// True when a round's tower seeds the draw after the next, and has a round of time.
    public let isDelayed: Bool
    let roundLength: UInt64
    let genesisTime: Instant

    /// The towers of a chain; nil where none is built.
    public init?(spec: ChainSpec) {
        guard spec.role == .main, let tower = spec.consensus.tower,
            let profile = TowerProfile(lookups: tower.lookups, hashes: tower.hashes)
        else { return nil }
        self.profile = profile
        isDelayed = tower.kind == .delayed
        roundLength = spec.consensus.roundLength
        genesisTime = spec.genesis.time
    }

    /// The last height of a round.
    public func lastHeight(of round: Round) -> Height {
        let (height, overflow) = round.value.multipliedReportingOverflow(by: roundLength)
        return Height(overflow ? .max : height)
    }

    /// The newest round whose tower is in the state after a block.
    public func newestKnown(at height: Height) -> Round {
        let closed = height.value / roundLength
        return Round(isDelayed && closed > 0 ? closed - 1 : closed)
    }

    /// The round whose tower the last block of `round` writes; nil for the first round of a delayed chain.
    public func written(inLastBlockOf round: Round) -> Round? {
        guard isDelayed else { return round }
        return round.value > 1 ? round.previous : nil
    }

    /// What decides a ticket for a draw.
    public enum Decision: Sendable, Hashable {
        /// This round's tower.
        case round(Round)
        /// No round that is known yet opened after the ticket's time.
        case open
        /// A time that was asked for is not known here.
        case unknown
    }

    /// The first round that opened after a time, if its tower is known by a height of this chain.
    ///
    /// A later height never gives another round, only one where there was none: a stale anchor can delay a decision and
    /// not change it. `opening` gives the timestamp of the block before a round.
    public func decision(
        after time: Instant, upTo anchor: Height, opening: (Round) -> Instant?
    ) -> Decision {
        let newest = newestKnown(at: anchor)
        guard newest.value > 0 else { return .open }
        guard let last = opening(newest) else { return .unknown }
        guard last > time else { return .open }
        var (low, high) = (UInt64(1), newest.value)
        while low < high {
            let middle = low + (high - low) / 2
            guard let opened = opening(Round(middle)) else { return .unknown }
            if opened > time { high = middle } else { low = middle + 1 }
        }
        return .round(Round(low))
    }

    /// The beacons of a closed round, as long as the state's turns remember them.
    public func input(of round: Round, in state: some StateReader) -> TowerInput? {
        let last = lastHeight(of: round)
        return turns(of: round, upTo: last, in: state).flatMap {
            TowerInput(values: $0.map(\.beacon.bytes), height: last)
        }
    }

    /// The beacons of the round that a block of this beacon would close on top of a state.
    public func input(closing round: Round, with beacon: Digest, in state: some StateReader) -> TowerInput? {
        let last = lastHeight(of: round)
        guard let below = last.previous, let turns = turns(of: round, upTo: below, in: state) else {
            return nil
        }
        return TowerInput(values: turns.map(\.beacon.bytes) + [beacon.bytes], height: last)
    }

    private func turns(
        of round: Round, upTo end: Height, in state: some StateReader
    ) -> [TurnRecord]? {
        guard round.value > 0 else { return nil }
        var turns: [TurnRecord] = []
        var height = Height((round.value - 1) * roundLength + 1)
        while height <= end {
            guard let turn = turn(at: height, in: state) else { return nil }
            turns.append(turn)
            height = height.next
        }
        return turns
    }

    private func turn(at height: Height, in state: some StateReader) -> TurnRecord? {
        let turn = state.read(TurnRecord.self, TurnRecord.key(height, roundLength: roundLength))
        return turn?.height == height ? turn : nil
    }

    /// Writes what is known when a round ends and gives the random value that its last block works with.
    ///
    /// That is the output of the round's own tower or, where towers are delayed, of the one before. The first round
    /// of a delayed chain has none before it: the beacon after its last block takes its place.
    func close(
        _ round: Round, in block: BlockContext, source: any TowerSource, state: inout StateOverlay
    ) throws(ExecutionError) -> Digest {
        guard let done = written(inLastBlockOf: round) else {
            guard let turn = block.turn else { throw .notAllowed("the block's turn is not known") }
            return turn.beacon
        }
        let last = lastHeight(of: done)
        guard let input = input(of: done, in: state), let closed = turn(at: last, in: state)?.time,
            let opened = opening(of: done, in: state)
        else { throw .notAllowed("the turns of round \(done) are not in the state") }
        let output = Digest(source.tower(over: input, profile: profile).output)
        state.write(
            TowerRecord.key(done),
            TowerRecord(
                round: done, height: last, times: (opened, closed), known: block.height, output: output))
        if done.value > TowerRecord.kept {
            state.set(TowerRecord.key(Round(done.value - TowerRecord.kept)), to: nil)
        }
        return output
    }

    private func opening(of round: Round, in state: some StateReader) -> Instant? {
        round.value == 1
            ? genesisTime : turn(at: Height((round.value - 1) * roundLength), in: state)?.time
    }

    /// What ends the blocks of a chain whose members are fixed; one that elects has a finisher of its own.
    public func finisher(spec: ChainSpec, source: any TowerSource) -> any BlockFinisher {
        TowerFinisher(towers: self, consensus: spec.consensus, members: spec.genesis.members, source: source)
    }
}

/// Ends every block of a chain of fixed members: notes its turn and, at the end of a round, writes a tower's output.
struct TowerFinisher: BlockFinisher {
    let towers: RoundTowers
    let consensus: ConsensusParameters
    let members: MemberSet
    let source: any TowerSource

    func finish(_ block: BlockContext, state: inout StateOverlay) throws(ExecutionError) {
        guard let turn = block.turn else { throw .notAllowed("the block's turn is not known") }
        guard let seat = members.seat(of: block.leader) else {
            throw .notAllowed("the leader is no member of its round")
        }
        let note = TurnRecord(
            height: block.height, parent: turn.parent, time: block.time, seats: (UInt16(seat), []),
            beacon: turn.beacon)
        state.write(TurnRecord.key(block.height, roundLength: consensus.roundLength), note)
        let round = consensus.round(of: block.height)
        guard block.height == consensus.lastHeight(of: round) else { return }
        _ = try towers.close(round, in: block, source: source, state: &state)
    }
}
