import Crypto
import Ledger
import Primitives
import Randomness
import Staking
import Testing

@Suite struct RoundTowersTests {
    private func delayed() -> StakingParameters {
        var parameters = Stage.parameters()
        parameters.tower = .init(lookups: 8, hashes: 10, kind: .delayed)
        return parameters
    }

    /// Runs whole rounds and returns the beacons of each.
    private func run(_ stage: inout Stage, rounds: Int) throws -> [[Bytes32]] {
        try (0..<rounds).map { _ in
            try (0..<4).map { _ in
                try stage.run()
                return stage.beacon.bytes
            }
        }
    }

    private func output(_ values: [Bytes32], round: UInt64) throws -> Digest {
        let input = try #require(TowerInput(values: values, height: Height(round * 4)))
        return Digest(TimeTower(over: input, profile: .test).output)
    }

    private func stored(_ round: UInt64, _ stage: Stage) -> TowerRecord? {
        stage.state.read(TowerRecord.self, TowerRecord.key(Round(round)))
    }

    @Test func anImmediateTowerSeedsTheNextDrawAndStandsInTheState() throws {
        var stage = try Stage(locks: [(1, 500, 1), (2, 400, 2)])
        let beacons = try run(&stage, rounds: 3)
        for round in 1...3 as ClosedRange<UInt64> {
            let expected = try output(beacons[Int(round) - 1], round: round)
            let record = try #require(stored(round, stage))
            #expect(record.output == expected)
            #expect(record.round == Round(round) && record.height == Height(round * 4))
            #expect(record.known == Height(round * 4))
            let opened = Stage.start.advanced(by: .seconds(3 * 4 * (round - 1)))
            #expect(record.opened == opened)
            #expect(record.closed == opened.advanced(by: .seconds(12)))
            let next = stage.state.read(RoundRecord.self, RoundRecord.key(Round(round + 1)))
            #expect(next?.beacon == expected)
        }
        #expect(stored(4, stage) == nil)
    }

    @Test func aDelayedTowerSeedsTheDrawAfterTheNext() throws {
        var stage = try Stage(locks: [(1, 500, 1), (2, 400, 2)], parameters: delayed())
        let beacons = try run(&stage, rounds: 4)
        let seeds = (2...5 as ClosedRange<UInt64>).map {
            stage.state.read(RoundRecord.self, RoundRecord.key(Round($0)))?.beacon
        }
        // No tower had a round of time before round 2: the beacon after the last block decides.
        #expect(seeds[0] == Digest(beacons[0][3]))
        for round in 1...3 as ClosedRange<UInt64> {
            let expected = try output(beacons[Int(round) - 1], round: round)
            #expect(seeds[Int(round)] == expected)
            #expect(stored(round, stage)?.output == expected)
            #expect(stored(round, stage)?.known == Height(round * 4 + 4))
        }
        #expect(stored(4, stage) == nil)
        let towers = stage.rules.towers
        #expect(towers.newestKnown(at: Height(15)) == Round(2))
        #expect(towers.newestKnown(at: Height(16)) == Round(3))
        #expect(stage.brokenInvariant() == nil)
    }

    /// Whatever anchor a leader names, a ticket has one round; a stale anchor only shows it later.
    @Test(arguments: [false, true]) func aStaleAnchorDelaysADecisionAndNeverChangesIt(isDelayed: Bool) throws
    {
        let stage = try Stage(parameters: isDelayed ? delayed() : Stage.parameters())
        let towers = stage.rules.towers
        // Rounds of uneven length, as when views fail.
        let openings = [0, 12_000, 25_000, 37_000, 90_000, 102_000].map {
            Stage.start.advanced(by: .init(milliseconds: $0))
        }
        let opening: (Round) -> Instant? = { openings[Int($0.value) - 1] }
        for milliseconds in [0, 1, 11_999, 12_000, 36_999, 37_000, 89_999, 90_000, 101_999] as [UInt64] {
            let time = Stage.start.advanced(by: .init(milliseconds: milliseconds))
            let first = try #require(openings.firstIndex { $0 > time })
            let known = UInt64(4 * (first + 1) + (isDelayed ? 4 : 0))
            for height in 0...24 as ClosedRange<UInt64> {
                let decision = towers.decision(after: time, upTo: Height(height), opening: opening)
                let expected: RoundTowers.Decision =
                    height >= known ? .round(Round(UInt64(first + 1))) : .open
                #expect(decision == expected, "\(milliseconds) ms at \(height)")
            }
        }
        #expect(towers.decision(after: openings[5], upTo: Height(24), opening: opening) == .open)
        #expect(towers.decision(after: openings[0], upTo: Height(24)) { _ in nil } == .unknown)
    }

