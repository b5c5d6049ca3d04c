import DAppTesting
import Testing

/// What a test file can say, and what is told when it fails.
@Suite struct TestFileTests {
    @Test(arguments: Place.templates) func theTestsOfATemplatePass(_ name: String) throws {
        let told = try Told(try Place.template(name))
        #expect(told.failures == [])
        #expect(told.summary.passed >= 4)
    }

    @Test func theFirstTemplatesHaveTests() {
        #expect(Set(Place.templates).isSuperset(of: ["hello", "lottery", "token"]))
    }

    @Test func aCallGivesItsResultAndAFailedOneThrowsWhatTheContractSaid() throws {
        let told = try Told(
            """
            it('works', async () => {
              const r = await chain.call('pot.put', { amount: 5n }, { from: accounts.bob })
              assert.equal([r.ok, r.returned, r.height], [true, '5', 1])
              assert.equal(r.events, [{ name: 'put', data: { amount: '5' } }])
              assert(r.gas > 100)
              const e = await assert.rejects(chain.call('pot.take', { amount: 6n }, { from: accounts.bob }), /only 5 is in/)
              assert.equal([e.code, e.file, e.line], ['Rejected', 'contract/pot.js', 11])
              await assert.rejects(chain.call('pot.take', { amount: 1n }), 'nothing is in')
              await assert.rejects(chain.call('pot.take', {}), { code: 'BadArguments' })
              await assert.rejects(chain.call('pot.gone'), { code: 'UnknownMethod' })
              await assert.rejects(chain.call('pot.put', { amount: 1n }, { gas: 300 }), { code: 'OutOfGas', status: 'outOfGas' })
              const failed = await chain.try('pot.take', { amount: 6n }, { from: accounts.bob })
              assert.equal([failed.ok, failed.error.message], [false, 'only 5 is in'])
            })
            """)
        #expect(told.failures == [])
        #expect(told.summary.passed == 1)
    }

    @Test func theChainHasBlocksStateBalancesTimeAndSnapshots() throws {
        let told = try Told(
            """
            const { alice, bob } = accounts
            it('works', async () => {
              const results = await chain.block([['pot.put', { amount: 1n }], ['pot.put', { amount: 2n }, { from: bob }]])
              assert.equal(results.map(r => r.height), [1, 1])
              assert.equal(await chain.state('Row', { who: bob.address }), [{ who: bob.address, amount: 2n, at: 1 }])
              assert.equal((await chain.state('Row')).length, 2)
              const kept = await chain.snapshot(), before = chain.time
              await chain.fund(bob, 7n)
              assert.equal(await chain.balance(bob), 1000000000007n)
              assert.equal(await chain.balance(alice, 'POT'), 100000n)
              await chain.mine(3)
              assert.equal([chain.height, chain.time - before], [4, 6000])
              await chain.advance(500)
              assert.equal([chain.height, chain.time - before], [5, 6500])
              const paid = await chain.call('pot.pay', { to: bob.address, amount: 1n })
              assert.equal(paid.returned, before + 8500)
              assert.equal(await chain.balance(bob), 1000000000008n)
              await chain.revert(kept)
              assert.equal([chain.height, await chain.balance(bob)], [1, 1000000000000n])
              await assert.rejects(chain.balance(bob, 'GOLD'), /there are ETM, POT/)
              await assert.rejects(chain.query('nothing'), { code: 'UnknownRoute' })
            })
            it('begins afresh', async () => assert.equal([chain.height, await chain.state('Row')], [0, []]))
            """)
        #expect(told.failures == [])
        #expect(told.summary.passed == 2)
    }

    @Test func aFixtureRunsOnceAndIsRestoredAfterwards() throws {
        let told = try Told(
            """
            let runs = 0
            const filled = fixture(async () => { runs++; await chain.call('pot.put', { amount: 9n }); return 'gold' })
            const twice = fixture(async () => { await filled(); await chain.call('pot.put', { amount: 1n }) })
            for (const name of ['a', 'b']) it(name, async () => {
              assert.equal(await filled(), 'gold')
              assert.equal([runs, chain.height, (await chain.state('Row'))[0].amount], [1, 1, 9n])
              await chain.call('pot.take', { amount: 9n })
            })
            it('c', async () => { await twice(); assert.equal((await chain.state('Row'))[0].amount, 10n); assert.equal(runs, 1) })
            """)
        #expect(told.failures == [])
        #expect(told.summary.passed == 3)
    }

    @Test func aFailedAssertionTellsExpectedGotAndPlace() throws {
        let told = try Told(
            """
            describe('outer', () => describe('inner', () => {
              it('fails', async () => {
                await chain.mine()
                assert.equal({ a: [1n, '2'] }, { a: [1n, 2] })
              })
            }))
            """)
        #expect(told.names == ["outer › inner › fails"])
        let failure = try #require(told.failure)
        #expect(failure.name == "AssertionError")
        #expect(failure.expected == "{ a: [1n, 2] }")
        #expect(failure.actual == #"{ a: [1n, "2"] }"#)
        #expect(failure.place.map { [$0.line, $0.column] } == [5, 5])
        #expect(failure.place?.file == "test/pot.test.js")
    }

