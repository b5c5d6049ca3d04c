internal import Crypto
public import JSON
internal import Ledger
internal import Primitives
internal import Randomness

/// The file's text: one JSON object with every field once, in this order.
extension DrawFile {
    /// The object.
    public var json: JSONValue {
        guard let finality, var object = unproved.object else { return unproved }
        object["finality"] = [
            "certificate": .string(Hex.encode(finality.certificate.encoded)),
            "members": .array(finality.members.keys.map { .string($0.hex) }),
        ]
        return .object(object)
    }

    private var unproved: JSONValue {
        [
            "format": .string(Self.format), "chain": .string(chain.hex), "round": JSONValue(round.value),
            "roundLength": JSONValue(roundLength), "header": .string(Hex.encode(header.encoded)),
            "blocks": .array(links.map(Self.json)),
            "tower": [
                "profile": .string(profile.name ?? ""),
                "checkpoints": .array(tower.checkpoints.map { .string(Digest($0).hex) }),
                "output": .string(Digest(output).hex),
            ],
            "request": [
                "label": .string(request.label), "min": .string(String(request.minimum)),
                "max": .string(String(request.maximum)), "count": JSONValue(UInt64(request.count)),
                "unique": .bool(request.isUnique), "commitment": .string(Digest(commitment).hex),
            ],
            "result": .array(result.map { .string(String($0)) }),
        ]
    }

    private static func json(_ link: Link) -> JSONValue {
        guard let fresh = link.fresh, let view = link.view else {
            return ["beacon": .string(Digest(link.beacon).hex)]
        }
        return [
            "beacon": .string(Digest(link.beacon).hex), "reveal": .string(Digest(fresh).hex),
            "view": JSONValue(view),
        ]
    }

    /// Reads the object; nothing is proved yet.
    public init(_ value: JSONValue) throws(DrawFileRejection) {
        let fields = try Fields(
            value, "",
            ["format", "chain", "round", "roundLength", "header", "blocks", "tower", "request", "result"],
            optional: ["finality"])
        try DrawFileRejection.compare("format", try fields.text("format"), Self.format)
        let tower = try Fields(
            try fields.value("tower"), "tower.", ["profile", "checkpoints", "output"])
        guard let profile = TowerProfile(name: try tower.text("profile")) else {
            throw DrawFileRejection("tower.profile", .malformed(expected: "test, standard or delay"))
        }
        var checkpoints: [Bytes32] = []
        for (place, element) in try tower.list("checkpoints", most: profile.segmentCount).enumerated() {
            checkpoints.append(try Fields.bytes32(element, "tower.checkpoints[\(place)]"))
        }
        guard let built = TimeTower(checkpoints: checkpoints) else {
            throw DrawFileRejection("tower.checkpoints", .malformed(expected: "two checkpoints at least"))
        }
        self.init(
            chain: ChainID(try fields.bytes32("chain")), round: Round(try fields.integer("round")),
            roundLength: try fields.integer("roundLength"), header: try Self.header(fields),
            links: try Self.links(fields), tower: (profile, built, try tower.bytes32("output")),
            draw: try Self.draw(fields))
        finality = try fields.optional("finality").map(Self.finality)
    }

    private static func finality(_ value: JSONValue) throws(DrawFileRejection) -> DrawFinality {
        let record = try Fields(value, "finality.", ["certificate", "members"])
        guard let bytes = Hex.decode(try record.text("certificate")),
            let certificate = try? Certificate(decoding: bytes)
        else {
            throw DrawFileRejection(
                "finality.certificate", .malformed(expected: "the bytes of a certificate"))
        }
        var keys: [PublicKey] = []
        for (place, element) in try record.list("members", most: MemberSet.most).enumerated() {
            keys.append(PublicKey(try Fields.bytes32(element, "finality.members[\(place)]")))
        }
        guard let members = MemberSet(keys), members.keys == keys else {
            throw DrawFileRejection(
                "finality.members", .malformed(expected: "different keys in rising order"))
        }
        return DrawFinality(certificate: certificate, members: members)
    }

    private static func header(_ fields: Fields) throws(DrawFileRejection) -> BlockHeader {
        let text = try fields.text("header")
        guard let bytes = Hex.decode(text), let header = try? BlockHeader(decoding: bytes) else {
            throw DrawFileRejection("header", .malformed(expected: "the bytes of a version 1 header"))
        }
        return header
    }