    @Test func onlyADelayedTowerMayBeLong() throws {
        func defect(_ lookups: UInt32, _ hashes: UInt64, _ kind: StakingParameters.Tower.Kind) -> String? {
            var parameters = Stage.parameters()
            parameters.tower = .init(lookups: lookups, hashes: hashes, kind: kind)
            return parameters.defect
        }
        #expect(defect(1, 1_000_000, .immediate) == nil)
        #expect(defect(1, 1_000_001, .immediate)?.contains("2,000,000") == true)
        #expect(defect(101, 5_900_000, .delayed) == nil)
        #expect(defect(101, 5_900_000, .immediate) != nil)
        #expect(defect(9, 1_000_000_000, .delayed) == nil)
        #expect(defect(9, 1_000_000_001, .delayed)?.contains("10,000,000,000") == true)
        #expect(defect(0, 1, .delayed) != nil)
    }

    @Test func parametersKeepTheKindThroughTheirEncoding() throws {
        for tower in [StakingParameters.Tower.test, .standard, .delay] {
            #expect(try StakingParameters.Tower(decoding: tower.encoded) == tower)
            var consensus = Stage.consensus(Stage.parameters(), roundLength: 4)
            consensus.elections = .fixed
            let plain = consensus.encoded
            consensus.ownTower = tower
            #expect(consensus.encoded != plain)
            #expect(try ConsensusParameters(decoding: consensus.encoded) == consensus)
            #expect(consensus.tower == tower)
        }
        var both = Stage.consensus(Stage.parameters(), roundLength: 4)
        both.ownTower = .test
        #expect(throws: CodecRejection.self) { try ConsensusParameters(decoding: both.encoded) }
    }

    @Test func aChainOfFixedMembersKeepsTheNewestOutputsAndNoMore() throws {
        let members = try #require(MemberSet([key(1)]))
        var consensus = ConsensusParameters(
            leaderRule: .roundRobin, pacing: .interval, roundLength: 1, interval: .seconds(1),
            delta: .seconds(1))
        consensus.ownTower = .init(lookups: 1, hashes: 1)
        let spec = ChainSpec.main(
            consensus: consensus, genesis: Genesis(time: Stage.start, members: members, balances: []))
        let towers = try #require(RoundTowers(spec: spec))
        let finisher = towers.finisher(spec: spec, source: ImmediateTowers())
        var records = OrderedRecords()
        let last = TowerRecord.kept + 1
        for height in 1...last {
            var overlay = StateOverlay(records)
            let beacon = SHA256.hash(Bytes32(1, 2, 3, height))
            let turn = BlockContext.Turn(
                round: Round(height), views: (.zero, View(1)), parent: .zero, beacons: (.zero, beacon))
            let context = BlockContext(
                chain: spec.id, height: Height(height), time: Stage.start.advanced(by: .seconds(height)),
                leader: key(1), turn: turn)
            try finisher.finish(context, state: &overlay)
            records.apply(overlay.changeSet())
        }
        #expect(records.read(TowerRecord.self, TowerRecord.key(Round(1))) == nil)
        #expect(records.read(TowerRecord.self, TowerRecord.key(Round(2)))?.round == Round(2))
        #expect(records.read(TowerRecord.self, TowerRecord.key(Round(last)))?.known == Height(last))
        let rows = records.scan(prefix: [StateTable.towers.rawValue], after: nil, limit: 10_000)
        #expect(UInt64(rows.count) == TowerRecord.kept)
    }
}
