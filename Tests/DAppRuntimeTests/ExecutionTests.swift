import DAppRuntime
import Primitives
import Testing

@Suite struct ExecutionTests {
    private static let counter = """
        import { contract, model, reject } from 'etm:dapp'
        const counters = model('Counter')
        const bump = async (id, by) => {
          const row = await counters.get({ id }) ?? { id, value: 0 }
          await counters.put({ ...row, value: row.value + by })
          return row.value + by
        }
        export const add = contract({ args: { id: 'string', by: 'int' } }, async (ctx, { id, by }) => bump(id, by))
        export const addThenThrow = contract({ args: { id: 'string' } }, async (ctx, { id }) => {
          await bump(id, 100)
          ctx.emit('never', { id })
          throw new TypeError('after writing')
        })
        export const pay = contract({ args: { to: 'address', amount: 'amount', asset: 'string?' } }, async (ctx, { to, amount, asset }) => {
          await ctx.pay({ from: ctx.sender, to, amount, asset })
        })
        export const payThenReject = contract({ args: { to: 'address', amount: 'amount' } }, async (ctx, { to, amount }) => {
          ctx.pay({ from: ctx.sender, to, amount })
          reject('changed my mind')
        })
        export const steal = contract({ args: { from: 'address' } }, async (ctx, { from }) => ctx.pay({ from, to: ctx.sender, amount: 1n }))
        export const look = contract({}, async ctx => [ctx.sender, ctx.height, ctx.time, ctx.self, ctx.transaction, ctx.balance(ctx.sender)])
        """
    private static let model = """
        export default { name: 'Counter', key: 'id', fields: { id: 'string', value: 'int' } }
        """

    private func bench() throws -> Bench { try Bench(contract: Self.counter, models: [Self.model]) }

    @Test func readsSeeEarlierWritesWithinAndAcrossDeliveries() throws {
        var bench = try bench()
        let calls = [
            bench.call("test.add", #"{"id":"a","by":2}"#), bench.call("test.add", #"{"id":"a","by":3}"#),
        ]
        let outcome = try bench.run(calls)
        #expect(outcome.results.map(\.returnedText) == ["2", "5"])
        #expect(
            outcome.writes.map { String(decoding: $0.key, as: UTF8.self) } == [
                "@Counter#count", "Counter\0a",
            ])
        #expect(try bench.run("test.add", #"{"id":"a","by":-6}"#).returnedText == "-1")
    }

