import DAppRuntime
import Testing

@Suite struct CheckTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let source: String
        let code: String
        let column: UInt32
        var testDescription: String { source }

        init(_ source: String, _ code: String, _ column: UInt32 = 1) {
            self.source = source
            self.code = code
            self.column = column
        }
    }

    static let refusals: [Refusal] = [
        Refusal("const a = ", "syntax", 11), Refusal("with (a) {}", "syntax"),
        Refusal("eval('1')", "forbidden-global"),
        Refusal("new Function('1')", "forbidden-global", 5), Refusal("import('x')", "dynamic-import"),
        Refusal("async function* g() {}", "async-generator"),
        Refusal("async () => { for await (const x of []); }", "for-await", 15),
        Refusal("const r = /a/", "regular-expression", 11), Refusal("const $gas = 1", "reserved-name", 7),
        Refusal("Date.now()", "clock"), Refusal("new Date()", "clock"), Refusal("Date()", "clock"),
        Refusal("Math.random()", "randomness"),
        Refusal("Math.sin(1)", "inexact-math"), Refusal("setTimeout(() => {}, 1)", "forbidden-global"),
        Refusal("Intl.x", "forbidden-global"),
        Refusal("new Proxy({}, {})", "forbidden-global", 5),
        Refusal("new WeakRef({})", "forbidden-global", 5), Refusal("RegExp('a')", "forbidden-global"),
        Refusal("console.log(1)", "forbidden-global"), Refusal("process.exit()", "forbidden-global"),
        Refusal("require('fs')", "forbidden-global"),
        Refusal("globalThis.x = 1", "forbidden-global"),
        Refusal("new Float64Array(1)", "forbidden-global", 5), Refusal("missing()", "unknown-name"),
        Refusal("import fs from 'fs'", "import", 16),
        Refusal("import { x } from './nothing.js'", "import", 19),
        Refusal("import { nothing } from 'etm:dapp'", "import", 10),
        Refusal("import { nothing } from './other.js'", "import", 10), Refusal("await 1", "top-level-await"),
        Refusal("import.meta", "import-meta"),
        Refusal("const o = { __proto__: null }", "forbidden-method", 13),
        Refusal("class A {} A.prototype = 1", "prototype", 12),
        Refusal("const f = () => {}; [f.prototype] = [1]", "prototype", 22),
        Refusal("function* g() { try {} finally {} }", "try-in-generator", 17),
        Refusal("const a = 1 == 2", "loose-equality", 11),
        Refusal("export let x = 1", "exported-variable", 12),
        Refusal("const f = () => ({}); f().x++", "complex-target", 23),
        Refusal("const { a: [...b] } = {}", "nested-rest", 12),
        Refusal("'a'.localeCompare('b')", "forbidden-method", 5),
        Refusal("throw new TypeError('at load')", "declaration"), Refusal("for (;;);", "declaration"),
        Refusal("let undefined$ = 1; let $x = 2", "reserved-name", 25),
    ]

    private func check(_ source: String) throws -> CheckReport {
        let bundle = try DAppBundle(files: [
            (path: "contract/test.js", bytes: Array("// first line\n\(source)".utf8)),
            (path: "contract/other.js", bytes: Array("export const there = 1".utf8)),
        ])
        return try DAppWorkerSupervisor.check(bundle, executable: Place.worker, guards: .patient)
    }

    @Test(arguments: refusals) func whatIsNotAllowedIsReportedWithItsPlace(refusal: Refusal) throws {
        let found = try check(refusal.source).diagnostics
        let first = try #require(found.first, "nothing was found")
        #expect(first.code == refusal.code, "\(found)")
        #expect(first.file == "contract/test.js")
        #expect(first.line == 2)
        #expect(first.column == refusal.column, "\(found)")
    }

    @Test func everyFindingIsReportedAtOnce() throws {
        let found = try check("Date.now()\nMath.random()\nfetch('x')").diagnostics
        #expect(found.map(\.line) == [2, 3, 4])
        #expect(found.allSatisfy { !$0.hint.isEmpty })
    }

    @Test func allowedNeighboursOfForbiddenThingsPass() throws {
        let source = """
            const date = new Date(0), text = 'eval /a/ Date.now()', o = { eval: 1, process: 2, $x: 3 }, a = null == undefined
            const f = ({ process, fetch }) => process + fetch, m = Math.floor(1.5), [first, ...rest] = [1, 2, 3]
            class A extends Array { static x = 1; #y = 2; get y() { return this.#y } }
            outer: for (const k in o) { for (let i = 0; i < 3; i++) continue outer }
            function* g() { yield* [1, 2] }
            """
        #expect(try check(source).diagnostics == [])
    }

    @Test func theReportListsWhatABundleOffers() throws {
        let report = try DAppWorkerSupervisor.check(
            try Place.template("hello").bundle, executable: Place.worker, guards: .patient)
        #expect(report.diagnostics == [])
        #expect(
            report.contracts.map { "\($0.contract).\($0.method)" } == ["hello.register", "hello.transfer"])
        #expect(
            report.contracts[1].arguments == [
                TypedName(name: "name", type: "string(32)"), TypedName(name: "to", type: "address"),
            ])
        #expect(
            report.models == [
                ModelEntry(
                    name: "Name", key: "name",
                    fields: [
                        TypedName(name: "name", type: "string(32)"),
                        TypedName(name: "owner", type: "address"),
                        TypedName(name: "height", type: "uint"),
                    ], unique: [], index: ["owner"])
            ])
        #expect(report.routes.map(\.path) == ["greeting/:name", "names/:owner", "summary"])
        #expect(
            report.engineFingerprint
                == (try DAppWorkerSupervisor.engineFingerprint(executable: Place.worker, guards: .patient)))
    }

    @Test func deepNestingIsRefusedWithoutHarm() throws {
        for text in [
            String(repeating: "[", count: 200), "let x = " + String(repeating: "!", count: 100_000) + "1",
            "let x = 1" + String(repeating: "+1", count: 60_000),
        ] {
            #expect(try check(text).diagnostics.first?.code == "nesting")
        }
    }
}