    @Test func aFailureComesWithWhatContractsLoggedAndWhereTheyRefused() throws {
        let told = try Told(
            """
            it('fails', async () => {
              await chain.call('pot.put', { amount: 5n })
              await chain.call('pot.take', { amount: 2n })
              await chain.call('pot.take', { amount: 4n })
            })
            """)
        let failure = try #require(told.failure)
        #expect(failure.name == "ContractError")
        #expect(failure.message == "only 3 is in")
        #expect(failure.logs == ["took 2"])
        #expect(failure.contract.map { [$0.line, $0.column] } == [11, 28])
        #expect(failure.place?.line == 5)
    }

    @Test(arguments: [
        ("it('x', () => { undefined.a })", "TypeError", 2),
        ("it('x', () => {\n throw new RangeError('far') })", "RangeError", 3),
        ("it('x', () => assert.rejects(chain.call('pot.put', { amount: 1n }), /no/))", "AssertionError", 2),
        ("it('x', () => assert.throws(() => {}))", "AssertionError", 2),
        ("it('x', async () => {\n chain.call('pot.take', { amount: 1n }) })", "ContractError", 3),
        (
            "it('x', async () => {\n assert.rejects(chain.call('pot.put', { amount: 1n })) })",
            "AssertionError", 3
        ),
        ("it('x', () => new Promise(() => {}))", "NeverSettled", 2),
        ("it('x', () => { let s = 'a'; for (;;) s += s })", "LimitReached", 2),
        ("it('x', () => {\n const f = () => f() + 1; f() })", "LimitReached", 3),
        ("it('x', () => chain.state('Gone'))", "ChainError", 2),
        ("it('x', () => chain.call('put'))", "ChainError", 2),
        ("it('x', () => { it('y', () => {}) })", "TestError", 2),
    ]) func everyMistakeIsAFailureWithItsLine(_ text: String, _ name: String, _ line: Int) throws {
        let told = try Told(text + "\nit('goes on', async () => { await chain.mine(); assert(true) })")
        #expect(told.summary.failed == 1)
        #expect(told.summary.passed == 1)
        #expect(told.failures.first?.name == name)
        #expect(told.failures.first?.place?.line == line, "\(told.failures)")
    }

    @Test func aTestThatHangsIsEndedAndTheOthersRun() throws {
        let told = try Told(
            """
            it('before', async () => {})
            it('hangs', () => { for (;;) { } })
            it('keeps asking', async () => { for (;;) await chain.mine() })
            it('after', async () => { await chain.call('pot.put', { amount: 1n }) })
            """
        ) { $0.limit = 2_000 }
        #expect(told.names == ["before", "hangs", "keeps asking", "after"])
        #expect(told.verdicts.map { $0.failure?.name } == [nil, "TooSlow", "TooSlow", nil])
        #expect(told.failures.first?.place?.line == 3)
    }

    @Test func aFileThatThrowsIsAFailureAndOtherFilesRun() throws {
        let told = try Told(
            try Place.pot([
                ("test/a.test.js", "it('lost', () => {})\nnull.x"),
                ("test/b.test.js", "it('kept', () => {})"),
                ("test/help.js", "throw new Error('only imported')"),
            ]))
        #expect(told.names == ["test/a.test.js", "kept"])
        #expect(told.verdicts[0].kind == .file)
        #expect(told.failures.first?.place?.line == 3)
    }

    @Test func aFileThatDoesNotCompileIsAFailureAndOtherFilesRun() throws {
        let told = try Told(
            try Place.pot([
                ("test/a.test.js", "it('lost', () => { const })"), ("test/b.test.js", "it('kept', () => {})"),
                ("test/c.test.js", "import { x } from './help.js'\nit('lost too', () => x)"),
                ("test/help.js", "export const y = fetch"),
            ]))
        #expect(told.names == ["test/a.test.js", "test/help.js", "test/c.test.js", "kept"])
        #expect(told.failures.map(\.name) == ["syntax", "forbidden-global", "import"])
        #expect(told.failures[0].place.map { [$0.line, $0.column] } == [2, 26])
    }

    @Test func testsAndContractsHaveTheirOwnModules() throws {
        let told = try Told("import { model } from 'etm:dapp'")
        #expect(told.failure?.name == "import")
        #expect(told.failure?.notes.first?.contains("etm:test") == true)
    }

    @Test func theFilterTakesFilesAndNamesInAnyCase() throws {
        let project = try Place.pot([
            ("test/one.test.js", "it('Red', () => {}); it('blue', () => {})"),
            ("test/two.test.js", "it('green', () => {})"),
        ])
        #expect(try Told(project) { $0.filter = "red" }.names == ["Red"])
        #expect(try Told(project) { $0.filter = "TWO" }.names == ["green"])
        #expect(try Told(project) { $0.filter = "yellow" }.names == [])
    }

    @Test func bailStopsAtTheFirstFailure() throws {
        let text = "it('a', () => {}); it('b', () => assert.fail('no')); it('c', () => {})"
        #expect(try Told(text) { $0.stopsAtFailure = true }.names == ["a", "b"])
        #expect(try Told(text).names == ["a", "b", "c"])
    }
}
