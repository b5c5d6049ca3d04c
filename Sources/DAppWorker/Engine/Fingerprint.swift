internal import Crypto
internal import DAppRuntime
internal import Primitives

/// One hash over everything that decides results: engine behaviour, parser, compiler and runtime sources.
enum Fingerprint {
    private static let tag = HashTag("ETM/engine/1")

    /// `purpose` is empty for a worker of a chain, so that no other worker passes for one.
    static func compute(
        toolchain: Toolchain, parser: String, purpose: String = ""
    ) throws(EngineFault) -> Digest {
        var writer = ByteWriter()
        writer.write(SHA256.hash(Array(parser.utf8)).bytes)
        if !purpose.isEmpty { writer.write(purpose) }
        for (name, source) in RuntimeSources.toolchain + RuntimeSources.realm + [RuntimeSources.freeze] {
            writer.write(name)
            writer.write(source)
        }
        let probe = Engine()
        writer.write(probe.text(of: try probe.evaluate(probes, name: "probes")))
        if let bundle = sample {
            for text in try toolchain.run(bundle.modules).code { writer.write(text) }
        }
        return tag.hash(writer.bytes)
    }

    private static var sample: DAppBundle? {
        let source = """
            export const f = async (a, ...b) => { for (const x of b) { try { await x(a + x) } catch (e) { throw e } } }
            export class A extends Object { y = 1 * this.z; get z() { return `${this.y}${this.y}` } }
            """
        do { return try DAppBundle(files: [(path: "lib/sample.js", bytes: Array(source.utf8))]) } catch {
            return nil
        }
    }

    /// Behaviour that the language leaves open or that engines have changed between versions.
    ///
    /// Nothing here may overflow the stack: its 64 MB would stay resident in every worker.
    private static let probes = """
        (() => {
          // The engine opens its memory statistics after some allocation; that must happen before the sandbox closes.
          for (let round = 0; round < 4; round++) { const list = []; for (let i = 0; i < 40000; i++) list.push({ i }); }
          const out = [];
          const probe = f => { let r; try { r = f(); } catch (e) { r = e.name; } out.push(typeof r === 'string' ? r : JSON.stringify(r) ?? String(r)); };
          probe(() => Object.getOwnPropertyNames(Array.prototype).sort().join());
          probe(() => Object.getOwnPropertyNames(String.prototype).sort().join());
          probe(() => { const a = []; for (let i = 0; i < 300; i++) a.push(i * 7919 % 307); let c = 0; a.sort((x, y) => { c++; return (x * 31 + y * 17) % 3 - 1; }); return [c, a]; });
          probe(() => { const o = { b: 1, 2: 1, a: 1, 1: 1, '-1': 1 }; delete o.b; o.b = 2; const k = []; for (const i in o) { k.push(i); o['n' + i] = 1; } return k; });
          probe(() => { let s = ''; for (let i = 1; i < 500; i++) { const x = i * 7919.123456789 / 977; s += x + x.toString(3) + x.toFixed(7) + x.toPrecision(9) + x.toExponential(5); } return s; });
          probe(() => [1e21, 1e-7, -0, 0.1 + 0.2, 123456789012345680000, 5e-324, 1.7976931348623157e308].map(String));
          probe(() => ['1e3', ' 12 ', '0x1f', '1_0', '', 'Infinity', '.5', '5.', '1n'].map(Number));
          probe(() => [(2n ** 200n).toString(), (-(7n ** 90n) / 3n).toString(36), String(BigInt.asIntN(64, 2n ** 63n))]);
          probe(() => ['null.x', 'undefined()', '1n+1', 'Symbol()+""', 'new (class A{ #p; static t(o){ return o.#p } }).constructor.t({})', '[].reduce((a)=>a)', '"a".repeat(-1)', 'BigInt(1.5)', 'JSON.parse("{")'].map(s => { try { return typeof (0, eval)(s); } catch (e) { return e.name; } }));
          probe(() => [3, '10', undefined, NaN, -0, 0, 1e21, null, , [2], {}].sort().map(String));
          probe(() => JSON.stringify({ a: [undefined, () => 1, NaN, new Date(0), '\\ud800', '\\u2028'], b: undefined, 3: 1 }));
          probe(() => { const f = depth => depth === 0 ? 0 : 1 + f(depth - 1); return f(4000); });
          probe(() => [Math.round(-0.5), Math.round(2.5), Math.fround(5.05), Math.sqrt(2), Math.imul(0xffffffff, 5), Math.max(NaN, 1)].map(String));
          probe(() => 'ﬀßİ'.toUpperCase() + [...'a😀b'].length + 'a-b-c'.split('-', 2) + 'x'.padStart(5, 'ab') + '\\u{1F600}'.at(0).charCodeAt(0));
          return out.join('\\n');
        })()
        """
}
