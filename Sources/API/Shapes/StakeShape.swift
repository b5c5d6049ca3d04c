internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// The JSON forms of locks, votes, miners and rounds.
enum StakeShape {
    /// A weight in base units, and with its decimals; it is no amount of anything.
    static func weight(_ value: UInt64) -> JSONValue {
        ["units": .string(String(value)), "display": .string(Amount(units: value).formatted())]
    }

    static func lock(_ lock: StakeQuery<StateOverlay>.Lock, _ rules: StakingRules, now: Instant) -> JSONValue
    {
        let since = rules.genesisTime.advanced(by: Slot.length.times(lock.anchor.value))
        let slots = rules.slot(of: now).value
        let age = slots > lock.anchor.value ? slots - lock.anchor.value : 0
        return [
            "id": .string(lock.id.hex), "amount": Shape.amount(lock.amount, .etm),
            "anchorSlot": Shape.integer(lock.anchor.value), "anchorTime": JSONValue(since.milliseconds),
            "ageDays": JSONValue(age / Slot.perDay), "timeGain": JSONValue(lock.timeGain),
        ]
    }

    static func release(_ time: Instant, _ release: ReleaseRecord) -> JSONValue {
        [
            "amount": Shape.amount(release.amount, .etm), "time": JSONValue(time.milliseconds),
            "kind": release.miner == nil ? "lock" : "deposit",
        ]
    }

    /// A miner's name and key.
    static func named(_ key: PublicKey, _ name: String?) -> JSONValue {
        ["key": .string(key.hex), "name": name.map { .string($0) } ?? .null]
    }

    /// A miner in the list of all.
    static func miner(_ name: String, _ miner: Miner, average: Coefficient, seat: Int?) -> JSONObject {
        var object = JSONObject()
        object["name"] = .string(name)
        object["key"] = .string(miner.key.hex)
        object["address"] = .string(Address(of: miner.key).description)
        object["status"] = .string("\(miner.status)")
        object["from"] = JSONValue(miner.from.value)
        object["seat"] = seat.map { JSONValue(UInt64($0)) } ?? .null
        for (name, value) in tally(miner, average) { object[name] = value }
        return object
    }

    /// What a miner's weight in a draw is computed from.
    static func tally(_ miner: Miner, _ average: Coefficient) -> [(String, JSONValue)] {
        [
            ("produced", Shape.integer(miner.produced)), ("drawn", Shape.integer(miner.drawn)),
            ("coefficient", .string(String(miner.coefficient(average: average).units))),
            ("votes", weight(miner.votes)), ("weight", weight(miner.weight)), ("stood", .bool(miner.stood)),
        ]
    }

    /// How a round was settled; `names` are those of its members, seat by seat.
    static func settlement(
        _ record: SettlementRecord, members: [PublicKey], names: [String?]
    ) -> JSONValue {
        let lucky = Int(record.lucky)
        var object = JSONObject()
        object["pool"] = Shape.amount(record.pool, .etm)
        object["carryIn"] = Shape.amount(record.carryIn, .etm)
        object["share"] = Shape.amount(record.share, .etm)
        object["luckyHalf"] = Shape.amount(record.luckyHalf, .etm)
        object["lucky"] = members.indices.contains(lucky) ? named(members[lucky], names[lucky]) : .null
        object["carryOut"] = Shape.amount(record.carryOut, .etm)
        object["seats"] = .array(
            zip(record.seats, members.indices).map { seat, index in
                var item = named(members[index], names[index]).object ?? JSONObject()
                item["blocks"] = JSONValue(UInt64(seat.blocks))
                item["missed"] = JSONValue(UInt64(seat.missed))
                item["reward"] = Shape.amount(seat.reward, .etm)
                item["fees"] = Shape.amount(seat.fees, .etm)
                item["votes"] = weight(seat.votes)
                return .object(item)
            })
        return .object(object)
    }

    /// The agreed numbers of locks, votes and miners.
    static func parameters(_ rules: StakingRules) -> JSONValue {
        let numbers = rules.parameters
        return [
            "seats": JSONValue(UInt64(numbers.seats)),
            "leastLock": Shape.amount(numbers.leastLock, .etm),
            "mostLocks": JSONValue(UInt64(numbers.mostLocks)),
            "minerDeposit": Shape.amount(numbers.minerDeposit, .etm),
            "unbonding": JSONValue(numbers.unbonding.milliseconds),
            "tower": TowerShape.parameters(numbers.tower),
            "registrationBits": JSONValue(UInt64(rules.registrationBits)),
            "brackets": .array(
                numbers.brackets.map {
                    [
                        "end": $0.end.map { Shape.amount($0, .etm) } ?? .null,
                        "rate": JSONValue(UInt64($0.rate)),
                    ]
                }),
        ]
    }
}
