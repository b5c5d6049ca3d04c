internal import Crypto
internal import JSON
internal import Primitives
internal import Staking

/// Audits of stake, election and rewards (mathematics 1 to 4).
enum StakingAudits {
    static let all = [election, stakeMap, voter, coefficient, effectiveWeight, reward, bonus]

    private static let most = 1_000_000

    private static let election = AuditFunction(
        "election", "the draw of a round's members (mathematics 3)",
        input: ["seats", "seed", "candidates:[{key, weight}]"], output: ["members"]
    ) { record throws(CommandFailure) in
        let seats = try record.count("seats", in: 0...most)
        let seed = Digest(try record.bytes32("seed"))
        let entries = try record.records("candidates", in: 0...most)
        var candidates: [Candidate] = []
        for entry in entries {
            try entry.allow(["key", "weight"])
            candidates.append(
                Candidate(key: PublicKey(try entry.bytes32("key")), weight: try entry.integer("weight")))
        }
        do throws(ElectionRejection) {
            let members = try Election.draw(candidates, seed: seed, seats: seats).sorted()
            return ["members": .array(members.map { .string($0.hex) })]
        } catch {
            throw refusal(error, candidates, entries, record)
        }
    }

    private static func refusal(
        _ rejection: ElectionRejection, _ candidates: [Candidate], _ entries: [InputRecord],
        _ record: InputRecord
    ) -> CommandFailure {
        switch rejection {
        case .duplicate(let key):
            guard let place = candidates.lastIndex(where: { $0.key == key }) else {
                return record.refusal("candidates", "has a key twice")
            }
            return entries[place].refusal("key", "stands in the list twice")
        case .overflow: return record.refusal("candidates", "has weights whose sum does not fit 64 bits")
        }
    }

    private static let stakeMap = AuditFunction(
        "stakeMap", "the concave weight of a locked amount (mathematics 1.1)", input: ["amount"],
        output: ["concave"]
    ) { record throws(CommandFailure) in
        let amount = Amount(units: try record.integer("amount"))
        return ["concave": .string(StakeMap.main.concave(amount).description)]
    }

    private static let voter = AuditFunction(
        "voter", "the weight of a voter's locks in a slot (mathematics 1.3)",
        input: ["now", "locks:[{amount, anchor}]"], output: ["weight"]
    ) { record throws(CommandFailure) in
        let now = Slot(try record.integer("now"))
        var locks: [StakeLock] = []
        for lock in try record.records("locks", in: 0...most) {
            try lock.allow(["amount", "anchor"])
            locks.append(
                StakeLock(
                    amount: Amount(units: try lock.integer("amount")),
                    anchor: Slot(try lock.integer("anchor", in: 0...now.value))))
        }
        guard let weight = VoterWeight.weight(of: locks, at: now, map: .main) else {
            throw record.refusal("locks", "has amounts whose sum or weight does not fit 64 bits")
        }
        return ["weight": .string(String(weight))]
    }

    private static let coefficient = AuditFunction(
        "coefficient", "the optimal coefficient v in units of 2^-32 (mathematics 2)",
        input: ["m", "n", "average"], output: ["v"]
    ) { record throws(CommandFailure) in
        let drawn = try record.integer("n")
        let produced = try record.integer("m", in: 0...drawn)
        // Only a miner that was never drawn needs the average.
        let average =
            drawn > 0 && !record.has("average") ? Coefficient.one.units : try record.integer("average")
        let v = Coefficient(produced: produced, drawn: drawn, average: Coefficient(units: average))
        return ["v": JSONValue(v.units)]
    }

    private static let effectiveWeight = AuditFunction(
        "effectiveWeight", "a candidate's weight, votes times v (mathematics 1.3)", input: ["votes", "v"],
        output: ["weight"]
    ) { record throws(CommandFailure) in
        let votes = try record.integer("votes")
        guard let weight = Coefficient(units: try record.integer("v")).weight(of: votes) else {
            throw record.refusal("v", "makes a weight that does not fit 64 bits")
        }
        return ["weight": .string(String(weight))]
    }

    private static let reward = AuditFunction(
        "reward", "what a height mints, and all heights up to it (mathematics 4)", input: ["height"],
        output: ["reward", "bonus", "mintedRewards", "mintedBonus"]
    ) { record throws(CommandFailure) in
        let height = Height(try record.integer("height"))
        return [
            "reward": .string(RewardSchedule.reward(at: height).description),
            "bonus": .string(RewardSchedule.bonus(at: height).description),
            "mintedRewards": .string(RewardSchedule.mintedRewards(through: height).description),
            "mintedBonus": .string(RewardSchedule.mintedBonus(through: height).description),
        ]
    }

    private static let bonus = AuditFunction(
        "bonus", "how a round's bonus reaches voters (mathematics 4.3)",
        input: ["pool", "carry", "producers:[name]", "voters:{producer: {voter: weight}}", "lucky"],
        output: ["payments:{voter: amount}", "carry"], run: payBonus)

    private static func payBonus(_ record: InputRecord) throws(CommandFailure) -> JSONValue {
        let pool = Amount(units: try record.integer("pool"))
        let carry = Amount(units: try record.integer("carry"))
        let producers = try record.texts("producers", in: 1...65_536)
        let lucky = try record.count("lucky", in: 0...producers.count - 1)
        guard let split = BonusSplit(pool: pool, carry: carry, seats: producers.count),
            let all = pool.adding(carry)
        else { throw record.refusal("carry", "and pool together do not fit 64 bits") }
        let voters = try record.record("voters")
        try voters.allow(producers)
        var payments: [String: UInt64] = [:]
        var paid: UInt64 = 0
        for (place, producer) in producers.enumerated() where voters.has(producer) {
            let weights = try voters.record(producer).weights()
            guard let total = total(of: weights) else {
                throw voters.refusal(producer, "has weights whose sum does not fit 64 bits")
            }
            for (voter, weight) in weights {
                let payment = split.payment(weight: weight, total: total, isLucky: place == lucky).total
                payments[voter, default: 0] += payment.units
                paid += payment.units
            }
        }
        let object = payments.sorted { $0.key < $1.key }.filter { $0.value > 0 }
            .map { JSONObject.Member($0.key, .string(String($0.value))) }
        return [
            "payments": .object(JSONObject(object) ?? JSONObject()),
            "carry": .string(String(all.units - paid)),
        ]
    }

    private static func total(of weights: [(voter: String, weight: UInt64)]) -> UInt64? {
        var total: UInt64 = 0
        for (_, weight) in weights {
            let (sum, overflow) = total.addingReportingOverflow(weight)
            if overflow { return nil }
            total = sum
        }
        return total
    }
}
