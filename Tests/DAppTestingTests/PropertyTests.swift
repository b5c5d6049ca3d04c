import DAppTesting
import Testing

/// Chance, least counter-examples, gas and coverage.
@Suite struct PropertyTests {
    private static let takes = """
        const full = fixture(() => chain.call('pot.put', { amount: 1000n }))
        fuzz('what is taken is gone', { amount: 'amount', note: 'string?' }, async ({ amount }) => {
          await full()
          const r = await chain.try('pot.take', { amount })
          assert.equal((await chain.state('Row'))[0].amount, r.ok ? 1000n - amount : 1000n)
        })
        """

    @Test(arguments: [UInt64(1), 7, 99]) func fuzzFindsThePlantedMistakeAndItsLeastInput(_ seed: UInt64)
        throws
    {
        let told = try Told(Self.takes) { $0.seed = seed }
        let failure = try #require(told.failure)
        #expect(failure.notes.first?.hasSuffix("shrunk to { amount: 42n }") == true, "\(failure)")
        #expect(failure.expected == "958n")
        #expect(failure.actual == "1000n")
    }

    @Test func everyTypeShrinksToItsLeastValue() throws {
        let shape =
            "{ u: 'uint', i: 'int', s: 'string(20)', b: 'bool', x: 'bytes(8)', a: 'address', j: 'json', o: 'uint?', c: ['r', 'g'], n: fuzz.int(-5, 5) }"
        let told = try Told("fuzz('never', \(shape), () => assert.fail('always'))")
        let least =
            #"{ u: 0, i: 0, s: "", b: false, x: "", a: alice.address, j: null, c: "r", n: 0 }"#
        #expect(told.failure?.notes == ["run 1 of 100, shrunk to \(least)"])
    }

    @Test func shrinkingStaysWithTheFailureItBeganWith() throws {
        let told = try Told(
            """
            fuzz('two mistakes', { n: fuzz.uint(0, 1000) }, ({ n }) => {
              if (n > 500) assert.fail('large')
              if (n === 0) throw new TypeError('none')
            })
            """
        ) { $0.seed = 3 }
        let failure = try #require(told.failure)
        let isLarge = failure.name == "AssertionError"
        #expect(failure.notes.first?.hasSuffix(isLarge ? "{ n: 501 }" : "{ n: 0 }") == true)
    }

    @Test func anAssumptionLeavesInputsOut() throws {
        let text = """
            fuzz('even', { n: fuzz.uint(0, 100) }, ({ n }) => { fuzz.assume(n % 2 === 0); assert.equal(n % 2, 0) }, { runs: 50 })
            """
        #expect(try Told(text).failures == [])
    }

    @Test func anInvariantFindsTheLeastWalkThatBreaksIt() throws {
        let text = """
            const sum = async () => (await chain.state('Row')).reduce((total, row) => total + row.amount, 0n)
            const filled = fixture(() => chain.call('pot.put', { amount: 1000n }))
            invariant('nothing taken is still there', async () => {
              const taken = chain.height > 1 && (await sum()) >= 1000n && chain.height > 2
              assert(!taken)
            }, { start: filled, calls: ['take'], depth: 30 })
            """
        let failure = try #require(try Told(text).failure)
        #expect(failure.notes.first?.contains("shrunk to 2 calls:") == true, "\(failure)")
        #expect(failure.notes.count == 3)
        #expect(failure.notes.dropFirst().allSatisfy { $0.hasPrefix("  pot.take({ amount: ") })
    }

    @Test func aBrokenInvariantNamesTheCallsArgumentsAndSender() throws {
        let text = """
            const filled = fixture(() => chain.call('pot.put', { amount: 1000n }))
            let events = 0n
            invariant('the book is right', async () => {
              const [row] = await chain.state('Row')
              assert(row.amount !== 1000n || chain.height < 2 || (await chain.try('pot.take', { amount: 1001n })).error.code === 'Gone')
            }, { start: filled, calls: ['pot.take'] })
            """
        let failure = try #require(try Told(text).failure)
        #expect(failure.notes.last == "  pot.take({ amount: 0n }) by alice")
    }

    @Test func oneSeedTellsTheSameTwice() throws {
        let text =
            Self.takes + """

                fuzz('texts', { s: 'string', a: 'address', b: 'bytes', j: 'json' }, v => assert(v.s.length < 6 || v.b.length < 4))
                invariant('walks', async () => assert(chain.height < 9))
                """
        func told(_ seed: UInt64) throws -> [TestFailure] { try Told(text) { $0.seed = seed }.failures }
        let first = try told(5)
        #expect(first.count == 3)
        #expect(try told(5) == first)
        #expect(try told(6) != first)
    }

    @Test func theFilterDoesNotChangeWhatASeedMakes() throws {
        let text = "fuzz('other', { n: 'uint' }, () => {})\n" + Self.takes
        let alone = try Told(text) { $0.filter = "taken" }.failures
        #expect(try Told(text).failures == alone)
    }

    private static let some = """
        it('some', async () => {
          await chain.call('pot.put', { amount: 5n })
          await chain.call('pot.put', { amount: 7n })
          await chain.call('pot.put', { amount: 1n }, { from: accounts.bob })
          await chain.try('pot.take', { amount: 700n })
        })
        """

    @Test func gasIsToldByMethodAndIsTheSameWithCoverage() throws {
        let plain = try Told(Self.some)
        let covered = try Told(Self.some) { $0.isCovering = true }
        #expect(plain.summary.gas.rows == covered.summary.gas.rows)
        #expect(plain.verdicts.map(\.gas) == covered.verdicts.map(\.gas))
        #expect(plain.summary.gas.rows.map(\.method) == ["pot.put"])
        let row = try #require(plain.summary.gas.rows.first)
        #expect(row.calls == 3)
        #expect(row.least <= row.median && row.median <= row.most && row.least > 0)
        #expect(plain.summary.coverage == nil)
    }

    @Test(arguments: ["hello", "token"]) func gasOfATemplateIsTheSameWithCoverage(_ name: String) throws {
        let project = try Place.template(name)
        let plain = try Told(project)
        let covered = try Told(project) { $0.isCovering = true }
        #expect(plain.verdicts.map(\.gas) == covered.verdicts.map(\.gas))
        #expect(plain.summary.gas.rows == covered.summary.gas.rows)
    }

    @Test func coverageIsWrittenAsLCOV() throws {
        let coverage = try #require(try Told(Self.some) { $0.isCovering = true }.summary.coverage)
        #expect(coverage.lcov == Self.golden)
        #expect(coverage.lineShare == CoverageReport.Share(reached: 10, of: 15))
        #expect(coverage.branchShare.percent == 50)
    }
}

extension PropertyTests {
    fileprivate static let golden = """
        TN:
        SF:contract/pot.js
        BRDA:4,0,0,2
        BRDA:4,0,1,1
        BRDA:10,1,0,0
        BRDA:10,1,1,1
        BRDA:11,2,0,1
        BRDA:11,2,1,0
        BRDA:12,3,0,-
        BRDA:12,3,1,-
        BRF:8
        BRH:4
        DA:2,5
        DA:3,5
        DA:4,3
        DA:5,3
        DA:6,3
        DA:7,3
        DA:9,5
        DA:10,1
        DA:11,1
        DA:12,0
        DA:13,0
        DA:14,0
        DA:16,5
        DA:17,0
        DA:18,0
        LF:15
        LH:10
        end_of_record

        """
}
