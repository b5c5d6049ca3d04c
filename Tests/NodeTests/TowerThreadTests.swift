import Crypto
import Dispatch
import Ledger
import Node
import Primitives
import Randomness
import Staking
import Synchronization
import Testing

@Suite struct TowerThreadTests {
    private func input(_ seed: UInt64, values: Int = 4) throws -> TowerInput {
        let list = (0..<values).map { SHA256.hash(Bytes32(1, 2, seed, UInt64($0))).bytes }
        return try #require(TowerInput(values: list, height: Height(UInt64(values))))
    }

    @Test func itGivesTheTowerOfTheInputWhetherItWasBegunOrNot() throws {
        let thread = TowerThread()
        for seed in 1...20 as ClosedRange<UInt64> {
            let input = try input(seed)
            if seed.isMultiple(of: 2) { thread.begin(input, .test) }
            let tower = thread.tower(over: input, profile: .test)
            #expect(tower == TimeTower(over: input, profile: .test))
            #expect(thread.tower(over: input, profile: .test) == tower)
            #expect(thread.ready(input, .test) == tower)
        }
        let asked = thread.statistics
        #expect(asked.begun == 10)
        #expect(asked.ready >= 20 && asked.ready + asked.awaited + asked.missed == 40)
    }

    @Test func manyWhoNeedOneTowerGetTheSame() throws {
        let thread = TowerThread()
        let input = try input(7)
        let profile = try #require(TowerProfile(lookups: 50, hashes: 2_000))
        let expected = TimeTower(over: input, profile: profile)
        thread.begin(input, profile)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            #expect(thread.tower(over: input, profile: profile) == expected)
        }
        #expect(thread.statistics.missed <= 1)
    }

    @Test func whatDoesNotFitIsLeftToWhoNeedsIt() throws {
        let thread = TowerThread()
        // Long enough that none is finished before the last is refused.
        let profile = try #require(TowerProfile(lookups: 1_000, hashes: 1_000_000))
        for seed in 1...UInt64(TowerThread.most) {
            #expect(thread.begin(try input(seed), profile))
        }
        let late = try input(1_000)
        #expect(!thread.begin(late, .test))
        #expect(thread.tower(over: late, profile: .test) == TimeTower(over: late, profile: .test))
        #expect(thread.statistics.missed == 1)
        thread.forget()
    }

    @Test func questionsAboutThePastLeavePlacesToBlocks() throws {
        let thread = TowerThread()
        defer { thread.forget() }
        let profile = try #require(TowerProfile(lookups: 1_000, hashes: 1_000_000))
        for seed in 1...UInt64(TowerThread.mostQuestions) {
            #expect(thread.begin(try input(seed), profile, isUrgent: false))
        }
        #expect(!thread.begin(try input(100), profile, isUrgent: false))
        #expect(thread.begin(try input(100), profile))
    }

    @Test func publishedCheckpointsAreTakenOnlyWhenEverySegmentHolds() throws {
        let thread = TowerThread()
        let input = try input(3)
        let profile = try #require(TowerProfile(lookups: 20, hashes: 10_000))
        let tower = TimeTower(over: input, profile: profile)
        for index in [0, 9, 20] {
            var checkpoints = tower.checkpoints
            checkpoints[index] = SHA256.hash(checkpoints[index]).bytes
            let wrong = try #require(TimeTower(checkpoints: checkpoints))
            #expect(throws: TowerRejection.self) { try thread.offer(wrong, over: input, profile: profile) }
            #expect(thread.ready(input, profile) == nil)
        }
        let short = try #require(TimeTower(checkpoints: tower.checkpoints.dropLast()))
        #expect(throws: TowerRejection.wrongCount(expected: 21, got: 20)) {
            try thread.offer(short, over: input, profile: profile)
        }
        try thread.offer(tower, over: input, profile: profile)
        #expect(thread.tower(over: input, profile: profile) == tower)
        #expect(thread.statistics.missed == 0)
    }
}

/// The thread is told of a tower before the block that needs it is executed, and the block comes out the same.
@Suite struct TowerDeskTests {
    private let pair: KeyPair
    private let spec: ChainSpec

