import API
import Crypto
import JSON
import Ledger
import Primitives
import Randomness
import Testing

@Suite struct DrawFileTests {
    private let chain = ChainID(SHA256.hash([1]).bytes)

    // A round of four blocks, the second of its chain.
    private func headers() -> [BlockHeader] {
        var beacon = SHA256.hash([2]).bytes
        return (5...8 as ClosedRange<UInt64>).map { height in
            var header = BlockHeader(
                chain: chain, height: Height(height), round: Round(2), view: View(height - 3))
            header.reveal = SHA256.hash([UInt8(height)])
            beacon = Beacon.next(previous: beacon, reveal: header.reveal.bytes, slot: header.view.value)
            header.beacon = Digest(beacon)
            return header.signed(by: key(height))
        }
    }

    private func file() throws -> DrawFile {
        let request = try DrawRequest(label: "lottery", from: 1, to: 49, count: 6, unique: true)
        return try #require(DrawFile(round: headers(), profile: .test, request: request))
    }

    private func trust(_ file: DrawFile) -> DrawTrust {
        var trust = DrawTrust()
        trust.block = file.header.id
        trust.chain = chain
        trust.roundLength = 4
        trust.profile = .test
        return trust
    }

    @Test func aFileVerifiesOfflineAndReadsBackEqual() throws {
        let file = try file()
        try file.verify(trust(file))
        try file.verify(DrawTrust())
        let again = try DrawFile(JSONParser.parse(JSONWriter.pretty(file.json)))
        #expect(again == file)
        try again.verify(trust(file))
        #expect(Set(file.result).count == 6)
        #expect(try file.segments(trust(file)).count == 9)
    }

    /// Every place where a value stands in the file, with the field that a refusal may name.
    private static let fields: [(path: [JSONPath.Step], named: String)] = [
        (["format"], "format"), (["chain"], "chain"), (["round"], "round"),
        (["roundLength"], "roundLength"), (["header"], "header"),
        (["blocks", 0, "beacon"], "blocks[1]"), (["blocks", 1, "beacon"], "blocks[2]"),
        (["blocks", 1, "reveal"], "blocks[1]"), (["blocks", 2, "view"], "blocks[2]"),
        (["blocks", 3, "beacon"], "blocks[3].beacon"), (["blocks", 3, "view"], "blocks[3]"),
        (["tower", "profile"], "tower.profile"), (["tower", "checkpoints", 0], "tower.checkpoints[0]"),
        (["tower", "checkpoints", 8], "tower.output"), (["tower", "output"], "tower.output"),
        (["request", "label"], "request"), (["request", "min"], "request"), (["request", "max"], "request"),
        (["request", "count"], "request"), (["request", "unique"], "request"),
        (["request", "commitment"], "request"), (["result", 0], "result[0]"), (["result", 5], "result[5]"),
    ]

