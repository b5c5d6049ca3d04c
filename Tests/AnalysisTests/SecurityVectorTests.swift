import Analysis
import Testing

/// Every figure of the published vector file, with a relative tolerance of 1e-9.
@Suite struct SecurityVectorTests {
    private let vectors: [String: Any]

    init() throws { vectors = try Fixture.object("etm-security.json") }

    private func object(_ name: String) throws -> [String: Any] {
        try #require(vectors[name] as? [String: Any])
    }

    private func list(_ name: String) throws -> [[String: Any]] {
        try #require(vectors[name] as? [[String: Any]])
    }

    private func number(_ value: Any?) throws -> Double {
        try #require((value as? Double) ?? (value as? Int).map(Double.init))
    }

    private func near(_ got: Double?, _ value: Any?) throws -> Bool {
        let (got, expected) = (try #require(got), try number(value))
        return (got - expected).magnitude <= 1e-9 * expected.magnitude
    }

    @Test func entropyAndDivergenceMatch() throws {
        let stake = try object("stake")
        let values = try #require(stake["values"] as? [UInt64])
        let shares = try #require(Entropy.shares(of: values))
        #expect(try near(Entropy.shannon(shares), stake["entropy"]))
        #expect(try near(Entropy.normalized(shares), stake["normalized"]))
        #expect(try near(Entropy.divergenceFromUniform(shares), stake["klToUniform"]))
        let even = [Double](repeating: 0.1, count: 10)
        #expect(try near(Entropy.divergence(shares, from: even), stake["klToUniform"]))
        #expect(Concentration.nakamoto(values, over: 1, of: 2) == stake["nakamotoHalf"] as? Int)
        #expect(Concentration.nakamoto(values, over: 1, of: 3) == stake["nakamotoThird"] as? Int)
        let roots = values.map { Double($0).squareRoot() }
        let mapped = roots.map { $0 / roots.reduce(0, +) }
        for (got, expected) in zip(mapped, try #require(stake["sqrtShares"] as? [Double])) {
            #expect(try near(got, expected))
        }
        #expect(try near(Entropy.shannon(mapped), stake["sqrtEntropy"]))
        #expect(try near(Entropy.divergenceFromUniform(mapped), stake["sqrtKl"]))
    }

    @Test func theGibbsLawMatches() throws {
        let gibbs = try object("gibbs")
        let energies = try #require(gibbs["energies"] as? [Int]).map(Double.init)
        let law = try #require(Entropy.Gibbs(energies: energies, mean: try number(gibbs["mean"])))
        #expect(try near(law.beta, gibbs["beta"]))
        for (got, expected) in zip(law.weights, try #require(gibbs["weights"] as? [Double])) {
            #expect(try near(got, expected))
        }
        #expect(Entropy.Gibbs(energies: energies, mean: 4) == nil)
        #expect(Entropy.Gibbs(energies: [], mean: 1) == nil)
    }

    @Test func seatsOfACoalitionMatch() throws {
        let rows = try list("seats")
        #expect(rows.count == 7)
        for row in rows {
            let share = try number(row["share"])
            for least in [33, 51, 68, 69] {
                let got = Seats.binomial(share: share, seats: 101, atLeast: least)
                #expect(try near(got, row["p\(least)"]), "\(share), \(least)")
            }
            #expect(
                try near(Seats.chernoff(share: share, seats: 101, atLeast: 51), row["chernoff51"]))
        }
        for row in try list("hypergeometric") {
            let miners = try #require(row["miners"] as? Int)
            let coalition = try #require(row["coalition"] as? Int)
            for least in [51, 68] {
                let got = Seats.hypergeometric(
                    miners: miners, coalition: coalition, seats: 101, atLeast: least)
                #expect(try near(got, row["p\(least)"]))
            }
        }
        let cramer = try object("cramer")
        #expect(try near(Seats.rate(of: 51.0 / 101, chance: 0.49), cramer["rate"]))
        #expect(try near(Seats.chernoff(share: 0.49, seats: 101, atLeast: 51), cramer["bound"]))
        #expect(try near(Seats.binomial(share: 0.49, seats: 101, atLeast: 51), cramer["exact"]))
    }

    @Test func distinctProducersAndGrindingMatch() throws {
        let distinct = try object("distinctProducers")
        #expect(try near(Seats.expectedDistinct(members: 101, draws: 101), distinct["expected"]))
        #expect(try near(Seats.distinctDeviation(members: 101, draws: 101), distinct["sd"]))
        for row in try list("grinding") {
            let candidates = try #require(row["candidates"] as? Int)
            #expect(
                try near(
                    Seats.grinding(share: try number(row["share"]), candidates: candidates), row["nextIsOwn"])
            )
        }
    }

    @Test func doubleSpendsMatch() throws {
        let rows = try list("doubleSpend")
        #expect(rows.count == 22)
        for row in rows {
            let (q, z) = (try number(row["q"]), try #require(row["z"] as? Int))
            #expect(try near(DoubleSpend.probability(share: q, confirmations: z), row["exact"]))
            #expect(try near(DoubleSpend.probability(share: q, confirmations: z), row["beta"]))
            #expect(try near(DoubleSpend.poisson(share: q, confirmations: z), row["poisson2008"]))
        }
        for row in try list("confirmations") {
            let (q, risk) = (try number(row["q"]), try number(row["risk"]))
            #expect(DoubleSpend.confirmations(share: q, risk: risk) == row["exact"] as? Int)
            let poisson = DoubleSpend.confirmations(share: q, risk: risk) {
                DoubleSpend.poisson(share: $0, confirmations: $1)
            }
            #expect(poisson == row["poisson2008"] as? Int)
        }
        #expect(DoubleSpend.confirmations(share: 0.45, risk: 0.001) == 539)
    }

    @Test func gamesAndFlowsMatch() throws {
        let game = try object("miningGame")
        let effort = MiningGame.equilibriumEffort(miners: 10, reward: 100, unitCost: 2)
        #expect(try near(effort, game["effort"]))
        #expect(try near(effort, game["fixedPoint"]))
        #expect(try near(MiningGame.equilibriumProfit(miners: 10, reward: 100), game["profit"]))
        #expect(MiningGame.bestResponse(others: 9 * effort, reward: 100, unitCost: 2).isNear(effort))
        let producer = MiningGame.Producer(
            produced: 7, drawn: 9, stake: 1_000, others: 50_000, reward: 6, future: 20, epsilon: 0.05)
        for row in try list("producerUtility") {
            #expect(try near(producer.utility(act: try number(row["act"])), row["value"]))
        }
        let field = try object("meanField")
        for row in try #require(field["heatEntropy"] as? [[String: Any]]) {
            let variance = try number(row["v0"]) + 2 * number(row["t"])
            #expect(try near(MiningGame.gaussianEntropy(variance: variance), row["S"]))
        }
        for row in try #require(field["pairCovariance"] as? [[String: Any]]) {
            let got = MiningGame.pairCovariance(
                attraction: try number(row["kappa"]), time: try number(row["t"]),
                count: try #require(row["n"] as? Int))
            #expect(try near(got, row["cov"]))
        }
    }
}

extension Double {
    func isNear(_ other: Double) -> Bool { (self - other).magnitude <= 1e-9 * other.magnitude }
}
