internal import DAppRuntime

/// The parser and the compiler of contracts, in a context of their own that never runs a contract.
struct Toolchain {
    private let engine: Engine
    private let add: JSValue
    private let compile: JSValue

    /// Loads the parser from its source text and the compiler from this program.
    init(parser: String) throws(EngineFault) {
        engine = Engine()
        try engine.evaluate(parser, name: "acorn.js")
        for (name, source) in RuntimeSources.toolchain { try engine.evaluate(source, name: name) }
        try engine.evaluate(Self.bridge, name: "bridge")
        guard let add = engine.global("addModule"), let compile = engine.global("compileModules") else {
            throw EngineFault(text: "no compiler")
        }
        self.add = add
        self.compile = compile
    }

    /// What code is compiled for.
    enum Mode: Double {
        /// To measure what the meter costs.
        case plain = 0
        /// To run on a chain.
        case metered = 1
        /// To count which statements and branches tests reach, for the same gas.
        case covered = 2
        /// To test a DApp.
        case tests = 3
    }

    /// Compiled modules, empty when there are findings, and the sites that covered code counts.
    struct Product {
        let findings: [Diagnostic]
        let code: [String]
        var sites: [String] = []
    }

    /// Compiles modules that import nothing but one another.
    func run(_ modules: [DAppModule], _ mode: Mode = .metered) throws(EngineFault) -> Product {
        for module in modules where BracketDepth.of(module.source) > BracketDepth.most {
            let finding = Diagnostic(
                file: module.path, line: 0, column: 0, code: "nesting",
                message: "Brackets are nested deeper than \(BracketDepth.most) levels.",
                hint: "split the expression")
            return Product(findings: [finding], code: [])
        }
        for module in modules { _ = try engine.call(add, .text(module.path), .utf8(module.source)) }
        let result = engine.text(of: try engine.call(compile, .number(mode.rawValue)))
        let parts = result.split(separator: "\u{1}", omittingEmptySubsequences: false)
        let findings = parts.first.map { Self.findings(String($0)) } ?? []
        let sites = parts.dropFirst().first?.split(separator: "\u{2}").map(String.init) ?? []
        return Product(findings: findings, code: parts.dropFirst(2).map(String.init), sites: sites)
    }

    /// Carries the compiler's result over as one text: findings, sites, then the code of each module, separated by
    /// U+0001.
    private static let bridge = """
        let pairs = [];
        globalThis.addModule = (path, source) => { pairs.push([path, source]); };
        globalThis.compileModules = mode => {
          const { findings, code, sites } = compileBundle(pairs, mode);
          pairs = [];
          const plain = text => String(text).replace(/[\\u0000-\\u001f]/g, ' ').slice(0, 300);
          const lines = findings.slice(0, 200).map(item =>
            [item.file, item.line, item.column, item.code, plain(item.message), plain(item.hint)].join('\\u0003'));
          return [lines.join('\\u0002'), sites.join('\\u0002'), ...code].join('\\u0001');
        };
        """

    private static func findings(_ text: String) -> [Diagnostic] {
        text.split(separator: "\u{2}").compactMap { line in
            let fields = line.split(separator: "\u{3}", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 6, let row = UInt32(fields[1]), let column = UInt32(fields[2]) else {
                return nil
            }
            return Diagnostic(
                file: fields[0], line: row, column: column, code: fields[3],
                message: fields[4].cut(toBytes: 1024), hint: fields[5].cut(toBytes: 1024))
        }
    }
}

/// How deeply brackets nest, counted before the recursive parser sees the text; text and comments count too.
enum BracketDepth {
    static let most = 128

    static func of(_ source: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        for byte in source {
            switch byte {
            case 0x28, 0x5B, 0x7B:
                depth += 1
                deepest = max(deepest, depth)
            case 0x29, 0x5D, 0x7D: depth = max(0, depth - 1)
            default: break
            }
        }
        return deepest
    }
}
