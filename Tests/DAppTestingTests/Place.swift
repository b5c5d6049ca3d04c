import DAppRuntime
import DAppTesting
import Foundation

/// A DApp written in a test, its tests, and the worker that was built with them.
enum Place {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The worker program that was built together with these tests.
    static var worker: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "etm-dapp-worker").path
    }

    /// Every template that ships with tests, by name.
    static var templates: [String] {
        let folder = root.appending(path: "templates").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/test") }.sorted()
    }

    static func template(_ name: String) throws -> TestProject {
        let folder = root.appending(path: "templates/\(name)")
        var files: [(path: String, bytes: [UInt8])] = []
        var tests: [DAppModule] = []
        let walk = FileManager.default.enumerator(atPath: folder.path)
        for case let path as String in walk ?? .init() {
            let bytes = FileManager.default.contents(atPath: "\(folder.path)/\(path)").map(Array.init) ?? []
            if DAppBundle.isAllowed(path: path) { files.append((path, bytes)) }
            if path.hasPrefix("test/") { tests.append(DAppModule(path: path, source: bytes)) }
        }
        let manifest = Array(try Data(contentsOf: folder.appending(path: DAppManifest.fileName)))
        return TestProject(
            manifest: try DAppManifest.parse(manifest), bundle: try DAppBundle(files: files),
            tests: tests.sorted { $0.path < $1.path })
    }

    static let manifest = """
        {"name": "pot", "description": "A pot.", "category": "Common", "tags": "example",
         "token": {"symbol": "POT", "decimals": 2, "supply": "1000"},
         "fees": {"currency": "ETM", "minimum": "0"}, "blocks": {"interval": "2s"}, "consensus": "solo"}
        """

    /// A pot that people pay into; taking out more than 41 at once is forgotten in the book.
    static let contract = """
        import { contract, model, reject } from 'etm:dapp'
        const rows = model('Row')
        export const put = contract({ args: { amount: 'amount' } }, async (ctx, { amount }) => {
          const held = (await rows.get({ who: ctx.sender }))?.amount ?? 0n
          await rows.put({ who: ctx.sender, amount: held + amount, at: ctx.height })
          ctx.emit('put', { amount })
          return held + amount
        })
        export const take = contract({ args: { amount: 'amount' } }, async (ctx, { amount }) => {
          const row = await rows.get({ who: ctx.sender }) ?? reject('nothing is in')
          if (row.amount < amount) reject('only {amount} is in', row)
          if (amount <= 41n) await rows.put({ ...row, amount: row.amount - amount })
          ctx.log(`took ${amount}`)
          ctx.emit('take', { amount })
        })
        export const pay = contract({ args: { to: 'address', amount: 'amount' } }, (ctx, { to, amount }) => {
          ctx.pay({ from: ctx.sender, to, amount })
          return ctx.time
        })
        """

    static let model = """
        export default { name: 'Row', key: 'who', fields: { who: 'address', amount: 'amount', at: 'uint' } }
        """

    /// The pot with test files, each given as path and text after the import line.
    static func pot(_ tests: [(path: String, text: String)]) throws -> TestProject {
        let opening = """
            import { describe, it, assert, fixture, fuzz, invariant, accounts, chain } from 'etm:test';

            """
        return TestProject(
            manifest: try DAppManifest.parse(Array(manifest.utf8)),
            bundle: try DAppBundle(files: [
                ("contract/pot.js", Array(contract.utf8)), ("model/row.js", Array(model.utf8)),
            ]), tests: tests.map { DAppModule(path: $0.path, source: Array((opening + $0.text).utf8)) })
    }
}

/// What a run told.
struct Told {
    var verdicts: [TestVerdict] = []
    let summary: TestSummary

    var names: [String] { verdicts.map(\.name) }
    var failures: [TestFailure] { verdicts.compactMap(\.failure) }

    init(_ project: TestProject, _ change: (inout TestOptions) -> Void = { _ in }) throws {
        var options = TestOptions(seed: 7, limit: 120_000)
        change(&options)
        var verdicts: [TestVerdict] = []
        summary = try TestRun(project, executable: Place.worker, options: options)
            .run { verdicts.append($0) }
        self.verdicts = verdicts
    }

    /// One file of tests on the pot; its text begins on line 2.
    init(_ text: String, _ change: (inout TestOptions) -> Void = { _ in }) throws {
        try self.init(try Place.pot([("test/pot.test.js", text)]), change)
    }

    /// Why the only test failed.
    var failure: TestFailure? { verdicts.count == 1 ? verdicts[0].failure : nil }
}
