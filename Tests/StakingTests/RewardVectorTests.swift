import Primitives
import Staking
import Testing

@Suite struct RewardVectorTests {
    @Test func everyMilestone() throws {
        for row in try Fixture.list("rewards", "heights") {
            let height = Height(try row.number("height"))
            #expect(RewardSchedule.reward(at: height) == (try row.amount("reward")))
            #expect(RewardSchedule.bonus(at: height) == (try row.amount("bonus")))
            #expect(RewardSchedule.mintedRewards(through: height) == (try row.amount("mintedRewards")))
            #expect(RewardSchedule.mintedBonus(through: height) == (try row.amount("mintedBonus")))
        }
    }

    @Test func totals() throws {
        let totals = try #require(try Fixture.object("rewards")["totals"] as? [String: Any])
        let last = Height(.max)
        #expect(RewardSchedule.mintedRewards(through: last) == (try totals.amount("rewards")))
        #expect(RewardSchedule.mintedBonus(through: last) == (try totals.amount("bonusCapped")))
        #expect(RewardSchedule.rewardPool == (try totals.amount("rewards")))
        #expect(RewardSchedule.bonusPool == (try totals.amount("bonusCapped")))
        #expect(RewardSchedule.reward(at: last) == .zero)
        #expect(RewardSchedule.bonus(at: last) == .zero)
    }

    @Test func stages() throws {
        for row in try Fixture.list("rewards", "stages") {
            for name in ["first", "last"] {
                let height = Height(try row.number(name))
                #expect(RewardSchedule.reward(at: height) == (try row.amount("reward")))
            }
            let first = Height(try row.number("first"))
            #expect(RewardSchedule.bonus(at: first) == (try row.amount("bonus")))
        }
    }

    @Test(arguments: ["tiny", "luckyWithoutVoters"])
    func bonusOfSmallRounds(name: String) throws {
        let row = try #require(try Fixture.object("bonus")[name] as? [String: Any])
        let members = try #require(row["producers"] as? [String])
        let voters = try #require(row["voters"] as? [String: [String: UInt64]])
        let result = try #require(row["result"] as? [String: Any])
        let round = try #require(
            Pool(pool: try row.number("pool"), carry: try row.number("carry"), members, voters))
        let paid = round.pay(lucky: Int(try row.number("lucky")))
        #expect(round.split.share == (try result.amount("share")))
        #expect(round.split.luckyHalf == (try result.amount("luckyHalf")))
        #expect(paid.payments == (try #require(result["payments"] as? [String: UInt64])))
        #expect(paid.carry == (try result.number("carry")))
    }

    @Test func bonusOfAWholeRound() throws {
        let row = try #require(try Fixture.object("bonus")["round"] as? [String: Any])
        let names = (0...100).map { String(repeating: "0", count: $0 < 10 ? 2 : $0 < 100 ? 1 : 0) + "\($0)" }
        var voters: [String: [String: UInt64]] = [:]
        for (index, name) in names.enumerated() where index % 10 != 0 {
            voters["m\(name)"] = ["v\(name)a": 100 + UInt64(index), "v\(name)b": 300]
        }
        let round = try #require(
            Pool(
                pool: try row.number("pool"), carry: try row.number("carry"), names.map { "m\($0)" }, voters))
        let paid = round.pay(lucky: Int(try row.number("lucky")))
        #expect(round.split.share == (try row.amount("share")))
        #expect(round.split.luckyHalf == (try row.amount("luckyHalf")))
        #expect(paid.carry == (try row.number("carryOut")))
        #expect(paid.payments.values.reduce(0, +) == (try row.number("paid")))
        for (name, amount) in try #require(row["sample"] as? [String: UInt64]) {
            #expect(paid.payments[name] == amount)
        }
    }

    @Test func feesByBlocks() throws {
        let row = try #require(try Fixture.object("bonus")["fees"] as? [String: Any])
        let blocks = try #require(row["blocks"] as? [String])
        let shares = FeeSplit.shares(of: try row.amount("fees"), blocks: blocks.count)
        var sums: [String: UInt64] = [:]
        for (name, share) in zip(blocks, shares) { sums[name, default: 0] += share.units }
        #expect(sums == (try #require(row["result"] as? [String: UInt64])))
        #expect(FeeSplit.shares(of: .etm(1), blocks: 0).isEmpty)
    }

    @Test func aGapOfThirtyThreeChargesItsLeadersAndOneMoreChargesNobody() {
        #expect(Turns.missed(parentView: View(7), view: View(40)) == 8..<40)
        #expect(Turns.missed(parentView: View(7), view: View(41)).isEmpty)
        #expect(Turns.missed(parentView: View(7), view: View(8)).isEmpty)
        #expect(Turns.missed(parentView: .zero, view: View(3)) == 1..<3)
        #expect(Turns.missed(parentView: View(3), view: View(3)).isEmpty)
    }

    @Test func aPoolThatDoesNotFitIsRefused() {
        #expect(BonusSplit(pool: Amount(units: .max), carry: Amount(units: .max), seats: 1) == nil)
        #expect(BonusSplit(pool: .zero, carry: Amount(units: .max), seats: 1)?.luckyHalf.units == .max)
    }

    /// A round with named voters.
    private struct Pool {
        let split: BonusSplit
        let total: UInt64
        let members: [String]
        let voters: [String: [String: UInt64]]

        init?(pool: UInt64, carry: UInt64, _ members: [String], _ voters: [String: [String: UInt64]]) {
            guard
                let split = BonusSplit(
                    pool: Amount(units: pool), carry: Amount(units: carry), seats: members.count)
            else { return nil }
            self.split = split
            total = pool + carry
            self.members = members
            self.voters = voters
        }

        func pay(lucky: Int) -> (payments: [String: UInt64], carry: UInt64) {
            var payments: [String: UInt64] = [:]
            for (seat, member) in members.enumerated() {
                let weights = voters[member] ?? [:]
                let all = weights.values.reduce(0, +)
                for (voter, weight) in weights {
                    let paid = split.payment(weight: weight, total: all, isLucky: seat == lucky)
                    if paid.total != .zero { payments[voter, default: 0] += paid.total.units }
                }
            }
            return (payments, total - payments.values.reduce(0, +))
        }
    }
}