    init() throws {
        var seed = [UInt8](repeating: 1, count: 32)
        pair = try #require(KeyPair(seed: SecretBytes(zeroing: &seed)))
        var consensus = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: 3, interval: .seconds(1), delta: .seconds(1))
        consensus.ownTower = .init(lookups: 20, hashes: 5_000)
        let members = try #require(MemberSet([pair.publicKey]))
        spec = .main(
            consensus: consensus,
            genesis: Genesis(time: Instant(milliseconds: 1_000), members: members, balances: []))
    }

    private func header(_ height: UInt64, beacon: Digest) -> BlockHeader {
        var header = BlockHeader(
            chain: spec.id, height: Height(height), round: spec.consensus.round(of: Height(height)),
            view: View((height - 1) % 3 + 1))
        header.timestamp = Instant(milliseconds: 1_000 + 1_000 * height)
        header.beacon = beacon
        return header
    }

    /// Finishes blocks 1 to 6 and gives the records; `before` sees each header and the state below it.
    private func run(
        _ source: any TowerSource, before: (BlockHeader, StateView) -> Void
    ) throws -> [TowerRecord?] {
        let towers = try #require(RoundTowers(spec: spec))
        let finisher = towers.finisher(spec: spec, source: source)
        var records = OrderedRecords()
        for height in 1...6 as ClosedRange<UInt64> {
            let header = header(height, beacon: SHA256.hash([UInt8(height)]))
            before(header, StateView(records: records))
            var overlay = StateOverlay(records)
            try finisher.finish(
                BlockContext(
                    chain: spec.id, height: header.height, time: header.timestamp, leader: pair.publicKey,
                    turn: BlockContext.Turn(of: header, parentBeacon: .zero)), state: &overlay)
            records.apply(overlay.changeSet())
        }
        return (1...2 as ClosedRange<UInt64>).map {
            records.read(TowerRecord.self, TowerRecord.key(Round($0)))
        }
    }

    @Test func theThreadIsAskedBeforeTheBlockIsExecuted() throws {
        let plain = try run(ImmediateTowers()) { _, _ in }
        #expect(plain.allSatisfy { $0 != nil })
        let thread = TowerThread()
        let desk = TowerDesk(spec, thread: thread)
        var begun: [Int] = []
        let foreseen = try run(thread) { header, state in
            desk.foresee(header, on: state)
            begun.append(thread.statistics.begun)
        }
        #expect(foreseen == plain)
        // Only a round's last block needs one, and it is begun when the header is known.
        #expect(begun == [0, 0, 1, 1, 1, 2])
        #expect(thread.statistics.ready + thread.statistics.awaited + thread.statistics.missed == 2)
    }

    @Test func theLeaderOfTheLastBlockBeginsBeforeItsBlockIsDue() throws {
        let thread = TowerThread()
        let desk = TowerDesk(spec, thread: thread)
        let members = spec.genesis.members
        var parents: [BlockHeader] = []
        _ = try run(ImmediateTowers()) { header, state in
            if let parent = parents.last {
                desk.foresee(
                    above: parent, on: state, as: pair.publicKey, members: members, reveal: { _ in .zero })
            }
            parents.append(header)
        }
        #expect(thread.statistics.begun == 2)
    }

    @Test func aBlockThatNeedsADelayedTowerInWorkIsNotJudgedYet() throws {
        var consensus = spec.consensus
        // Minutes of work.
        consensus.ownTower = .init(lookups: 2, hashes: 3_000_000_000, kind: .delayed)
        let slow = ChainSpec.main(consensus: consensus, genesis: spec.genesis)
        let thread = TowerThread()
        defer { thread.forget() }
        let desk = TowerDesk(slow, thread: thread)
        var needs: [TowerNeed?] = []
        let towers = try #require(RoundTowers(spec: slow))
        var records = OrderedRecords()
        for height in 1...6 as ClosedRange<UInt64> {
            let header = header(height, beacon: SHA256.hash([UInt8(height)]))
            let state = StateView(records: records)
            needs.append(desk.need(of: header.height, on: state))
            #expect(desk.isReady(for: header.height, on: state) == (height < 6))
            guard height < 6 else { break }
            var overlay = StateOverlay(records)
            try towers.finisher(spec: slow, source: thread).finish(
                BlockContext(
                    chain: slow.id, height: header.height, time: header.timestamp, leader: pair.publicKey,
                    turn: BlockContext.Turn(of: header, parentBeacon: .zero)), state: &overlay)
            records.apply(overlay.changeSet())
        }
        #expect(needs.dropLast().allSatisfy { $0 == nil })
        let need = try #require(needs.last ?? nil)
        #expect(need.round == Round(1))
        #expect(need.input.values == (1...3).map { SHA256.hash([UInt8($0)]).bytes })
    }

    @Test func checkpointsGoFromPeerToPeer() throws {
        var consensus = spec.consensus
        consensus.ownTower = .init(lookups: 20, hashes: 5_000, kind: .delayed)
        let delayed = ChainSpec.main(consensus: consensus, genesis: spec.genesis)
        let profile = try #require(TowerProfile(lookups: 20, hashes: 5_000))
        let headers = (1...3 as ClosedRange<UInt64>).map { header($0, beacon: SHA256.hash([UInt8($0)])) }
        let input = try #require(TowerInput(values: headers.map(\.beacon.bytes), height: Height(3)))
        let (here, there) = (TowerThread(), TowerThread())
        let peer = TowerDesk(delayed, thread: there)
        let page: (Height, Int) -> [BlockHeader] = { from, most in
            Array(headers.prefix(Int(from.value)).reversed().prefix(min(most, 2)))
        }
        #expect(peer.finished(Round(1), headers: page) == nil)
        _ = there.tower(over: input, profile: profile)
        let tower = try #require(peer.finished(Round(1), headers: page))
        #expect(peer.finished(Round(2), headers: page) == nil)

        let desk = TowerDesk(delayed, thread: here)
        let need = TowerNeed(round: Round(1), input: input)
        var checkpoints = tower.checkpoints
        checkpoints[5] = .zero
        let wrong = try #require(TimeTower(checkpoints: checkpoints))
        #expect(outcome { desk.take(wrong, for: need, done: $0) } != nil)
        #expect(here.ready(input, profile) == nil)
        #expect(outcome { desk.take(tower, for: need, done: $0) } == nil)
        #expect(here.ready(input, profile) == tower)
    }

    private func outcome(_ body: (@escaping @Sendable (TowerRejection?) -> Void) -> Void) -> TowerRejection? {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<TowerRejection?>(nil)
        body { rejection in
            result.withLock { $0 = rejection }
            done.signal()
        }
        done.wait()
        return result.withLock { $0 }
    }

    @Test func roundsThatArriveAsAWholeAreBegunTogether() throws {
        let thread = TowerThread()
        let blocks = (2...7 as ClosedRange<UInt64>).map {
            Block(header: header($0, beacon: SHA256.hash([UInt8($0)])), transactions: [])
        }
        TowerDesk(spec, thread: thread).foresee(blocks)
        // Round 1 lacks its first block, round 3 is not closed.
        #expect(thread.statistics.begun == 1)
    }
}
