internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Randomness

/// What the random commands do.
enum RandomActions {
    static func latest(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let (headers, profile, input) = try round(invocation, session)
        let tower = TimeTower(over: input, profile: profile)
        let last = headers[headers.count - 1]
        let data: JSONValue = [
            "chain": .string(session.chain), "round": JSONValue(last.round.value),
            "height": JSONValue(last.height.value), "block": .string(last.id.hex),
            "beacon": .string(Digest(tower.output).hex), "tower": .string(profile.name ?? ""),
        ]
        return Outcome(data: data, lines: StatusText.members(data))
    }

    static func tower(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let (headers, profile, input) = try round(invocation, session)
        let tower = TimeTower(over: input, profile: profile)
        let last = headers[headers.count - 1]
        let data: JSONValue = [
            "chain": .string(session.chain), "round": JSONValue(last.round.value),
            "height": JSONValue(last.height.value), "M": JSONValue(UInt64(profile.lookups)),
            "X": JSONValue(profile.hashes), "hashes": .array(input.values.map { .string(Digest($0).hex) }),
            "picks": .array(tower.picks(in: input).map { JSONValue($0) }),
            "checkpoints": .array(tower.checkpoints.map { .string(Digest($0).hex) }),
            "output": .string(Digest(tower.output).hex),
        ]
        return Outcome(
            data: data,
            lines: TextLayout.pairs([
                ("round", last.round.description), ("height", last.height.description),
                ("hashes", profile.totalHashes.grouped), ("checkpoints", "\(tower.checkpoints.count)"),
                ("output", Digest(tower.output).hex),
            ]))
    }

    static func draw(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let request = try request(invocation)
        let (headers, profile, _) = try round(invocation, session)
        guard let file = DrawFile(round: headers, profile: profile, request: request) else {
            throw .bug("a whole round was refused")
        }
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
        let notes = invocation.text("out").map { path in
            [
                "check it: etm random verify \(path) --block \(file.header.id.hex) --length \(file.roundLength)"
            ]
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
        trust.roundLength = invocation.has("length") ? invocation.integer("length", default: 0) : nil
        trust.profile = invocation.text("tower").flatMap { TowerProfile(name: $0) }
        let file: DrawFile
        do throws(DrawFileRejection) {
            file = try DrawFile(document.document.value)
            for segment in try file.segments(trust) {
                session.terminal.spin("checking the tower: \(segment.index + 1)")
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
        if trust.block == nil { list.append("block \(file.header.id.hex) is final") }
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

    // The headers of one complete, final round, oldest first.
    private static func round(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> (headers: [BlockHeader], profile: TowerProfile, input: TowerInput) {
        let node = try session.node
        let path = "/v1/chains/\(session.chain.percentEncoded)"
        let chain = try node.get(path)
        guard let length = chain["parameters"]?["roundLength"]?.uint64, (1...4_096).contains(length),
            let final = chain["final"]?.uint64
        else { throw .bug("the node describes its chain without a round") }
        let complete = final / length
        let number = invocation.integer("round", default: complete)
        guard number > 0, number <= complete else {
            throw CommandFailure(
                "NOT_COMPLETE", "round \(max(number, 1)) is not final yet; \(complete) are",
                hint: "etm status",
                exit: .notFound)
        }
        var headers: [BlockHeader] = []
        for height in (number - 1) * length + 1...number * length {
            session.terminal.spin("reading block \(height)")
            let block = try node.get("\(path)/blocks/\(height)")
            guard let bytes = block["header"]?.string.flatMap({ Hex.decode($0) }),
                let header = try? BlockHeader(decoding: bytes)
            else { throw .bug("the node shows a block without its header") }
            headers.append(header)
        }
        let profile = invocation.text("tower").flatMap { TowerProfile(name: $0) } ?? profile(of: chain)
        guard let input = TowerInput(values: headers.map(\.beacon.bytes), height: Height(number * length))
        else {
            throw .bug("a round has no blocks")
        }
        return (headers, profile, input)
    }

    /// The tower that the chain's elections use, or the standard one where nobody is elected.
    private static func profile(of chain: JSONValue) -> TowerProfile {
        let tower = chain["parameters"]?["elections"]?["tower"]
        guard let lookups = tower?["lookups"]?.uint64.flatMap({ UInt32(exactly: $0) }),
            let hashes = tower?["hashes"]?.uint64,
            let profile = TowerProfile(lookups: lookups, hashes: hashes)
        else { return .standard }
        return profile
    }
}