    /// What `JSON.stringify` writes, with bigints as text; the last values of each take the general way.
    @Test(arguments: [
        ("{ a: 1, b: -0, c: 0.5, d: 1e21 }", #"{"a":1,"b":0,"c":0.5,"d":1e+21}"#),
        (
            "{ a: NaN, b: 1 / 0, c: null, d: true, e: false }",
            #"{"a":null,"b":null,"c":null,"d":true,"e":false}"#
        ),
        (
            #"{ a: 5n, b: -(2n ** 70n), c: '"\\\n\u0001' }"#,
            #"{"a":"5","b":"-1180591620717411303424","c":"\"\\\n\u0001"}"#
        ),
        (#"{ b: 'é😀', a: '\ud800', 2: 'two', 1: 'one' }"#, #"{"1":"one","2":"two","b":"é😀","a":"\ud800"}"#),
        (#"{ '"': 1, get x() { return 7 } }"#, #"{"\"":1,"x":7}"#),
        ("{}", "{}"), ("[1, 2n]", #"[1,"2"]"#), ("'text'", #""text""#), ("undefined", "null"),
        ("{ a: 1, b: undefined, c: { d: [3n] } }", #"{"a":1,"c":{"d":["3"]}}"#),
        ("{ a: 1, toJSON() { return 'own' } }", #""own""#), ("Object.create({ inherited: 1 })", "{}"),
        ("{ a: 1, b: { toJSON() { return 2 } } }", #"{"a":1,"b":2}"#),
    ])
    func anEventCarriesItsDataAsJSON(data: String, text: String) throws {
        var bench = try Bench(
            contract: """
                import { contract } from 'etm:dapp'
                export const say = contract({}, ctx => ctx.emit('said', \(data)))
                """, models: [])
        let result = try bench.run("test.say", "{}")
        #expect(result.events.map { String(decoding: $0.data, as: UTF8.self) } == [text])
    }

    @Test func aFailingCallLeavesNothingButItsGas() throws {
        var bench = try bench()
        let calls = [
            bench.call("test.add", #"{"id":"a","by":1}"#), bench.call("test.addThenThrow", #"{"id":"a"}"#),
            bench.call("test.addThenThrow", #"{"id":"b"}"#), bench.call("test.add", #"{"id":"a","by":1}"#),
        ]
        let outcome = try bench.run(calls)
        #expect(outcome.results.map(\.status) == [.succeeded, .failed, .failed, .succeeded])
        #expect(outcome.results[1].gasUsed > 500)
        #expect(outcome.results[1].events.isEmpty)
        #expect(
            outcome.results[1].error
                == CallError(
                    code: "TypeError", message: "after writing", file: "contract/test.js", line: 12, column: 3
                ))
        #expect(outcome.results[3].returnedText == "2")
        #expect(bench.reader.texts["Counter\0b"] == nil)
        #expect(bench.reader.texts["@Counter#count"] == "1")
    }

    @Test func writesThatChangeNothingAreNotWritten() throws {
        var bench = try bench()
        _ = try bench.run("test.add", #"{"id":"a","by":1}"#)
        let calls = [
            bench.call("test.add", #"{"id":"a","by":1}"#), bench.call("test.add", #"{"id":"a","by":-1}"#),
        ]
        let outcome = try bench.run(calls)
        #expect(outcome.writes.isEmpty)
    }

    @Test func paymentsMoveBalancesAndTellTheExactShortfall() throws {
        var bench = try bench()
        bench.reader.balances[BalancePlace(address: People.alice, asset: 0)] = 500_000_000
        let outcome = try bench.run([
            bench.call("test.pay", #"{"to":"\#(People.bob)","amount":"200000000"}"#),
            bench.call("test.payThenReject", #"{"to":"\#(People.bob)","amount":"1"}"#),
            bench.call("test.pay", #"{"to":"\#(People.bob)","amount":"400000000"}"#),
        ])
        #expect(outcome.results.map(\.status) == [.succeeded, .rejected, .rejected])
        #expect(
            outcome.balances
                == [
                    BalanceWrite(address: People.alice, asset: 0, units: 300_000_000),
                    BalanceWrite(address: People.bob, asset: 0, units: 200_000_000),
                ].sorted { $0.place < $1.place })
        #expect(outcome.results[2].error?.code == "InsufficientBalance")
        #expect(
            outcome.results[2].error?.message
                == "\(People.alice) has 3.00000000 ETM and needs 4.00000000 ETM: 1.00000000 ETM short.")
        #expect(
            try bench.run("test.pay", #"{"to":"\#(People.bob)","amount":"1","asset":"GOLD"}"#).status
                == .rejected)
        #expect(
            try bench.run("test.pay", #"{"to":"\#(People.bob)","amount":"1","asset":"XXX"}"#).error?.code
                == "Asset")
        #expect(try bench.run("test.steal", #"{"from":"\#(People.bob)"}"#).error?.code == "NotYours")
    }

    @Test func theContextComesFromTheBlock() throws {
        var bench = try bench()
        let result = try bench.run("test.look")
        let id = TransactionID(Bytes32(0, 0, 0, 1)).hex
        #expect(
            result.returnedText == #"["\#(People.alice)",1,1700000001000,"\#(People.dapp)","\#(id)","0"]"#)
    }

    @Test(arguments: [
        ("test.add", #"{"id":"a"}"#, "by is missing."),
        ("test.add", #"{"id":"a","by":1.5}"#, "by must be a whole number from -(2^53 - 1) to 2^53 - 1."),
        (
            "test.add", #"{"id":"a","by":9007199254740992}"#,
            "by must be a whole number from -(2^53 - 1) to 2^53 - 1."
        ),
        ("test.add", #"{"id":5,"by":1}"#, "id must be text of at most 4096 characters."),
        ("test.add", #"{"id":"a","by":1,"c":2}"#, "There is no argument c."),
        ("test.add", "[1]", "The arguments must be an object of names and values."),
        ("test.add", "{", "The arguments are not JSON."),
        ("test.pay", #"{"to":"nobody","amount":"1"}"#, "to must be an address."),
        (
            "test.pay", #"{"to":"\#(People.bob)","amount":"-1"}"#,
            "amount must be a whole number of base units, at least 0."
        ),
        (
            "test.pay", #"{"to":"\#(People.bob)","amount":"01"}"#,
            "amount must be a whole number of base units, at least 0."
        ),
    ])
    func argumentsAreCheckedBeforeTheMethodRuns(name: String, arguments: String, message: String) throws {
        var bench = try bench()
        let result = try bench.run(name, arguments)
        #expect(result.status == .badArguments)
        #expect(result.error?.message == message)
        #expect(result.gasUsed > 0)
    }

    @Test func theLargestSafeIntegerIsAccepted() throws {
        var bench = try bench()
        #expect(try bench.run("test.add", #"{"id":"a","by":9007199254740991}"#).status == .succeeded)
    }

    @Test func anUnknownMethodIsNamed() throws {
        var bench = try bench()
        let outcome = try bench.run([bench.call("test.nothing"), bench.call("other.add")])
        #expect(outcome.results.map(\.status) == [.unknownMethod, .unknownMethod])
        #expect(outcome.results[0].error?.message == "There is no method test.nothing.")
        #expect(try bench.ask("nowhere").text == "UnknownRoute: There is no route nowhere.")
    }

    @Test func gasIsTheSameTwiceAndAfterARestart() throws {
        var bench = try bench()
        var other = try self.bench()
        var first: [UInt64] = []
        var second: [UInt64] = []
        for index in 0..<4 {
            let arguments = #"{"id":"k\#(index % 2)","by":\#(index)}"#
            first.append(try bench.run("test.add", arguments).gasUsed)
            other.supervisor.stop()
            second.append(try other.run("test.add", arguments).gasUsed)
        }
        #expect(first == second)
        #expect(first[0] == first[1])
        #expect(bench.reader.records == other.reader.records)
    }

    @Test func theDeliverysGasIsSharedByItsCalls() throws {
        var bench = try bench()
        let one = try bench.run("test.add", #"{"id":"a","by":1}"#).gasUsed
        let calls = (0..<3).map { _ in bench.call("test.add", #"{"id":"a","by":1}"#) }
        let delivery = Delivery(
            chainID: ChainID(Bytes32(1, 2, 3, 4)), height: Height(9), time: Instant(milliseconds: 1),
            calls: calls,
            gasLimit: one * 2)
        let outcome = try bench.supervisor.execute(delivery, reader: bench.reader)
        #expect(outcome.results[0].status == .succeeded)
        #expect(outcome.results[2].status == .outOfGas)
        #expect(outcome.results.reduce(0) { $0 + $1.gasUsed } <= one * 2)
    }
}
