import DAppRuntime
import DAppTesting
import Testing

/// Counting changes nothing but the counts.
@Suite struct CoverageTests {
    /// As many kinds of statements and branches as fit, few semicolons, few braces.
    private static let contract = """
        import { contract, reject } from 'etm:dapp'
        const log = []
        const note = x => (log.push(x), x)
        const sign = n => n > 0 ? 'plus' : n < 0 ? 'minus' : 'zero'
        class Box {
          static made = 0
          static { if (Box.made === 0) Box.made = 1; else Box.made = 2 }
          #held = note('field') && 1
          plus = (a, b = a > 2 && 'far' || 'near') => `${a}${b}${this.#held}`
          get held() { return this.#held ?? 0 }
          *walk(n) { for (let i = 0; i < n; i++) if (i % 2) yield i; else continue }
        }
        function kind(n) {
          switch (n) {
            case 0: note('none')
            case 1: return 'few'
            case 2: { const x = 'two'; return x }
            case 3:
            case 4: note('more'); break
            default: if (n > 9) return 'lots'
          }
          return n === 4 && 'four' || 'some'
        }
        const loops = n => {
          let out = ''
          outer: for (const a of [1, 2, 3]) {
            for (const b in { x: 1, y: 2 }) {
              if (b === 'y') continue outer
              if (a > n) break outer
              out += a + b
            }
          }
          do out += '.'; while (out.length < 8)
          while (out.length < 9) if (n) out += '!'
          else { out += '?' }
          return out
        }
        const risky = n => {
          try {
            if (n === 1) throw new Error('one')
            if (n === 2) return 'two'
            if (n > 2) null.x
          } catch ({ message }) {
            return message || 'engine'
          } finally {
            note('done') ; n > 5 && note('big')
          }
          return 'fine'
        }
        const wait = async n => { const v = await (n ? n : 7); return v > 3 || (await wait(4)) }
        export default 5
        export const run = contract({ args: { n: 'uint' } }, async (ctx, { n }) => {
          let unset; unset ??= n && 'set'
          const { a = n ? 'yes' : 'no', ...rest } = { b: 1, c: 2 }
          if (n === 8) reject('eight')
          const box = new Box(), text = box.plus(n), list = [...box.walk(n)]
          const f = n > 1 ? function () { return 'f' } : () => 'g'
          return { sign: sign(n - 1), kind: kind(n), loops: loops(n), risky: risky(n), wait: await wait(n), unset, a, rest, text, list, held: box.held, f: f(), log, made: Box.made }
        })
        """

    private func told(_ isCovering: Bool) throws -> Told {
        let text = """
            import { it, chain } from 'etm:test'
            const seen = []
            for (let n = 0; n < 12; n++) it('n ' + n, async () => {
              const r = await chain.try('odd.run', { n })
              throw new Error(JSON.stringify([r.status, r.gas, r.returned, r.error]))
            })
            """
        let project = TestProject(
            manifest: try DAppManifest.parse(Array(Place.manifest.utf8)),
            bundle: try DAppBundle(files: [("contract/odd.js", Array(Self.contract.utf8))]),
            tests: [DAppModule(path: "test/odd.test.js", source: Array(text.utf8))])
        return try Told(project) { $0.isCovering = isCovering }
    }

    @Test func coveredCodeGivesTheSameResultsForTheSameGas() throws {
        let plain = try told(false)
        let covered = try told(true)
        #expect(plain.failures.count == 12)
        #expect(plain.failures.count { $0.message.hasPrefix(#"["succeeded""#) } == 11, "\(plain.failures)")
        #expect(covered.failures.map(\.message) == plain.failures.map(\.message))
        let report = try #require(covered.summary.coverage)
        #expect(report.lineShare.percent == 100, "\(report.lcov)")
        #expect(report.branchShare.percent >= 90, "\(report.lcov)")
    }
}
