internal import DAppRuntime
internal import Primitives

/// The world in which contracts run: one frozen context and the entries that the runtime gave to the host.
final class Realm {
    private let engine: Engine
    let state: HostState
    private var entries: [String: JSValue] = [:]
    private let startEntry: JSValue
    private let finishEntry: JSValue
    private var sources: [(path: String, lines: LineTable)] = []

    /// Builds the world; nothing of a contract is in it yet.
    init(engine: Engine, state: HostState, _ mode: Toolchain.Mode = .metered) throws(EngineFault) {
        self.engine = engine
        self.state = state
        HostFunctions.install(in: engine, state: state, isTesting: mode == .tests)
        for (name, source) in RuntimeSources.realm + Self.additions(mode) {
            try engine.evaluate(source, name: name)
        }
        guard let object = engine.global("entries") else { throw EngineFault(text: "no entries") }
        for name in [
            "start", "finish", "reason", "begin", "flush", "ask", "open", "configure", "hits", "openTests",
            "runTest", "verdict",
        ] {
            entries[name] = engine.property(name, of: object)
        }
        guard let start = entries["start"], let finish = entries["finish"] else {
            throw EngineFault(text: "no entries")
        }
        startEntry = start
        finishEntry = finish
        try engine.evaluate(RuntimeSources.freeze.source, name: RuntimeSources.freeze.name)
        engine.forbidCode()
    }

    private static func additions(_ mode: Toolchain.Mode) -> [(name: String, source: String)] {
        switch mode {
        case .plain, .metered: []
        case .covered: [RuntimeSources.coverage]
        case .tests: RuntimeSources.tests
        }
    }

    /// Loads compiled modules; afterwards `describe` lists what they offer.
    func define(_ modules: [DAppModule], code: [String]) throws(EngineFault) {
        sources = modules.map { ($0.path, LineTable($0.source)) }
        for (module, code) in zip(modules, code) { try engine.evaluate(code, name: module.path) }
    }

    /// Evaluates all modules once; one line for each thing found.
    func describe(gas: UInt64) throws(EngineFault) -> String {
        engine.text(of: try engine.call(try entry("open"), .number(Double(gas))))
    }

    func configure(_ context: DAppContext) throws(EngineFault) {
        let assets = context.assets.map(\.symbol).joined(separator: ",")
        _ = try engine.call(
            try entry("configure"), .text(context.selfAddress), .text(assets),
            .number(Double(context.defaultAsset)), .number(Double(context.limits.recordsPerCall)))
    }

    /// Text that an entry without arguments gives.
    func text(of name: String) throws(EngineFault) -> String {
        engine.text(of: try engine.call(try entry(name)))
    }

    /// Evaluates the modules of tests, which register what they test; JSON of what there is.
    func openTests(_ settings: [UInt8]) throws(EngineFault) -> String {
        engine.text(of: try engine.call(try entry("openTests"), .utf8(settings)))
    }

    /// Runs one test to its end; JSON of what came out.
    func runTest(_ index: Int, seed: String) throws(EngineFault) -> String {
        _ = try engine.call(try entry("runTest"), .number(Double(index)), .text(seed))
        return try text(of: "verdict")
    }

    func begin(height: Height) throws(EngineFault) {
        _ = try engine.call(try entry("begin"), .number(Double(height.value)))
    }

    func flush() throws(EngineFault) { _ = try engine.call(try entry("flush")) }

    /// Runs one call to its end; the gas that is left, or nil when it failed.
    func run(_ call: Call, method: Int, gas: UInt64) throws(EngineFault) -> UInt64? {
        _ = try engine.call(
            startEntry, .number(Double(method)), .utf8(call.arguments), .number(Double(gas)),
            .text(call.sender))
        return try finish()
    }

    /// Answers one query; the gas that is left, or nil when it failed.
    func ask(_ query: Query, gas: UInt64) throws(EngineFault) -> UInt64? {
        _ = try engine.call(
            try entry("ask"), .text(query.path), .utf8(query.parameters), .number(Double(gas)))
        return try finish()
    }

    private func finish() throws(EngineFault) -> UInt64? {
        UInt64(exactly: engine.number(in: try engine.call(finishEntry)))
    }

    /// Why the last call failed.
    func reason() throws(EngineFault) -> (status: CallStatus, gasLeft: UInt64, error: CallError) {
        let text = engine.text(of: try engine.call(try entry("reason")))
        let fields = text.split(separator: "\n", maxSplits: 4, omittingEmptySubsequences: false).map(
            String.init)
        guard fields.count == 5, let number = UInt8(fields[0]), let status = CallStatus(rawValue: number),
            let place = Int(fields[2])
        else { throw EngineFault(text: "no reason: \(text)") }
        let at = position(of: place)
        let error = CallError(
            code: fields[3], message: fields[4], file: at.file, line: at.line, column: at.column)
        return (status, UInt64(fields[1]) ?? 0, error)
    }

    /// File, line and column of a place that the meter marked.
    func position(of place: Int) -> (file: String, line: UInt32, column: UInt32) {
        let index = place / 262_144
        guard place >= 0, index < sources.count else { return ("", 0, 0) }
        let found = sources[index].lines.position(of: place % 262_144)
        return (sources[index].path, found.line, found.column)
    }

    private func entry(_ name: String) throws(EngineFault) -> JSValue {
        guard let entry = entries[name] else { throw EngineFault(text: "no entry \(name)") }
        return entry
    }
}

/// Where the lines of a source begin, in UTF-16 units.
struct LineTable {
    private var starts: [Int] = [0]

    init(_ source: [UInt8]) {
        var offset = 0
        for unit in String(decoding: source, as: UTF8.self).utf16 {
            offset += 1
            if unit == 0x0A { starts.append(offset) }
        }
    }

    /// Line and column, both counted from 1.
    func position(of offset: Int) -> (line: UInt32, column: UInt32) {
        let line = max(1, starts.partitioningIndex { $0 > offset })
        return (UInt32(line), UInt32(offset - starts[line - 1] + 1))
    }
}

extension [Int] {
    /// The first place whose element passes a test that all later ones pass too.
    fileprivate func partitioningIndex(where test: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if test(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
