internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Randomness

/// What the random commands do.
enum RandomActions {
    static func latest(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let round = try RoundReading(invocation, session)
        let tower = TimeTower(over: round.input, profile: round.profile)
        let members = try round.members(session)
        let last = round.last
        let data: JSONValue = [
            "chain": .string(session.chain), "round": JSONValue(last.round.value),
            "height": JSONValue(last.height.value), "block": .string(last.id.hex),
            "beacon": .string(Digest(tower.output).hex), "tower": .string(round.profile.name ?? ""),
            "members": members.map { .string(DrawFinality.fingerprint(of: $0).hex) } ?? .null,
        ]
        return Outcome(data: data, lines: StatusText.members(data))
    }

    static func draw(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let request = try request(invocation)
        let round = try RoundReading(invocation, session)
        guard DrawFile.areLinked(round.headers) else {
            throw CommandFailure(
                "NO_LINKED_BEACONS",
                "the leaders of \(session.chain) follow block ids, which prove no beacon offline",
                hint: "draw on a chain whose leaders are \"chaos\"", exit: .refused)
        }
        guard var file = DrawFile(round: round.headers, profile: round.profile, request: request) else {
            throw .bug("a whole round was refused")
        }
        file.finality = try round.finality(session)
        if let path = invocation.text("out") {
            try Files.create(JSONWriter.pretty(file.json) + [0x0A], at: path, mode: 0o644)
        }
        let numbers = file.result.map(String.init)
        let data: JSONValue = [
            "chain": .string(session.chain), "round": JSONValue(file.round.value),
            "block": .string(file.header.id.hex), "beacon": .string(Digest(file.output).hex),
            "commitment": .string(Digest(file.commitment).hex), "values": .array(numbers.map { .string($0) }),
            "file": invocation.text("out").map { .string($0) } ?? .null,
        ]
        let known =
            file.finality.map { "--members \(DrawFinality.fingerprint(of: $0.members).hex)" }
            ?? "--block \(file.header.id.hex)"
        let notes = invocation.text("out").map { path in
            ["check it: etm random verify \(path) \(known) --length \(file.roundLength)"]
        }
        return Outcome(data: data, lines: numbers, notes: notes ?? [])
    }

    static func verify(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let path = try invocation.requiredArgument()
        let document = try InputDocument(path, session)
        var trust = DrawTrust()
        if let text = invocation.text("block") {
            guard let block = BlockID(hex: text) else {
                throw .usage("BAD_ID", "--block wants the 64 digits of a block's id", hint: "etm block list")
            }
            trust.block = block
        }
        if let text = invocation.text("members") {
            guard let members = Digest(hex: text) else {
                throw .usage(
                    "BAD_ID", "--members wants the 64 digits of a fingerprint", hint: "etm random latest")
            }
            trust.members = members
        }
        trust.roundLength = invocation.has("length") ? invocation.integer("length", default: 0) : nil
        trust.profile = invocation.text("tower").flatMap { TowerProfile(name: $0) }
        let file: DrawFile
        do throws(DrawFileRejection) {
            file = try DrawFile(document.document.value)
            try SegmentCheck.all(try file.segments(trust)) { segment throws(DrawFileRejection) in
                try DrawFile.verify(segment)
            }
        } catch {
            throw refusal(error, path)
        }
        return Outcome(data: report(file, trust), lines: lines(file, trust))
    }

    private static func refusal(_ rejection: DrawFileRejection, _ path: String) -> CommandFailure {
        var facts = JSONObject()
        facts["field"] = .string(rejection.field)
        return CommandFailure(
            "BAD_DRAW", "\(path): \(rejection)", hint: "ask for the draw's original file",
            exit: .checksFailed,
            facts: facts)
    }

    private static func report(_ file: DrawFile, _ trust: DrawTrust) -> JSONValue {
        [
            "valid": true, "chain": .string(file.chain.hex), "round": JSONValue(file.round.value),
            "block": .string(file.header.id.hex), "height": JSONValue(file.header.height.value),
            "label": .string(file.request.label), "commitment": .string(Digest(file.commitment).hex),
            "values": .array(file.result.map { .string(String($0)) }),
            "assumed": .array(assumptions(file, trust).map { .string($0) }),
        ]
    }

    // What the file alone cannot prove and nobody vouched for.
    private static func assumptions(_ file: DrawFile, _ trust: DrawTrust) -> [String] {
        var list: [String] = []
        if trust.block == nil, trust.members == nil {
            let members = file.finality.map { DrawFinality.fingerprint(of: $0.members).hex }
            list.append(
                members.map { "the members of round \(file.round) are \($0)" }
                    ?? "block \(file.header.id.hex) is final")
        }
        if trust.roundLength == nil { list.append("a round has \(file.roundLength) heights") }
        if trust.profile == nil { list.append("the tower's profile is \(file.profile.name ?? "")") }
        return list
    }

    private static func lines(_ file: DrawFile, _ trust: DrawTrust) -> [String] {
        let facts = [
            ("draw", file.request.label), ("round", file.round.description),
            ("values", file.result.map(String.init).joined(separator: " ")),
        ]
        return ["valid"] + TextLayout.pairs(facts) + assumptions(file, trust).map { "if        \($0)" }
    }

    private static func request(_ invocation: Invocation) throws(CommandFailure) -> DrawRequest {
        _ = try (invocation.required("min"), invocation.required("max"))
        do throws(DrawRejection) {
            return try DrawRequest(
                label: invocation.text("label") ?? "draw", from: invocation.integer("min", default: 0),
                to: invocation.integer("max", default: 0),
                count: UInt32(invocation.integer("count", default: 1)), unique: invocation.has("unique"))
        } catch {
            throw .usage(
                "BAD_VALUE", "--\(DrawInput.field(of: error)) \(DrawInput.problem(error))",
                hint: "etm random draw --help")
        }
    }
}
