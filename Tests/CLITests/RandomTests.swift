import CLI
import Crypto
import JSON
import Ledger
import Primitives
import Randomness
import Testing
import Transport

/// A node with eight final blocks of a chain whose rounds have four.
private final class RoundNode: HTTPHandler {
    private let headers: [BlockHeader]
    /// Whether it publishes towers, and which checkpoint of them is false.
    private let publishes: Bool
    private let falseCheckpoint: Int?

    init(_ signers: [KeyPair], publishes: Bool = false, falseCheckpoint: Int? = nil) {
        self.publishes = publishes
        self.falseCheckpoint = falseCheckpoint
        var beacon = Bytes32.zero
        headers = (1...9 as ClosedRange<UInt64>).map { height in
            let round = (height + 3) / 4
            var header = BlockHeader(
                chain: .zero, height: Height(height), round: Round(round),
                view: View(2 * (height - 4 * (round - 1))))
            header.reveal = SHA256.hash([UInt8(height)])
            beacon = Beacon.next(previous: beacon, reveal: header.reveal.bytes, slot: header.view.value)
            header.beacon = Digest(beacon)
            return header.signed(by: signers[Int(height) % signers.count])
        }
    }

    func serve<Result>(_ body: (String) throws -> Result) throws -> Result {
        let server = HTTPServer(handler: self)
        try server.start()
        defer { server.stop() }
        return try body("http://127.0.0.1:\(server.port ?? 0)")
    }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        responder.respond(.json(200, ["v": 1, "ok": true, "data": answer(request)]))
    }

    private func answer(_ request: HTTPRequest) -> JSONValue {
        let path = request.path.split(separator: "/").map(String.init)
        if path.count == 4, path[1] == "random" { return tower() }
        if path.count == 5, let height = Int(path[4]), headers.indices.contains(height - 1) {
            return summary(headers[height - 1])
        }
        if path.count == 4 { return ["blocks": .array(headers.reversed().map(summary))] }
        return [
            "final": 9,
            "parameters": [
                "roundLength": 4, "tower": publishes ? ["lookups": 8, "hashes": 10] : .null,
            ], "members": ["a", "b", "c"],
        ]
    }

    // That of the second round.
    private func tower() -> JSONValue {
        let values = headers[4..<8].map(\.beacon.bytes)
        guard let input = TowerInput(values: values, height: Height(8)) else { return .null }
        var checkpoints = TimeTower(over: input, profile: .test).checkpoints
        if let falseCheckpoint {
            checkpoints[falseCheckpoint] = Bytes32(0, 0, 0, 1)
        }
        let output = TimeTower(checkpoints: checkpoints)?.output ?? .zero
        return [
            "values": .array(values.map { .string(Digest($0).hex) }),
            "checkpoints": .array(checkpoints.map { .string(Digest($0).hex) }),
            "output": .string(Digest(output).hex),
        ]
    }

    private func summary(_ header: BlockHeader) -> JSONValue {
        [
            "height": JSONValue(header.height.value), "leader": .string(header.leader.hex),
            "round": JSONValue(header.round.value), "view": JSONValue(header.view.value),
            "header": .string(Hex.encode(header.encoded)),
        ]
    }
}

@Suite struct RandomTests {
    private func signers() throws -> [KeyPair] {
        try (1...2 as ClosedRange<UInt8>).map { number in
            var seed = [UInt8](repeating: number, count: 32)
            let pair = KeyPair(seed: SecretBytes(zeroing: &seed))
            return try #require(pair)
        }
    }

