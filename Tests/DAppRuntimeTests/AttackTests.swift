import DAppRuntime
import Primitives
import Testing

/// Programs that try to run for ever, to use all memory, or to hide that they ran out of gas.
///
/// Each must end as a result.
@Suite struct AttackTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let body: String
        let ends: Set<CallStatus>

        init(_ name: String, _ body: String, _ ends: Set<CallStatus> = [.outOfGas]) {
            self.name = name
            self.body = body
            self.ends = ends
        }

        var testDescription: String { name }
    }

    static let loops: [Attack] = [
        Attack("while", "while (true) {}"), Attack("for", "for (;;);"), Attack("do", "do ; while (true)"),
        Attack("labels", "a: for (;;) { b: for (;;) { continue a } }"),
        Attack("switch", "for (;;) switch (1) { case 1: continue }"),
        Attack("catch loops", "try { for (;;) {} } catch (e) { for (;;) {} }"),
        Attack("catch in a loop", "for (;;) try { for (;;) {} } catch { }"),
        Attack("catch with a pattern", "for (;;) try { for (;;) {} } catch ({ message }) { }"),
        Attack(
            "finally returns", "const f = () => { try { for (;;) {} } finally { return 1 } }; for (;;) f()"),
        Attack("finally continues", "for (;;) { try { for (;;) {} } finally { continue } }"),
        Attack("swallowed and returned", "try { for (;;) {} } catch { } return 'fine'"),
        Attack(
            "swallowed by a promise",
            "await Promise.resolve().then(() => { for (;;) {} }).catch(() => 'fine'); return 'fine'"),
        Attack(
            "swallowed by finally of a promise",
            "return Promise.resolve().then(() => { for (;;) {} }).finally(() => {}).then(() => 1, () => 2)"),
        Attack("promise loop", "const f = () => Promise.resolve().then(f); await f()", [.outOfGas]),
        Attack("promise catch loop", "const f = () => Promise.reject(1).catch(f); f(); for (;;) {}"),
        Attack("async loop", "for (;;) await 0"),
        Attack(
            "async catch loop",
            "const f = async () => { try { for (;;) await 0 } catch { f() } }; await f(); for (;;) {}"),
        Attack("thenable loop", "const t = { then(r) { r(t) } }; await t"),
        Attack(
            "iterator without end",
            "const it = { [Symbol.iterator]() { return { next() { return { done: false, value: 1 } } } } }; [...it]",
            [.outOfGas, .limitReached]),
        Attack(
            "destructuring without end",
            "const it = { [Symbol.iterator]() { return { next() { return { done: false } } } } }; const [...a] = it",
            [.outOfGas, .limitReached]),
        Attack("generator", "function* g() { for (;;) yield 1 } for (const x of g()) {}"),
        Attack("sort comparator", "[3, 2, 1].sort(() => { for (;;) {} })"),
        Attack("static block", "class A { static { for (;;) {} } }"),
        Attack("exceptions", "for (;;) { try { throw 1 } catch (e) { try { throw 2 } catch (f) {} } }"),
        Attack("getter", "const o = { get x() { for (;;) {} } }; o.x"),
        Attack("toJSON", "return { toJSON() { for (;;) {} } }"),
    ]

    static let depths: [Attack] = [
        Attack("recursion", "const f = () => { f(); return 1 }; f()"),
        Attack("expression recursion", "const f = () => f(); f()"),
        Attack("getter", "const o = { get x() { return o.x } }; o.x"),
        Attack("setter", "const o = { set x(v) { o.x = v } }; o.x = 1"),
        Attack("valueOf", "const o = { valueOf() { return +o } }; +o"),
        Attack("toString", "const o = { toString() { return '' + o } }; '' + o"),
        Attack("constructor", "class A { constructor() { new A() } } new A()"),
        Attack("field", "class A { x = new A() } new A()"),
        Attack("default value", "const f = (a = f()) => 1; f()"),
        Attack("tagged template", "const f = () => f`x`; f()"),
        Attack("generator", "function* g() { yield* g() } [...g()]"),
        Attack("generator of itself", "function* g() { for (const x of g()); } [...g()]"),
        Attack("toJSON", "const o = { toJSON() { return JSON.stringify(o) } }; JSON.stringify(o)"),
        Attack("replace callback", "const f = () => 'a'.replace('a', f); f()"),
        Attack("bound", "const f = () => f.bind(null)(); f()"),
        Attack("apply", "const f = () => f.apply(null, []); f()"),
        Attack("nested arrays as text", "let a = []; for (let i = 0; i < 5000; i++) a = [a]; String(a)"),
        Attack("catch and again", "const f = () => { try { return f() } catch { return f() } }; f()"),
        Attack("spread of itself", "const f = () => { f(...[1]) }; f()"),
    ]

    static let bombs: [Attack] = [
        Attack("string doubling", "let s = 'ab'; for (;;) s += s"),
        Attack("string doubling by a template", "let s = 'ab'; for (;;) s = `${s}${s}`"),
        Attack("string doubling by concat", "let s = 'ab'; for (;;) s = s.concat(s)"),
        Attack("repeat", "'x'.repeat(2 ** 30)"),
        Attack("pad", "'x'.padStart(2 ** 30)"),
        Attack("replaceAll", "'x'.repeat(60000).replaceAll('x', 'y'.repeat(60000))"),
        Attack("doubling behind a catch", "let s = 'ab'; for (;;) try { s += s } catch {}"),
        Attack("array doubling", "let a = [1]; for (;;) a = a.concat(a)"),
        Attack("array by spread", "let a = [1]; for (;;) a = [...a, ...a]"),
        Attack("array push", "const a = []; for (;;) a.push(1)"),
        Attack("array length", "const a = []; a.length = 2 ** 32 - 1; a.join()"),
        Attack("huge array", "new Array(2 ** 31)"), Attack("array from", "Array.from({ length: 2 ** 31 })"),
        Attack("buffers", "const a = []; for (;;) a.push(new Uint8Array(1 << 20))"),
        Attack("bigint squares", "let x = 3n; for (;;) x = x * x"),
        Attack("bigint power", "return String(3n ** 100000n)"),
        Attack("bigint shift", "return String(1n << 100000n)"),
        Attack("bigint text", "BigInt('9'.repeat(100000))"),
        Attack("bigint sums", "let x = 1n; for (;;) x += x"),
        Attack("objects", "const a = []; for (;;) a.push({})"),
        Attack("closures", "const a = []; for (;;) a.push(() => a)"),
        Attack("map", "const m = new Map(); for (let i = 0; ; i++) m.set(i, {})"),
        Attack("flat", "let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; a.flat(Infinity)"),
        Attack("join", "const s = 'x'.repeat(100000); Array.from({ length: 60000 }, () => s).join()"),
        Attack("events", "for (;;) ctx.emit('x', 'y'.repeat(1000))"),
        Attack("prototypes", "let o = {}; for (;;) o = Object.create(o)"),
        Attack("classes", "let C = class {}; for (;;) C = class extends C {}"),
        Attack("bound functions", "let f = () => 1; for (;;) f = f.bind(null)"),
        Attack("apply with many", "Math.max.apply(null, new Array(60000).fill(1))"),
        Attack("returned", "return 'x'.repeat(100000)"),
    ]

    static let slow: [Attack] = [
        Attack("spread", "const a = new Array(65536).fill(1); for (;;) [...a]"),
        Attack("rest", "const a = new Array(65536).fill(1); for (;;) { const [...r] = a }"),
        Attack(
            "object copy", "const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = i; for (;;) ({ ...o })"
        ),
        Attack(
            "for in",
            "const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = i; for (;;) { for (const k in o) break }"
        ),
        Attack(
            "comparison", "const s = 'x'.repeat(131071) + 'a', t = 'x'.repeat(131071) + 'a'; for (;;) s === t"
        ),
        Attack("number of digits", "const s = '1'.repeat(131071); for (;;) s - 0"),
        Attack("number of digits by ++", "const s = '1'.repeat(131071); let t; for (;;) { t = s; t++ }"),
        Attack("number of digits by less", "const s = '1'.repeat(131071); for (;;) s < 5"),
        Attack("digits by valueOf", "const s = '1'.repeat(131071), o = { valueOf: () => s }; for (;;) o * 1"),
        Attack("digits by Number", "const s = '1'.repeat(131071); for (;;) Number(s)"),
        Attack("digits as an index", "const s = '1'.repeat(131071); for (;;) 'abc'.charAt(s)"),
        Attack("search", "const s = 'a'.repeat(100000), p = 'a'.repeat(50000) + 'b'; for (;;) s.indexOf(p)"),
        Attack("keys", "const o = {}; for (let i = 0; ; i++) o['x'.repeat(100000) + i] = 1"),
        Attack("sort", "const a = Array.from({ length: 60000 }, (x, i) => i); for (;;) a.sort()"),
        Attack("parse", "const s = '[' + '1,'.repeat(60000) + '1]'; for (;;) JSON.parse(s)"),
        Attack(
            "map iterators",
            "const m = new Map(Array.from({ length: 50000 }, (x, i) => [i, i])); for (;;) [...m.keys()]"),
        Attack("division", "const x = 2n ** 1000n, y = 3n ** 300n; for (;;) x / y"),
        Attack("upper case", "const s = 'a'.repeat(100000); for (;;) s.toUpperCase()"),
        Attack(
            "deep miss", "let o = {}; for (let i = 0; i < 60; i++) o = Object.create(o); for (;;) o.nothing"),
    ]

    /// Runs programs one after the other in one worker, each followed by a call that must still work.
    private func run(_ attacks: [Attack], expect: (Attack, CallResult) -> Void) throws {
        var contract =
            "import { contract } from 'etm:dapp'\nexport const good = contract({}, async () => 'alive')\n"
        for (index, attack) in attacks.enumerated() {
            contract += "export const attack\(index) = contract({}, async ctx => { \(attack.body) })\n"
        }
        var bench = try Bench(contract: contract)
        _ = try bench.supervisor.start()
        let worker = bench.supervisor.processID
        for (index, attack) in attacks.enumerated() {
            let calls = [bench.call("test.attack\(index)", gas: 1_000_000), bench.call("test.good")]
            let results = try bench.run(calls).results
            #expect(results[1].returnedText == #""alive""#, "\(attack.name)")
            expect(attack, results[0])
        }
        let survivor = bench.supervisor.processID
        #expect(survivor == worker)
    }

    @Test func endlessWorkRunsOutOfGas() throws {
        try run(Self.loops) { #expect($0.ends.contains($1.status), "\($0.name): \($1)") }
    }

    @Test func deepRecursionReachesALimit() throws {
        try run(Self.depths) { #expect([.limitReached, .outOfGas].contains($1.status), "\($0.name): \($1)") }
    }

    @Test func growthReachesALimit() throws {
        try run(Self.bombs) { #expect([.limitReached, .outOfGas].contains($1.status), "\($0.name): \($1)") }
    }

    @Test func slowNativesArePaidBySize() throws {
        try run(Self.slow) { #expect($1.status == .outOfGas, "\($0.name): \($1)") }
    }

    @Test func runningOutOfGasUsesExactlyTheLimit() throws {
        try run([Attack("", "for (;;) {}")]) { _, result in
            #expect(result.gasUsed == 1_000_000)
            #expect(result.error?.code == "OutOfGas")
            #expect(result.error?.file == "contract/test.js")
            #expect(result.error?.line == 3)
        }
    }

    @Test func aFaultThatLooksLikeTheEnginesDoesNotKillTheWorker() throws {
        let body = """
            const e = new RangeError('x'); e.message = 'Out of memory'; try { throw e } catch (f) { }
            const g = Object.create(RangeError.prototype, { message: { value: 'Out of memory' } }); try { throw g } catch (f) { }
            try { 'a'.repeat(-1) } catch (f) { f.message = 'Out of memory'; try { throw f } catch (h) { } }
            return 'alive'
            """
        try run([Attack("", body)]) { #expect($1.returnedText == #""alive""#) }
    }
}