    private static func links(_ fields: Fields) throws(DrawFileRejection) -> [Link] {
        var links: [Link] = []
        for (place, element) in try fields.list("blocks", most: longestRound).enumerated() {
            let isFirst = place == 0
            let block = try Fields(
                element, "blocks[\(place)].", isFirst ? ["beacon"] : ["beacon", "reveal", "view"])
            links.append(
                Link(
                    beacon: try block.bytes32("beacon"), fresh: isFirst ? nil : try block.bytes32("reveal"),
                    view: isFirst ? nil : try block.integer("view")))
        }
        return links
    }

    private static func draw(
        _ fields: Fields
    ) throws(DrawFileRejection) -> (request: DrawRequest, commitment: Bytes32, result: [UInt64]) {
        let record = try Fields(
            try fields.value("request"), "request.",
            ["label", "min", "max", "count", "unique", "commitment"])
        let (label, count) = (try record.text("label"), UInt32(clamping: try record.integer("count")))
        let (minimum, maximum) = (try record.integer("min"), try record.integer("max"))
        let unique = try record.flag("unique")
        let request: DrawRequest
        do {
            request = try DrawRequest(
                label: label, from: minimum, to: maximum, count: count, unique: unique)
        } catch {
            throw DrawFileRejection("request", .malformed(expected: "a draw that can be held"))
        }
        var result: [UInt64] = []
        for (place, element) in try fields.list("result", most: Int(DrawRequest.counts.upperBound))
            .enumerated()
        {
            result.append(try Fields.integer(element, "result[\(place)]"))
        }
        return (request, try record.bytes32("commitment"), result)
    }
}

/// The fields of one object of the file.
private struct Fields {
    private let object: JSONObject
    private let prefix: String

    init(
        _ value: JSONValue, _ prefix: String, _ known: [String], optional: [String] = []
    ) throws(DrawFileRejection) {
        guard let object = value.object else {
            throw DrawFileRejection(String(prefix.dropLast()), .malformed(expected: "an object"))
        }
        self.object = object
        self.prefix = prefix
        for key in object.keys where !known.contains(key) && !optional.contains(key) {
            throw DrawFileRejection(prefix + key, .unknown)
        }
    }

    func value(_ key: String) throws(DrawFileRejection) -> JSONValue {
        guard let value = object[key] else { throw DrawFileRejection(prefix + key, .missing) }
        return value
    }

    func optional(_ key: String) -> JSONValue? { object[key] }

    func text(_ key: String) throws(DrawFileRejection) -> String {
        guard let text = try value(key).string else {
            throw DrawFileRejection(prefix + key, .malformed(expected: "a string"))
        }
        return text
    }

    func flag(_ key: String) throws(DrawFileRejection) -> Bool {
        guard let flag = try value(key).bool else {
            throw DrawFileRejection(prefix + key, .malformed(expected: "true or false"))
        }
        return flag
    }

    func integer(_ key: String) throws(DrawFileRejection) -> UInt64 {
        try Fields.integer(try value(key), prefix + key)
    }

    func bytes32(_ key: String) throws(DrawFileRejection) -> Bytes32 {
        try Fields.bytes32(try value(key), prefix + key)
    }

    func list(_ key: String, most: Int) throws(DrawFileRejection) -> [JSONValue] {
        guard let list = try value(key).array, list.count <= most else {
            throw DrawFileRejection(prefix + key, .malformed(expected: "a list of at most \(most)"))
        }
        return list
    }

    // A number, or its decimal digits; no value has two forms that both pass.
    static func integer(_ value: JSONValue, _ field: String) throws(DrawFileRejection) -> UInt64 {
        let number =
            value.uint64
            ?? value.string.flatMap { text in UInt64(text).flatMap { "\($0)" == text ? $0 : nil } }
        guard let number else { throw DrawFileRejection(field, .malformed(expected: "a whole number")) }
        return number
    }

    static func bytes32(_ value: JSONValue, _ field: String) throws(DrawFileRejection) -> Bytes32 {
        guard let bytes = value.string.flatMap({ Digest(hex: $0) })?.bytes else {
            throw DrawFileRejection(field, .malformed(expected: "32 bytes in hexadecimal"))
        }
        return bytes
    }
}
