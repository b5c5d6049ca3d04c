import CLI
import Crypto
import JSON
import Primitives
import Testing

@Suite struct AuditTests {
    private func audit(_ name: String, _ input: JSONValue) throws -> Run {
        try Scratch().run(["audit", name, "--json"], input: input.description)
    }

    private func vectors(_ name: String) throws -> JSONValue {
        try JSONParser.parse(Fixture.bytes(name), limits: JSONLimits(maximumBytes: 1 << 24))
    }

    private func near(_ got: JSONValue?, _ expected: JSONValue?) throws -> Bool {
        let left = try #require(got.flatMap { Double($0.description) })
        let right = try #require(expected.flatMap { Double($0.description) })
        return (left - right).magnitude <= 1e-9 * right.magnitude
    }

    @Test func indicesMatchTheVectors() throws {
        let rows = try #require(vectors("etm-chaos.json")["limits"]?.array)
        for row in rows {
            let run = try audit(
                "index",
                ["id": row["id"] ?? .null, "slot": row["slot"] ?? .null, "limit": row["limit"] ?? .null])
            #expect(try run.json["data"]?["index"] == row["index"])
        }
        #expect(rows.count == 7)
    }

    @Test func towersMatchTheVectors() throws {
        for row in try #require(vectors("etm-timetower.json")["towers"]?.array) {
            let count = try #require(row["N"]?.int)
            let hashes = (0..<count).map { JSONValue.string(SHA256.hash(Array("tower/\($0)".utf8)).hex) }
            let data = try audit(
                "tower",
                [
                    "hashes": .array(hashes), "height": row["height"] ?? .null, "M": row["M"] ?? .null,
                    "X": row["X"] ?? .null,
                ]
            ).json["data"]
            #expect(data?["output"] == row["output"])
            #expect(data?["picks"] == row["picks"])
            #expect(data?["checkpoints"] == row["checkpoints"])
        }
    }

    @Test func chancesAndEntropyMatchTheVectors() throws {
        let security = try vectors("etm-security.json")
        for row in try #require(security["doubleSpend"]?.array) {
            let run = try audit("doubleSpend", ["q": row["q"] ?? .null, "z": row["z"] ?? .null])
            #expect(try near(run.json["data"]?["exact"], row["exact"]))
        }
        for row in try #require(security["seats"]?.array) {
            for least in [33, 51, 68, 69] {
                let run = try audit(
                    "seats", ["share": row["share"] ?? .null, "seats": 101, "atLeast": JSONValue(least)])
                #expect(try near(run.json["data"]?["probability"], row["p\(least)"]))
            }
        }
        let stake = try #require(security["stake"])
        let values = try #require(stake["values"]?.array).map { JSONValue.string($0.description) }
        let data = try audit("entropy", ["values": .array(values)]).json["data"]
        #expect(try near(data?["entropy"], stake["entropy"]))
        #expect(try near(data?["normalized"], stake["normalized"]))
        #expect(data?["nakamotoHalf"] == stake["nakamotoHalf"])
    }

    @Test func stakesAndElectionsMatchTheVectors() throws {
        let vote = try vectors("etm-vote.json")
        for row in try #require(vote["stakeMap"]?.array) {
            let run = try audit("stakeMap", ["amount": row["amount"] ?? .null])
            #expect(try run.json["data"]?["concave"] == row["concave"])
        }
        for row in try #require(vote["voters"]?.array) {
            let run = try audit("voter", ["now": row["now"] ?? .null, "locks": row["locks"] ?? .null])
            #expect(try run.json["data"]?["weight"] == row["weight"])
        }
        for row in try #require(vote["optimalCoefficient"]?.array) {
            let run = try audit(
                "coefficient", ["m": row["m"] ?? .null, "n": row["n"] ?? .null, "average": 3_000_000_000])
            #expect(try run.json["data"]?["v"] == row["v"])
        }
        for row in try #require(vote["effectiveWeight"]?.array) {
            let run = try audit("effectiveWeight", ["votes": row["votes"] ?? .null, "v": row["v"] ?? .null])
            #expect(try run.json["data"]?["weight"] == row["weight"])
        }
        for row in try #require(vectors("etm-election.json")["draws"]?.array) {
            let input = row.object?.members.filter { ["seats", "seed", "candidates"].contains($0.key) } ?? []
            let run = try audit("election", .object(JSONObject(input) ?? JSONObject()))
            let drawn = (row["drawn"]?.array ?? []).compactMap(\.string).sorted().map { JSONValue.string($0) }
            #expect(try run.json["data"]?["members"] == .array(drawn))
        }
    }

    @Test func rewardsAndTheBonusMatchTheVectors() throws {
        for row in try #require(vectors("etm-rewards.json")["heights"]?.array) {
            let data = try audit("reward", ["height": row["height"] ?? .null]).json["data"]
            for name in ["reward", "bonus", "mintedRewards", "mintedBonus"] {
                #expect(data?[name]?.string == (row[name]?.string ?? row[name]?.description))
            }
        }
        for name in ["tiny", "luckyWithoutVoters"] {
            let row = try #require(vectors("etm-bonus.json")[name])
            let input = row.object?.members.filter { $0.key != "result" } ?? []
            let data = try audit("bonus", .object(JSONObject(input) ?? JSONObject())).json["data"]
            #expect(data?["carry"]?.string == row["result"]?["carry"]?.description)
            let expected = (row["result"]?["payments"]?.object?.members ?? []).map { "\($0.key) \($0.value)" }
            let got = (data?["payments"]?.object?.members ?? []).map { "\($0.key) \($0.value.string ?? "")" }
            #expect(got == expected)
        }
    }

    @Test func aMerkleRootIsTheOneOfTheTree() throws {
        let run = try audit("merkle", ["leaves": ["747830", "747831", "747832"]])
        #expect(
            try run.json["data"]?["root"]
                == "e52026eebb267b65f2d684eb8bea5aefc48d0224008bae3108ff4d29ccdd189e")
        #expect(
            try audit("merkle", ["leaves": []]).json["data"]?["root"]
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func filesAreReadAndPeopleSeeLines() throws {
        let scratch = try Scratch()
        TemporaryFolder.write("{\"q\": 0.1, \"z\": 1}\n", to: "\(scratch.path)/a.json")
        let run = scratch.run("audit doubleSpend \(scratch.path)/a.json")
        #expect(run.exit == .done)
        #expect(run.output == "exact  0.2\n")
        #expect(scratch.run("audit doubleSpend \(scratch.path)/b.json").exit == .notFound)
    }

    @Test(arguments: [
        ("index", "{\"id\":\"00\",\"slot\":1,\"limit\":5}", "BAD_FIELD", "id"),
        ("index", "{\"slot\":1,\"limit\":5}", "MISSING_FIELD", "id"),
        ("doubleSpend", "{\"q\":1.5,\"z\":5}", "BAD_FIELD", "q"),
        ("doubleSpend", "{\"q\":0.1,\"z\":-5}", "BAD_FIELD", "z"),
        ("doubleSpend", "{\"q\":0.1,\"z\":5,\"x\":1}", "UNKNOWN_FIELD", "x"),
        ("doubleSpend", "[]", "BAD_FIELD", ""),
        ("entropy", "{\"values\":[\"1\",\"01\"]}", "BAD_FIELD", "values[1]"),
        ("entropy", "{\"values\":[\"18446744073709551616\"]}", "BAD_FIELD", "values[0]"),
        ("entropy", "{\"values\":[0,0]}", "BAD_FIELD", "values"),
        ("entropy", "{\"values\":[]}", "BAD_FIELD", "values"),
        ("merkle", "{\"leaves\":[\"0\"]}", "BAD_FIELD", "leaves[0]"),
        ("tower", "{\"hashes\":[],\"height\":1,\"M\":1,\"X\":1}", "BAD_FIELD", "hashes"),
        ("draw", "{\"beacon\":1}", "BAD_FIELD", "beacon"),
        ("coefficient", "{\"m\":2,\"n\":1,\"average\":1}", "BAD_FIELD", "m"),
        ("coefficient", "{\"m\":0,\"n\":0}", "MISSING_FIELD", "average"),
        ("effectiveWeight", "{\"votes\":\"18446744073709551615\",\"v\":4294967297}", "BAD_FIELD", "v"),
        ("voter", "{\"now\":5,\"locks\":[{\"amount\":\"1\",\"anchor\":6}]}", "BAD_FIELD", "locks[0].anchor"),
        ("voter", "{\"now\":5,\"locks\":[{\"amount\":\"1\",\"age\":6}]}", "UNKNOWN_FIELD", "locks[0].age"),
        (
            "bonus", "{\"pool\":1,\"carry\":0,\"producers\":[\"a\",\"a\"],\"voters\":{},\"lucky\":0}",
            "BAD_FIELD",
            "producers[1]"
        ),
        (
            "bonus", "{\"pool\":1,\"carry\":0,\"producers\":[\"a\"],\"voters\":{\"b\":{}},\"lucky\":0}",
            "UNKNOWN_FIELD", "voters.b"
        ),
    ])
    func aWrongFieldIsNamed(_ name: String, _ input: String, _ code: String, _ field: String) throws {
        let run = try Scratch().run(["audit", name, "--json"], input: input)
        #expect(run.exit == .usage)
        #expect(try run.failure["code"] == .string(code))
        #expect(try run.failure["field"] == .string(field))
        #expect(try run.failure["at"]?["line"] == 1)
    }

    @Test func aTowerOfTooManyHashesIsRefused() throws {
        let hash = String(repeating: "0", count: 64)
        let input = "{\"hashes\":[\"\(hash)\"],\"height\":1,\"M\":65535,\"X\":4294967296}"
        let run = try Scratch().run(["audit", "tower", "--json"], input: input)
        #expect(try run.failure["field"] == "X")
    }

    @Test func textThatIsNoJSONIsPlaced() throws {
        let run = try Scratch().run(["audit", "entropy", "--json"], input: "{\n  \"values\": [1,]\n}")
        #expect(run.exit == .usage)
        #expect(try run.failure["code"] == "BAD_JSON")
        #expect(try run.failure["at"]?["line"] == 2)
    }

    @Test func everyFunctionIsListedAndAWrongNameIsCorrected() throws {
        let list = try #require(Scratch().run("audit --list --json").json["data"]?.array)
        let names = list.compactMap { $0["name"]?.string }
        #expect(Set(names).isSuperset(of: ["index", "tower", "merkle", "doubleSpend", "seats", "entropy"]))
        #expect(Set(names).count == names.count)
        let run = try Scratch().run(["audit", "indx"], input: "{}")
        #expect(run.exit == .usage)
        #expect(run.error.contains("did you mean \"index\"?"))
        #expect(try Scratch().run("audit").exit == .usage)
    }

    @Test func aDrawRepeatsWhatTheLibraryDraws() throws {
        let data = try audit(
            "draw",
            [
                "beacon": .string(SHA256.hash(Array("beacon".utf8)).hex), "label": "lottery", "min": 1,
                "max": "49", "count": 6, "unique": true,
            ]
        ).json["data"]
        #expect(data?["values"] == ["13", "34", "46", "32", "45", "1"])
        #expect(
            data?["commitment"] == "3a261a99e57d85bece4a6b69d325a6546177b10a3e7691d69b72659fc5a86bca")
    }
}
