internal import Crypto
internal import JSON
internal import Primitives
internal import Randomness

/// Audits of order, randomness and commitments.
enum RandomnessAudits {
    static let all = [index, tower, draw, merkle]

    // More takes minutes of one core; the delay profile has 2^29.2 hashes.
    private static let mostHashes: UInt64 = 1 << 34

    private static let index = AuditFunction(
        "index", "who leads a slot (mathematics 5.3)", input: ["id", "slot", "limit"], output: ["index"]
    ) { record throws(CommandFailure) in
        let limits = ChaoticIndex.limits
        let index = ChaoticIndex.index(
            id: try record.bytes32("id"), slot: try record.integer("slot"),
            limit: try record.count("limit", in: limits))
        return ["index": JSONValue(index)]
    }

    private static let tower = AuditFunction(
        "tower", "the time tower over values (mathematics 6)", input: ["hashes", "height", "M", "X"],
        output: ["output", "picks", "checkpoints"]
    ) { record throws(CommandFailure) in
        let values = try record.byteStrings("hashes", in: ChaoticIndex.limits, length: 32)
        let lookups = TowerProfile.lookupLimits
        let profile = TowerProfile(
            lookups: UInt32(
                try record.integer("M", in: UInt64(lookups.lowerBound)...UInt64(lookups.upperBound))),
            hashes: try record.integer("X", in: TowerProfile.hashLimits))
        let height = Height(try record.integer("height"))
        guard let profile, let input = TowerInput(values: values.compactMap { Bytes32($0) }, height: height)
        else { throw .bug("a tower within its bounds was refused") }
        guard profile.totalHashes <= mostHashes else {
            throw record.refusal("X", "times M + 1 must be at most \(mostHashes) hashes")
        }
        let tower = TimeTower(over: input, profile: profile)
        return [
            "output": .string(Digest(tower.output).hex),
            "picks": .array(tower.picks(in: input).map { JSONValue($0) }),
            "checkpoints": .array(tower.checkpoints.map { .string(Digest($0).hex) }),
        ]
    }

    private static let draw = AuditFunction(
        "draw", "numbers drawn from a round's beacon",
        input: ["beacon", "label", "min", "max", "count", "unique"], output: ["commitment", "values"]
    ) { record throws(CommandFailure) in
        let beacon = try record.bytes32("beacon")
        let request = try DrawInput.request(record)
        return [
            "commitment": .string(Digest(request.commitment).hex),
            "values": .array(request.values(beacon: beacon).map { .string(String($0)) }),
        ]
    }

    private static let merkle = AuditFunction(
        "merkle", "the root over leaves (mathematics 7.1)", input: ["leaves"], output: ["root"]
    ) { record throws(CommandFailure) in
        let leaves = try record.byteStrings("leaves", in: 0...1_000_000)
        return ["root": .string(MerkleTree.root(of: leaves.map { MerkleTree.leaf($0) }).hex)]
    }
}

/// Draw requests as JSON has them.
enum DrawInput {
    /// Reads the fields label, min, max, count and unique.
    static func request(_ record: InputRecord) throws(CommandFailure) -> DrawRequest {
        let label = try record.text("label")
        let minimum = try record.integer("min")
        let maximum = try record.integer("max")
        let count = UInt32(try record.integer("count", in: 1...UInt64(DrawRequest.counts.upperBound)))
        var unique = false
        if record.has("unique") { unique = try record.flag("unique") }
        do {
            return try DrawRequest(label: label, from: minimum, to: maximum, count: count, unique: unique)
        } catch {
            throw record.refusal(field(of: error), problem(error))
        }
    }

    static func field(of rejection: DrawRejection) -> String {
        switch rejection {
        case .badLabel: "label"
        case .emptyRange: "max"
        case .badCount, .tooFewOutcomes: "count"
        }
    }

    static func problem(_ rejection: DrawRejection) -> String {
        switch rejection {
        case .badLabel(let bytes):
            "must have 1 to \(DrawRequest.labelLengths.upperBound) bytes without control characters, not \(bytes)"
        case .emptyRange(let minimum, let maximum): "is \(maximum) and must be at least \(minimum)"
        case .badCount(let got, let most): "is \(got) and must be 1 to \(most)"
        case .tooFewOutcomes(let outcomes, let count):
            "asks for \(count) different numbers where there are \(outcomes)"
        }
    }
}
