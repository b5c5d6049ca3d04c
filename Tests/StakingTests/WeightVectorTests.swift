import Ledger
import Primitives
import Staking
import Testing

@Suite struct WeightVectorTests {
    @Test func stakeMap() throws {
        for row in try Fixture.list("vote", "stakeMap") {
            #expect(StakeMap.main.concave(try row.amount("amount")) == (try row.amount("concave")))
        }
    }

    @Test func theBracketsAreThoseOfTheFile() throws {
        let rows = try Fixture.list("vote", "brackets")
        let brackets = try rows.map {
            StakingParameters.Bracket(
                end: $0["upTo"] is String ? try $0.amount("upTo") : nil,
                rate: UInt16(try $0.number("ratePer10000")))
        }
        #expect(brackets == StakingParameters.main.brackets)
    }

    @Test func timeGainAndHalving() throws {
        for row in try Fixture.list("vote", "timeGain") {
            var lock = StakeLock(amount: .etm(1), anchor: Slot(try row.number("anchor")))
            let now = Slot(try row.number("now"))
            #expect(lock.timeGain(at: now) == (try row.number("t")))
            lock.halve(at: now)
            #expect(lock.anchor.value == (try row.number("anchorAfterHalving")))
            #expect(lock.timeGain(at: now) == (try row.number("tAfterHalving")))
        }
    }

    @Test func voters() throws {
        for row in try Fixture.list("vote", "voters") {
            let locks = try #require(row["locks"] as? [[String: Any]]).map {
                StakeLock(amount: try $0.amount("amount"), anchor: Slot(try $0.number("anchor")))
            }
            let weight = VoterWeight.weight(of: locks, at: Slot(try row.number("now")), map: .main)
            #expect(weight == (try row.number("weight")))
        }
    }

    @Test func coefficients() throws {
        let file = try Fixture.object("vote")
        let average = Coefficient(units: try file.number("previousAverageForNew"))
        for row in try Fixture.list("vote", "optimalCoefficient") {
            let v = Coefficient(
                produced: try row.number("m"), drawn: try row.number("n"), average: average)
            #expect(v.units == (try row.number("v")))
        }
        let mean = try #require(file["averageCoefficient"] as? [String: Any])
        let records = try #require(mean["records"] as? [[UInt64]])
        let values = records.map { Coefficient(produced: $0[0], drawn: $0[1], average: .one) }
        #expect(Coefficient.average(of: values).units == (try mean.number("v")))
    }

    @Test func effectiveWeights() throws {
        for row in try Fixture.list("vote", "effectiveWeight") {
            let v = Coefficient(units: try row.number("v"))
            #expect(v.weight(of: try row.number("votes")) == (try row.number("weight")))
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func theMapRisesByLessAndLess(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let a = generator.below(1 << 54)
            let b = generator.below(1 << 54)
            let (fa, fb) = (
                StakeMap.main.concave(Amount(units: a)).units, StakeMap.main.concave(Amount(units: b)).units
            )
            #expect(a <= b ? fa <= fb : fa >= fb)
            let middle = StakeMap.main.concave(Amount(units: (a + b) / 2)).units
            #expect(middle + 1 >= (fa + fb) / 2)
            #expect(StakeMap.main.concave(Amount(units: a + b)).units <= fa + fb + 1)
        }
    }

    @Test func weightsAtTheTopOfTheRangeAreRefusedNotWrapped() {
        let top = StakeLock(amount: Amount(units: .max), anchor: .zero)
        let one = StakeLock(amount: Amount(units: 1), anchor: .zero)
        let late = Slot(1_000_000_000)
        #expect(VoterWeight.weight(of: [top, one], at: .zero, map: .main) == nil)
        #expect(
            VoterWeight.weight(of: [top], at: late, map: StakeMap([.init(end: nil, rate: 10_000)])) == nil)
        let largest = StakeLock(amount: StakingGenesis.largestSupply, anchor: .zero)
        let flat = StakeMap([.init(end: nil, rate: 10_000)])
        let most = 32 * StakingGenesis.largestSupply.units
        #expect(VoterWeight.weight(of: [largest], at: late, map: flat) == most)
        #expect(Coefficient(units: Coefficient.one.units + 1).weight(of: .max) == nil)
        #expect(Coefficient.one.weight(of: .max) == .max)
        #expect(Coefficient(produced: .max, drawn: .max, average: .one) == .one)
        #expect(Coefficient(produced: 0, drawn: .max, average: .one).units == 0)
    }

    @Test func aLockFromTheFutureHasNoAge() {
        var lock = StakeLock(amount: .etm(1), anchor: Slot(10))
        #expect(lock.timeGain(at: Slot(5)) == 1)
        lock.halve(at: Slot(5))
        #expect(lock.anchor == Slot(5))
    }
}
