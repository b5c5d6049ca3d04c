import DAppRuntime
import Primitives
import Testing

/// What a contract can observe must depend on nothing but the block.
@Suite struct DeterminismTests {
    static let probes: [(code: String, expected: String)] = [
        ("new Date(ctx.time).toString()", #""Tue, 14 Nov 2023 22:13:21 GMT""#),
        ("new Date(0).getTimezoneOffset() + new Date(2020, 0, 1).getTime()", "1577836800000"),
        ("String(new Date('Jan 1 2020'))", #""Invalid Date""#),
        ("Object.keys(Math).length + typeof Math['sin']", #""0undefined""#),
        ("(() => 1).toString()", #""function () { [code] }""#),
        ("[3, 1, 2].sort() + '' + [10, 9, 1].sort()", #""1,2,31,10,9""#),
        ("Object.keys({ b: 1, a: 2, 1: 3, 0: 4 })", #"["0","1","b","a"]"#),
        ("JSON.stringify({ b: 1, a: [1n > 0, null, 'x\\u2028'] })", #""{\"b\":1,\"a\":[true,null,\"x \"]}""#),
        ("'İß'.toUpperCase() + 'ABCé'.toLowerCase()", #""İßabcé""#),
        ("(1234567.891).toLocaleString()", #""1234567.891""#),
        ("'a$&b'.replace('b', '$&')", #""a$&$&""#), ("2 ** 10 + ' ' + 2 ** -1 + ' ' + 3n ** 5n", #""1024 0.5 243""#),
        ("(() => { try { null.x } catch (e) { return Object.getOwnPropertyNames(e).includes('stack') + e.name } })()", #""falseTypeError""#),
        ("new Error('x').stack === undefined", "true"),
        ("(() => { try { Object.prototype.x = 1 } catch (e) { return e.name } })()", #""TypeError""#),
        ("(() => { try { Array.prototype.push = 1 } catch (e) { return e.name } })()", #""TypeError""#),
        ("(() => { class E extends Error { constructor(m) { super(m); this.name = 'E' } } const e = new E('m'); return `${e}` + (e instanceof Error) })()", #""E: mtrue""#),
        ("(() => { try { (() => {}).constructor('return 1') } catch (e) { return e.name } })()", #""EvalError""#),
        ("(() => { try { (async () => {}).constructor('return 1') } catch (e) { return e.name } })()", #""EvalError""#),
        ("[1, [2, [3, [4]]]].flat(Infinity).concat([5], 6).join('-')", #""1-2-3-4-5-6""#),
        ("[...new Map([[1, 2]]).entries(), ...new Set([3])]", "[[1,2],3]"),
        ("[...'a😀'].length + 'x'.at(-1) + 'abc'.slice(1) + ' y '.trim() + 'a-b'.split('-').length", #""2xbcy2""#),
        ("(x => { x += 1; x *= 2; x **= 2; x <<= 1; x++; return x })(1)", "33"),
        ("(function* () { const a = yield 1; yield a })().next().value", "1"),
        ("await Promise.all([1, Promise.resolve(2), (async () => 3)()])", "[1,2,3]"),
        ("Array.from({ length: 3 }, (x, i) => i * i)", "[0,1,4]"), ("new Uint8Array([1, 2, 300])[2]", "44"),
        ("(({ a, ...rest }) => rest)({ a: 1, b: 2, c: 3 })", #"{"b":2,"c":3}"#), ("Math.max(1, 5, 3) + Math.min(...[4, 2])", "7"),
        ("Number('12') + parseInt('0x1f') + parseFloat('1.5x') + Number.parseInt('7')", "51.5"),
        ("(() => { switch ('b') { case 'a': return 1; case 'b': return 2 } })()", "2"),
        ("(() => { let n = 0; for (const i in { x: 1, y: 2 }) n++; do { n++ } while (n < 5); return n })()", "5"),
        ("(() => { try { return 'try' } finally { ctx.log('done') } })()", #""try""#),
    ]

    @Test func probesGiveTheSameAnswersEverywhere() throws {
        var source = "import { contract } from 'etm:dapp'\n"
        for (index, probe) in Self.probes.enumerated() {
            source += "export const p\(index) = contract({}, async ctx => (\(probe.code)))\n"
        }
        var bench = try Bench(contract: source)
        for (index, probe) in Self.probes.enumerated() {
            let calls = [bench.call("test.p\(index)")]
            bench.height = 1
            let result = try bench.run(calls).results[0]
            #expect(result.returnedText == probe.expected, "\(probe.code): \(result)")
        }
    }

    @Test func nothingInMemoryOutlivesACall() throws {
        let source = """
            import { contract } from 'etm:dapp'
            let count = 0
            const seen = []
            export const next = contract({}, async () => { seen.push(1); return [++count, seen.length] })
            """
        var bench = try Bench(contract: source)
        let outcome = try bench.run([bench.call("test.next"), bench.call("test.next")])
        #expect(outcome.results.map(\.returnedText) == ["[1,1]", "[1,1]"])
        #expect(outcome.results[0].gasUsed == outcome.results[1].gasUsed)
    }

    @Test func modelsFindByIndexAndInOrderWithChangesOfTheSameBlock() throws {
        let model = "export default { name: 'Item', key: 'id', fields: { id: 'uint', kind: 'string', price: 'amount', note: 'json?' }, unique: ['price'], index: ['kind'] }"
        let source = """
            import { contract, model } from 'etm:dapp'
            const items = model('Item')
            export const put = contract({ args: { id: 'uint', kind: 'string', price: 'amount', note: 'json?' } }, (ctx, row) => items.put(row))
            export const drop = contract({ args: { id: 'uint' } }, (ctx, { id }) => items.delete({ id }))
            export const find = contract({ args: { kind: 'string?', after: 'uint?', limit: 'uint?', reverse: 'bool?' } }, (ctx, { kind, ...rest }) =>
              items.find({ where: kind ? { kind } : {}, ...rest }).map(row => row.id).concat([items.count()]))
            export const byPrice = contract({ args: { price: 'amount' } }, (ctx, query) => items.get(query) ?? 'none')
            """
        var bench = try Bench(contract: source, models: [model])
        func put(_ id: Int, _ kind: String, _ price: Int) -> Call {
            bench.call("test.put", #"{"id":\#(id),"kind":"\#(kind)","price":"\#(price)"}"#)
        }
        _ = try bench.run([put(300, "a", 3), put(2, "b", 2), put(1, "a", 1)])
        let outcome = try bench.run([
            put(40, "a", 4), bench.call("test.drop", #"{"id":1}"#), bench.call("test.find"), bench.call("test.find", #"{"kind":"a"}"#),
            bench.call("test.find", #"{"after":2,"limit":1}"#), bench.call("test.find", #"{"reverse":true,"limit":2}"#), put(5, "c", 3),
            bench.call("test.byPrice", #"{"price":"3"}"#), bench.call("test.byPrice", #"{"price":"1"}"#),
        ])
        #expect(outcome.results[2...5].map(\.returnedText) == ["[2,40,300,3]", "[40,300,3]", "[40,3]", "[300,40,3]"])
        #expect(outcome.results[6].error?.code == "NotUnique")
        #expect(outcome.results[7].returnedText == #"{"id":300,"kind":"a","price":"3","note":null}"#)
        #expect(outcome.results[8].returnedText == #""none""#)
        let later = try bench.run([bench.call("test.find", #"{"kind":"a","reverse":true}"#)])
        #expect(later.results[0].returnedText == "[300,40,3]")
    }

    @Test func manyRowsAreReadPageByPage() throws {
        let model = "export default { name: 'Row', key: 'id', fields: { id: 'int', group: 'uint' }, index: ['group'] }"
        let source = """
            import { contract, model } from 'etm:dapp'
            const rows = model('Row')
            export const fill = contract({}, () => { for (let i = -150; i < 150; i++) rows.put({ id: i, group: i % 2 === 0 ? 0 : 1 }) })
            export const page = contract({ args: { after: 'int?' } }, (ctx, { after }) => rows.find({ where: { group: 1 }, after, limit: 100 }).map(r => r.id))
            """
        var bench = try Bench(contract: source, models: [model])
        #expect(try bench.run("test.fill").status == .succeeded)
        let first = try bench.run("test.page").returnedText
        #expect(first.hasPrefix("[-149,-147,") && first.hasSuffix(",47,49]"))
        #expect(try bench.run("test.page", #"{"after":49}"#).returnedText.hasPrefix("[51,53,"))
    }
}
