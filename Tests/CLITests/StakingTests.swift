import CLI
import Crypto
import JSON
import Ledger
import Primitives
import Staking
import Testing

@Suite struct StakingTests {
    // MARK: A draw is drawn again

    private func key(_ number: UInt64) -> PublicKey { PublicKey(SHA256.hash(Bytes32(0, 0, 0, number)).bytes) }

    private let beacon = Digest(SHA256.hash(Bytes32(1, 2, 3, 4)).bytes)
    private let average = Coefficient(units: 3 << 30)

    /// What an honest node says of round 7: twelve candidates, of whom some never stood before.
    private func round() throws -> JSONObject {
        let miners = (1...12 as ClosedRange<UInt64>).map { number in
            let drawn = number % 4 == 0 ? 0 : number * 3
            return (
                key: key(number), produced: drawn == 0 ? 0 : drawn - number % 3, drawn: drawn,
                votes: number << 40
            )
        }
        var candidates: [Candidate] = []
        var list: [JSONValue] = []
        for miner in miners {
            let v = Coefficient(produced: miner.produced, drawn: miner.drawn, average: average)
            let weight = try #require(v.weight(of: miner.votes))
            candidates.append(Candidate(key: miner.key, weight: weight))
            list.append([
                "key": .string(miner.key.hex), "name": .null, "produced": JSONValue(miner.produced),
                "drawn": JSONValue(miner.drawn), "coefficient": .string("\(v.units)"),
                "votes": ["units": .string("\(miner.votes)")], "weight": ["units": .string("\(weight)")],
            ])
        }
        let seed = Election.seed(round: Round(7), beacon: beacon)
        let members = try Election.draw(candidates, seed: seed, seats: 5).sorted()
        var object = JSONObject()
        object["round"] = 7
        object["beacon"] = .string(beacon.hex)
        object["seed"] = .string(seed.hex)
        object["seats"] = 5
        object["average"] = .string("\(average.units)")
        object["candidateCount"] = 12
        object["candidates"] = .array(list)
        object["members"] = .array(members.map { ["key": .string($0.hex)] })
        return object
    }

    @Test func anHonestDrawHasNoFindings() throws {
        #expect(try Draw(.object(round())).findings() == [])
    }

    @Test(arguments: ["weight", "votes", "produced", "coefficient"])
    func aChangedFigureOfACandidateIsFound(_ figure: String) throws {
        var round = try round()
        var list = try #require(round["candidates"]?.array)
        var first = try #require(list[0].object)
        switch figure {
        case "produced": first[figure] = 4
        case "coefficient": first[figure] = "1"
        default: first[figure] = ["units": "7"]
        }
        list[0] = .object(first)
        round["candidates"] = .array(list)
        #expect(try !Draw(.object(round)).findings().isEmpty)
    }

    @Test func aMemberThatWasNotDrawnIsFound() throws {
        var round = try round()
        var members = try #require(round["members"]?.array)
        let sitting = Set(members.compactMap { $0["key"]?.string })
        let stranger = try #require((1...12).map { key($0).hex }.first { !sitting.contains($0) })
        members[2] = ["key": .string(stranger)]
        round["members"] = .array(members)
        let findings = try Draw(.object(round)).findings()
        #expect(findings.contains("\(stranger) sits and was not drawn") && findings.count == 2)
    }

    @Test func anotherSeedOrAMissingCandidateIsFound() throws {
        var seeded = try round()
        seeded["seed"] = .string(beacon.hex)
        #expect(try Draw(.object(seeded)).findings().count == 1)
        var shorter = try round()
        shorter["candidates"] = .array(Array(try #require(shorter["candidates"]?.array).dropLast()))
        #expect(try !Draw(.object(shorter)).findings().isEmpty)
    }

    @Test func aRoundThatWasNotDrawnCannotBeVerified() throws {
        var first = try round()
        first["candidates"] = []
        #expect(throws: CommandFailure.self) { try Draw(.object(first)).findings() }
    }

    // MARK: Command lines

    @Test(arguments: [
        ("lock ad --amount 1", "etm lock add"), ("lock relaese x", "etm lock release"),
        ("vote form x", "etm vote for"), ("validator elect", "etm validator election"),
        ("validator regster x", "etm validator register"),
    ])
    func aTypoSaysWhatToType(_ line: String, _ hint: String) throws {
        let run = try Scratch().run(line + " --json")
        #expect(run.exit == .usage)
        #expect(try run.failure["hint"]?.string == hint)
    }

    @Test(arguments: [
        ("devnet up --seats 102", "BAD_VALUE"), ("devnet up --seats 0", "BAD_VALUE"),
        ("devnet up --work-bits 25", "BAD_VALUE"), ("devnet up --unbonding 1d", "MISSING_FLAG"),
        ("lock add", "MISSING_FLAG"), ("lock add --amount 1x", "BAD_VALUE"),
        ("lock release", "MISSING_ARGUMENT"),
        ("lock preview --amount 1 --after 32", "BAD_VALUE"), ("vote for", "MISSING_ARGUMENT"),
        ("vote for a b", "UNEXPECTED_ARGUMENT"), ("validator register North", "BAD_NAME"),
        ("validator election --round 0", "BAD_VALUE"), ("validator rewards --round x", "BAD_VALUE"),
    ])
    func aWrongLineIsRefusedBeforeAnythingIsAsked(_ line: String, _ code: String) throws {
        let scratch = try Scratch()
        scratch.environment.variables["ETM_DAPP_WORKER"] = "/bin/true"
        let run = scratch.run(line + " --json")
        #expect(run.exit == .usage)
        #expect(try run.failure["code"]?.string == code)
    }

    @Test(arguments: [
        "lock add --amount 1 --yes", "lock list", "lock preview --amount 1", "vote for x --yes", "vote list",
        "validator list", "validator register north --yes", "validator election --verify",
        "validator rewards",
    ])
    func aChainWithFixedMembersIsRefusedByName(_ line: String) throws {
        for more in ["", " --chain hello"] {
            let run = try SmallNode().serve { try Scratch().run("\(line)\(more) --json --node \($0)") }
            #expect(run.exit == .refused)
            #expect(try run.failure["code"] == "NO_ELECTIONS")
        }
    }

    @Test func stakeIsAnalysedOverThoseWhoStand() throws {
        let run = try SmallNode { $0.votes = [900, 60, 30, 10] }.serve {
            try Scratch().run("analyze stake --json --node \($0)")
        }
        let data = try run.json["data"]
        #expect(data?["miners"] == 3 && data?["seats"] == 1 && data?["round"] == 7)
        #expect(data?["votes"]?["nakamotoHalf"] == 1 && data?["votes"]?["nakamotoThird"] == 1)
        #expect(data?["largestShare"]?.description.hasPrefix("0.6") == true)
        let none = try SmallNode { $0.votes = [900, 0] }.serve {
            try Scratch().run("analyze stake --json --node \($0)")
        }
        #expect(try none.failure["code"] == "NO_VOTES")
        let fixed = try SmallNode().serve { try Scratch().run("analyze stake --json --node \($0)") }
        #expect(try fixed.failure["code"] == "NO_ELECTIONS")
    }
}