    @Test(arguments: fields.indices)
    func everyAlteredFieldIsRefusedByName(_ index: Int) throws {
        let (path, named) = Self.fields[index]
        let file = try file()
        let altered = Self.change(file.json, path[...])
        #expect(altered != file.json)
        let trusts = [trust(file), DrawTrust()]
        for trust in trusts {
            let rejection = #expect(throws: DrawFileRejection.self) {
                try DrawFile(altered).verify(trust)
            }
            // Without a chain to ask, a profile is wrong by the checkpoints that it does not fit.
            let isCount = named == "tower.profile" && trust.profile == nil
            let expected = isCount ? "tower.checkpoints" : named
            #expect(rejection?.field == expected, "\(String(describing: rejection))")
        }
    }

    @Test func missingAndUnknownFieldsAreNamed() throws {
        let json = try file().json
        for key in json.object?.keys ?? [] {
            var object = try #require(json.object)
            object[key] = nil
            #expect(throws: DrawFileRejection.self) { try DrawFile(.object(object)) }
            object[key] = json[key]
            object["more"] = 1
            let named = #expect(throws: DrawFileRejection.self) { try DrawFile(.object(object)) }
            #expect(named?.field == "more")
            #expect(named?.fault == .unknown)
        }
    }

    // A certificate by members 5 to 8, of whom three must sign.
    private func finality(
        by signers: ClosedRange<UInt64> = 5...8, of block: BlockID, round: UInt64 = 2,
        kind: VoteKind = .finalize
    ) throws -> DrawFinality {
        let members = try #require(MemberSet((5...8 as ClosedRange<UInt64>).map { key($0).publicKey }))
        let ballot = Ballot(kind, round: Round(round), view: View(9), block: block)
        let votes = signers.map { Vote(ballot, on: chain, by: key($0)) }
        return DrawFinality(
            certificate: Certificate(ballot, votes: votes, members: members), members: members)
    }

    @Test func aCertificateOfTheMembersProvesTheHeaderInsteadOfABlock() throws {
        var file = try file()
        var trust = DrawTrust()
        file.finality = try finality(of: file.header.id)
        trust.members = file.finality.map { DrawFinality.fingerprint(of: $0.members) }
        try file.verify(trust)
        let again = try DrawFile(JSONParser.parse(JSONWriter.pretty(file.json)))
        #expect(again == file)
        try again.verify(trust)
        file.finality = nil
        #expect(throws: DrawFileRejection.self) { try file.verify(trust) }
    }

    @Test func aCertificateThatProvesLessIsRefusedByName() throws {
        let file = try file()
        let id = file.header.id
        let other = BlockID(SHA256.hash([9]).bytes)
        let wrong = [
            try finality(by: 5...6, of: id), try finality(of: other), try finality(of: id, round: 3),
            try finality(of: id, kind: .notarize),
        ]
        for finality in wrong {
            var altered = file
            altered.finality = finality
            let rejection = #expect(throws: DrawFileRejection.self) { try altered.verify(DrawTrust()) }
            #expect(rejection?.field == "finality.certificate")
        }
        var trust = DrawTrust()
        trust.members = SHA256.hash([3])
        var foreign = file
        foreign.finality = try finality(of: id)
        let rejection = #expect(throws: DrawFileRejection.self) { try foreign.verify(trust) }
        #expect(rejection?.field == "finality.members")
    }

    @Test func alteredFinalityIsRefused() throws {
        var file = try file()
        file.finality = try finality(of: file.header.id)
        for path in [["finality", "certificate"], ["finality", "members", 0]] as [[JSONPath.Step]] {
            let altered = Self.change(file.json, path[...])
            #expect(altered != file.json)
            #expect(throws: DrawFileRejection.self) { try DrawFile(altered).verify(DrawTrust()) }
        }
    }

    @Test func aRoundWhoseBeaconsAreBlockIDsHasNoFile() throws {
        let request = try DrawRequest(label: "a", from: 1, to: 2, count: 1, unique: false)
        var round = headers()
        #expect(DrawFile.areLinked(round))
        for place in round.indices.dropFirst() {
            round[place].parent = round[place - 1].id
            round[place].beacon = Digest(round[place].parent.bytes)
        }
        #expect(!DrawFile.areLinked(round))
        #expect(DrawFile(round: round, profile: .test, request: request) == nil)
    }

    @Test func aGenuineHeaderInTheMiddleOfARoundIsRefused() throws {
        let two = Array(headers().prefix(2))
        let request = try DrawRequest(label: "a", from: 1, to: 2, count: 1, unique: false)
        #expect(DrawFile(round: two, profile: .test, request: request) == nil)
        let file = try file()
        var longer = trust(file)
        longer.roundLength = 8
        let rejection = #expect(throws: DrawFileRejection.self) { try file.verify(longer) }
        #expect(rejection?.field == "roundLength")
        var other = trust(file)
        other.profile = .standard
        #expect(throws: DrawFileRejection.self) { try file.verify(other) }
        var elsewhere = trust(file)
        elsewhere.block = .zero
        let named = #expect(throws: DrawFileRejection.self) { try file.verify(elsewhere) }
        #expect(named?.field == "header")
    }

    private static func change(_ value: JSONValue, _ path: ArraySlice<JSONPath.Step>) -> JSONValue {
        guard let step = path.first else { return altered(value) }
        switch (step, value) {
        case (.key(let key), .object(var object)):
            if let inner = object[key] { object[key] = change(inner, path.dropFirst()) }
            return .object(object)
        case (.index(let place), .array(var array)):
            array[place] = change(array[place], path.dropFirst())
            return .array(array)
        default: return value
        }
    }

    // Another value of the same form.
    private static func altered(_ value: JSONValue) -> JSONValue {
        switch value {
        case .bool(let flag): return .bool(!flag)
        case .integer(let number): return JSONValue((number.uint64 ?? 0) + 1)
        case .string("test"): return "standard"
        case .string(let text):
            if let number = UInt64(text), text.count < 21 { return .string("\(number + 1)") }
            var characters = Array(text)
            let last = characters.count - 1
            characters[last] = characters[last] == "1" ? "2" : "1"
            return .string(String(characters))
        default: return value
        }
    }
}