    @Test func aDrawIsWrittenAndVerifiedWithoutANode() throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/draw.json"
        let drawn = try RoundNode(signers()).serve { url in
            scratch.run(
                "random draw --min 1 --max 49 --count 6 --unique --tower test --out \(file) --node \(url) --json"
            )
        }
        let data = try drawn.json["data"]
        #expect(data?["round"] == 2)
        let block = try #require(data?["block"]?.string)
        let verified = scratch.run("random verify \(file) --block \(block) --length 4 --tower test --json")
        #expect(verified.exit == .done)
        #expect(try verified.json["data"]?["values"] == data?["values"])
        #expect(try verified.json["data"]?["assumed"] == [])
        let alone = scratch.run("random verify \(file) --json")
        #expect(try alone.json["data"]?["assumed"]?.array?.count == 3)
        let short = scratch.run("random verify \(file) --length 2 --json")
        #expect(short.exit == .checksFailed)
        #expect(try short.failure["field"] == "roundLength")
    }

    @Test func anAlteredDrawIsRefusedByItsField() throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/draw.json"
        _ = try RoundNode(signers()).serve { url in
            scratch.run("random draw --min 1 --max 6 --tower test --out \(file) --node \(url)")
        }
        let text = try #require(TemporaryFolder.read(file))
        TemporaryFolder.write(text.replacing("\"max\": \"6\"", with: "\"max\": \"7\""), to: file)
        let run = scratch.run("random verify \(file) --json")
        #expect(run.exit == .checksFailed)
        #expect(try run.failure["code"] == "BAD_DRAW")
        #expect(try run.failure["field"] == "request")
    }

    @Test func theBeaconIsTheOutputOfTheTower() throws {
        let scratch = try Scratch()
        try RoundNode(signers()).serve { url in
            let latest = try scratch.run("random latest --tower test --node \(url) --json").json["data"]
            let tower = try scratch.run("random tower --tower test --node \(url) --json").json["data"]
            #expect(latest?["beacon"] == tower?["output"])
            #expect(latest?["height"] == 8)
            let input: JSONValue = [
                "hashes": tower?["hashes"] ?? .null, "height": tower?["height"] ?? .null,
                "M": tower?["M"] ?? .null, "X": tower?["X"] ?? .null,
            ]
            let audit = scratch.run(["audit", "tower", "--json"], input: input.description)
            #expect(try audit.json["data"]?["output"] == tower?["output"])
            let early = scratch.run("random latest --round 3 --node \(url) --json")
            #expect(early.exit == .notFound)
        }
    }

    @Test func aPublishedTowerIsCheckedInItsPieces() throws {
        let scratch = try Scratch()
        try RoundNode(signers(), publishes: true).serve { url in
            let all = try scratch.run("random tower --verify --node \(url) --json").json["data"]
            #expect(all?["checked"] == 9 && all?["published"] == true)
            let some = try scratch.run("random tower --verify --samples 2 --node \(url) --json").json["data"]
            #expect(some?["checked"] == 2)
            let none = try scratch.run("random tower --node \(url) --json").json["data"]
            #expect(none?["checked"] == .null && none?["output"] == all?["output"])
            let latest = try scratch.run("random latest --node \(url) --json").json["data"]
            #expect(latest?["beacon"] == all?["output"])
            #expect(scratch.run("random tower --samples 2 --node \(url) --json").exit == .usage)
        }
    }

    @Test(arguments: [0, 4, 8]) func aFalseCheckpointIsFound(place: Int) throws {
        let scratch = try Scratch()
        let run = try RoundNode(signers(), publishes: true, falseCheckpoint: place).serve { url in
            scratch.run("random tower --verify --node \(url) --json")
        }
        #expect(run.exit == .checksFailed)
        #expect(try run.failure["code"] == "BAD_TOWER")
    }

    @Test func whatIsNotPublishedCannotBeChecked() throws {
        let scratch = try Scratch()
        let run = try RoundNode(signers()).serve { url in
            scratch.run("random tower --tower test --verify --node \(url) --json")
        }
        #expect(run.exit == .notFound)
    }

    @Test func aRangeUpsideDownIsRefusedBeforeANodeIsAsked() throws {
        let run = try Scratch().run("random draw --min 5 --max 4 --json")
        #expect(run.exit == .usage)
        #expect(try run.failure["message"]?.string?.contains("--max") == true)
    }

    @Test func productionIsCountedByLeaderAndByFailedView() throws {
        let scratch = try Scratch()
        try RoundNode(signers()).serve { url in
            let production = try scratch.run("analyze production --node \(url) --json").json["data"]
            #expect(production?["blocks"] == 9)
            #expect(production?["producers"]?[0]?["blocks"] == 5)
            // Every second view of a round failed: three in each whole one.
            #expect(production?["failedViews"] == 6)
            let data = try scratch.run("analyze decentralization --node \(url) --json").json["data"]
            #expect(data?["nakamotoHalf"] == 1)
            #expect(data?["nakamotoThird"] == 1)
            #expect(data?["producers"] == 2)
            #expect(data?["lorenz"]?.array?.count == 3)
        }
    }
}
