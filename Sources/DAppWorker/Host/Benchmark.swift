internal import CJavaScriptCore
internal import DAppRuntime
internal import Glibc
internal import Primitives

/// How fast the engine is bare, and how much of that is left with everything around it.
///
/// `raw` is the engine alone: one function called with plain arguments, two values read and two written through host
/// functions, no meter, no models, no JSON. `metered` is the worker's whole path for one token transfer.
enum Benchmark {
    /// One line of JSON with both rates in calls a second.
    static func run(calls: Int) throws(EngineFault) -> String {
        let raw = try measureRaw(calls: calls)
        let metered = try measureMetered(calls: calls)
        return "{\"raw\":\(Int(raw)),\"metered\":\(Int(metered)),\"calls\":\(calls)}"
    }

    private static let accounts = 1_000

    private static func rate(_ calls: Int, _ seconds: Double) -> Double { Double(calls) / max(seconds, 1e-9) }

    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    // Bare engine

    private final class RawStore {
        var values: [[UInt8]: [UInt8]] = [:]
    }

    private static let rawContract = """
        globalThis.transfer = (from, to, amount) => {
          const held = +get('balance/' + from);
          if (held < amount) throw new Error('insufficient');
          put('balance/' + from, String(held - amount));
          put('balance/' + to, String(+get('balance/' + to) + amount));
        };
        """

    private static func measureRaw(calls: Int) throws(EngineFault) -> Double {
        let engine = Engine()
        let store = RawStore()
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
        try engine.evaluate(rawContract, name: "raw")
        guard let transfer = engine.global("transfer") else { throw EngineFault(text: "no function") }
        var generator = SeededGenerator(seed: 7)
        let start = processorSeconds
        for _ in 0..<calls {
            let from = engine.string(names[Int(generator.below(UInt64(accounts)))])
            let to = engine.string(names[Int(generator.below(UInt64(accounts)))])
            _ = try engine.call(transfer, [from, to, engine.number(1)])
        }
        return withExtendedLifetime(store) { rate(calls, processorSeconds - start) }
    }

    private static func install(
        _ name: String, _ engine: Engine, _ store: RawStore, _ callback: @escaping JSObjectCallAsFunctionCallback
    ) {
        var definition = unsafe kJSClassDefinitionEmpty
        unsafe definition.callAsFunction = unsafe callback
        let kind = unsafe JSClassCreate(&definition)
        let pointer = unsafe Unmanaged.passUnretained(store).toOpaque()
        unsafe engine.setGlobal(name, JSValue(JSObjectMake(engine.context, kind, pointer)))
        unsafe JSClassRelease(kind)
    }

    private static func store(_ function: JSObjectRef?) -> RawStore? {
        guard let pointer = unsafe JSObjectGetPrivate(function) else { return nil }
        return unsafe Unmanaged<RawStore>.fromOpaque(pointer).takeUnretainedValue()
    }

    // Whole path

    private final class MemorySource: StateSource {
        var values: [[UInt8]: [UInt8]] = [:]

        func fetch(_ request: FetchRequest) -> FetchAnswer {
            FetchAnswer(values: request.keys.map { values[$0] }, balances: request.balances.map { _ in 0 })
        }

        func scan(_ request: ScanRequest) -> [RecordWrite] { [] }
    }

    private static let contract = """
        import { contract, model, reject } from 'etm:dapp'
        const accounts = model('Account')
        export const transfer = contract({ args: { to: 'string(40)', amount: 'amount' } }, (ctx, { to, amount }) => {
          const from = accounts.get({ id: ctx.sender })
          if (from.balance < amount) reject('insufficient')
          accounts.put({ id: ctx.sender, balance: from.balance - amount })
          accounts.put({ id: to, balance: (accounts.get({ id: to })?.balance ?? 0n) + amount })
        })
        """
    private static let model = """
        export default { name: 'Account', key: 'id', fields: { id: 'string(40)', balance: 'amount' } }
        """

    private static func measureMetered(calls: Int) throws(EngineFault) -> Double {
        let source = MemorySource()
        let names = (0..<accounts).map { "A\(String(repeating: "0", count: 28))\(1_000 + $0)" }
        for name in names {
            source.values[Array("Account\0\(name)".utf8)] = Array("{\"id\":\"\(name)\",\"balance\":\"1000000000\"}".utf8)
        }
        let bundle: DAppBundle
        do {
            bundle = try DAppBundle(files: [
                (path: "contract/token.js", bytes: Array(contract.utf8)),
                (path: "model/account.js", bytes: Array(model.utf8)),
            ])
        } catch { throw EngineFault(text: "\(error)") }
        let context = DAppContext(
            chainID: .zero, selfAddress: "", assets: [Asset(symbol: "ETM", decimals: 8)], defaultAsset: 0)
        let executor = try Executor(parser: Parser.load(), source: source)
        let report = try executor.load(bundle, context)
        guard report.diagnostics.isEmpty else { throw EngineFault(text: "\(report.diagnostics)") }
        var generator = SeededGenerator(seed: 7)
        var seconds = 0.0
        for start in stride(from: 0, to: calls, by: 1_000) {
            let block = (start..<min(calls, start + 1_000)).map { index in
                let to = names[Int(generator.below(UInt64(accounts)))]
                return Call(
                    transaction: TransactionID(Bytes32(0, 0, 0, UInt64(index))),
                    sender: names[Int(generator.below(UInt64(accounts)))], contract: "token", method: "transfer",
                    arguments: Array("{\"to\":\"\(to)\",\"amount\":\"1\"}".utf8), gasLimit: 100_000)
            }
            let delivery = Delivery(
                chainID: .zero, height: Height(1), time: .zero, calls: block, gasLimit: 1_000_000_000)
            let begin = processorSeconds
            let outcome = try executor.execute(delivery, known: [])
            seconds += processorSeconds - begin
            guard outcome.results.allSatisfy({ $0.status == .succeeded }) else {
                throw EngineFault(text: "a transfer failed: \(outcome.results.first?.error?.message ?? "")")
            }
            for write in outcome.writes { source.values[write.key] = write.value }
        }
        return rate(calls, seconds)
    }
}
