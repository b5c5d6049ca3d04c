internal import CJavaScriptCore
internal import DAppRuntime
internal import Glibc
internal import Primitives

/// How fast the engine is bare, and how much of that is left with everything around it.
///
/// `bare` is a function called with plain arguments that reads two values and writes two through host functions: no
/// meter, no models, no JSON. `plain` is the measured DApp without its meter, one call after the other on state in
/// memory (`js-runtime.md` 9). `metered` is the worker's whole path for blocks of the same calls.
enum Benchmark {
    /// One line of JSON with the three rates in calls a second.
    static func run(_ work: CallMeasurement) throws(EngineFault) -> String {
        let count = work.blocks.dropFirst().reduce(0) { $0 + $1.calls.count }
        let bare = try measureBare(calls: count)
        let plain = try measurePlain(work, count)
        let metered = try measureMetered(work, count)
        return """
            {"bare":\(Int(bare)),"plain":\(Int(plain)),"metered":\(Int(metered)),"calls":\(count)}
            """
    }

    private static let accounts = 1_000

    private static func rate(_ calls: Int, _ seconds: Double) -> Double { Double(calls) / max(seconds, 1e-9) }

    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    // Bare engine

    private final class BareStore {
        var values: [[UInt8]: [UInt8]] = [:]
    }

    private static let bareContract = """
        globalThis.transfer = (from, to, amount) => {
          const held = +get('balance/' + from);
          if (held < amount) throw new Error('insufficient');
          put('balance/' + from, String(held - amount));
          put('balance/' + to, String(+get('balance/' + to) + amount));
        };
        """

    private static func measureBare(calls: Int) throws(EngineFault) -> Double {
        let engine = Engine()
        let store = BareStore()
        let names = (0..<accounts).map { "A\(String(repeating: "0", count: 28))\(1_000 + $0)" }
        for name in names { store.values[Array("balance/\(name)".utf8)] = Array("1000000000".utf8) }
        unsafe install("get", engine, store) { context, function, _, _, values, _ in
            guard let store = unsafe Benchmark.store(function),
                let key = unsafe JSValueToStringCopy(context, values?[0], nil)
            else { return nil }
            defer { unsafe JSStringRelease(key) }
            let text = unsafe JSText.make(utf8: store.values[JSText.bytes(key)] ?? [0x30])
            defer { unsafe JSStringRelease(text) }
            return unsafe JSValueMakeString(context, text)
        }
        unsafe install("put", engine, store) { context, function, _, _, values, _ in
            guard let store = unsafe Benchmark.store(function),
                let key = unsafe JSValueToStringCopy(context, values?[0], nil),
                let value = unsafe JSValueToStringCopy(context, values?[1], nil)
            else { return nil }
            unsafe store.values[JSText.bytes(key)] = JSText.bytes(value)
            unsafe JSStringRelease(key)
            unsafe JSStringRelease(value)
            return unsafe JSValueMakeUndefined(context)
        }
        try engine.evaluate(bareContract, name: "bare")
        guard let transfer = engine.global("transfer") else { throw EngineFault(text: "no function") }
        var generator = SeededGenerator(seed: 7)
        let start = processorSeconds
        for _ in 0..<calls {
            let from = names[Int(generator.below(UInt64(accounts)))]
            let to = names[Int(generator.below(UInt64(accounts)))]
            _ = try engine.call(transfer, .text(from), .text(to), .number(1))
        }
        return withExtendedLifetime(store) { rate(calls, processorSeconds - start) }
    }

    private static func install(
        _ name: String, _ engine: Engine, _ store: BareStore,
        _ callback: @escaping JSObjectCallAsFunctionCallback
    ) {
        var definition = unsafe kJSClassDefinitionEmpty
        unsafe definition.callAsFunction = unsafe callback
        let kind = unsafe JSClassCreate(&definition)
        let pointer = unsafe Unmanaged.passUnretained(store).toOpaque()
        unsafe engine.setGlobal(name, JSValue(JSObjectMake(engine.context, kind, pointer)))
        unsafe JSClassRelease(kind)
    }

    private static func store(_ function: JSObjectRef?) -> BareStore? {
        guard let pointer = unsafe JSObjectGetPrivate(function) else { return nil }
        return unsafe Unmanaged<BareStore>.fromOpaque(pointer).takeUnretainedValue()
    }

    // The measured DApp

    private final class MemorySource: StateSource {
        var values: [[UInt8]: [UInt8]] = [:]

        func fetch(_ request: FetchRequest) -> FetchAnswer {
            FetchAnswer(values: request.keys.map { values[$0] }, balances: request.balances.map { _ in 0 })
        }

        func scan(_ request: ScanRequest) -> [RecordWrite] { [] }
    }

    /// A loaded executor on the state that the first block leaves.
    private static func prepare(
        _ work: CallMeasurement, _ source: MemorySource, _ mode: Toolchain.Mode
    ) throws(EngineFault) -> Executor {
        let executor = try Executor(parser: Parser.load(), source: source)
        let report = try executor.load(work.bundle, work.context, mode)
        guard report.diagnostics.isEmpty else { throw EngineFault(text: "\(report.diagnostics)") }
        if let first = work.blocks.first { try apply(first, executor, source) }
        return executor
    }

    private static func apply(
        _ delivery: Delivery, _ executor: Executor, _ source: MemorySource
    ) throws(EngineFault) {
        let outcome = try executor.execute(delivery, known: [])
        for result in outcome.results where result.status != .succeeded {
            throw EngineFault(text: "a call failed: \(result.error?.message ?? "")")
        }
        for write in outcome.writes { source.values[write.key] = write.value }
    }

    private static func measurePlain(_ work: CallMeasurement, _ count: Int) throws(EngineFault) -> Double {
        let source = MemorySource()
        let executor = try prepare(work, source, .plain)
        let start = processorSeconds
        for block in work.blocks.dropFirst() { try executor.runBare(block) }
        return rate(count, processorSeconds - start)
    }

    private static func measureMetered(_ work: CallMeasurement, _ count: Int) throws(EngineFault) -> Double {
        let source = MemorySource()
        let executor = try prepare(work, source, .metered)
        let start = processorSeconds
        for block in work.blocks.dropFirst() { try apply(block, executor, source) }
        return rate(count, processorSeconds - start)
    }
}
