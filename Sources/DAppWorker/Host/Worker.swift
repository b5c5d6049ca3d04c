internal import CLinux
internal import CJavaScriptCore
internal import Crypto
internal import DAppRuntime
internal import Glibc
internal import Primitives

/// The worker's conversation with its host.
final class Worker: StateSource {
    private var channel = FrameChannel(owning: WorkerProtocol.descriptor)
    private let toolchain: Toolchain
    private let engine: Engine
    private let fingerprint: Digest
    private var realm: Realm?
    private var methods: [String: Int] = [:]
    private var context: DAppContext?

    private init(engine: Engine, toolchain: Toolchain, fingerprint: Digest) {
        self.engine = engine
        self.toolchain = toolchain
        self.fingerprint = fingerprint
    }

    /// Serves one host until it hangs up.
    static func serve() throws(EngineFault) {
        let parser = try Parser.load()
        let engine = Engine()
        let toolchain = try Toolchain(engine: engine, parser: parser)
        let fingerprint = try Fingerprint.compute(engine: engine, toolchain: toolchain, parser: parser)
        let worker = Worker(engine: engine, toolchain: toolchain, fingerprint: fingerprint)
        guard Sandbox.close() else { fail("the sandbox cannot be closed") }
        worker.send(.ready(fingerprint))
        while true { try worker.answer(worker.receive()) }
    }

    /// Ends the process without a result; the host starts another.
    static func fail(_ message: String) -> Never {
        let line = Array("etm-dapp-worker: \(message)\n".utf8)
        unsafe _ = write(2, line, line.count)
        _exit(70)
    }

    private func answer(_ message: HostMessage) throws(EngineFault) {
        switch message {
        case .load(let bundle, let context): send(.report(try load(bundle, context)))
        case .check(let bundle): send(.report(try load(bundle, nil)))
        case .execute(let delivery, let known): send(.outcome(try execute(delivery, known: known)))
        case .query(let query): send(.answer(try answer(query)))
        case .values, .page: Self.fail("the host sent values that nobody asked for")
        }
    }

    // Loading

    private func load(_ bundle: DAppBundle, _ context: DAppContext?) throws(EngineFault) -> CheckReport {
        guard realm == nil else { Self.fail("the host loads a second bundle") }
        let (findings, code) = try toolchain.run(bundle)
        guard findings.isEmpty else { return report(findings: findings) }
        let realm = try Realm(engine: Engine(sharing: engine), state: HostState(source: self))
        do {
            try realm.define(bundle, code: code)
        } catch {
            return report(findings: [
                Diagnostic(file: "", line: 0, column: 0, code: "compile", message: error.text.cut(toBytes: 512))
            ])
        }
        let limits = context?.limits ?? .standard
        let offer = Offer(text: try realm.describe(gas: limits.loadGas), realm: realm)
        for (index, entry) in offer.contracts.enumerated() { methods[entry.contract + "." + entry.method] = index }
        if let context {
            try realm.configure(context)
            realm.state.context = context
            self.context = context
        }
        self.realm = realm
        return CheckReport(
            diagnostics: offer.findings, contracts: offer.contracts, models: offer.models, routes: offer.routes,
            engineFingerprint: fingerprint)
    }

    private func report(findings: [Diagnostic]) -> CheckReport {
        CheckReport(
            diagnostics: Array(findings.prefix(CheckReport.mostDiagnostics)), contracts: [], models: [], routes: [],
            engineFingerprint: fingerprint)
    }

    // Working

    private func execute(_ delivery: Delivery, known: [RecordWrite]) throws(EngineFault) -> DeliveryOutcome {
        guard let realm else { Self.fail("the host sends work before a bundle") }
        let state = realm.state
        state.cache.reset(known: known)
        state.time = delivery.time.milliseconds
        state.mostReturnedBytes = CallResult.mostReturnedBytes
        try realm.begin(height: delivery.height)
        prefetch(delivery, state)
        var gasLeft = delivery.gasLimit
        var results: [CallResult] = []
        results.reserveCapacity(delivery.calls.count)
        for call in delivery.calls {
            let result = try execute(call, gas: min(call.gasLimit, gasLeft), realm)
            gasLeft -= min(gasLeft, result.gasUsed)
            results.append(result)
        }
        state.call = nil
        try realm.flush()
        let (records, balances) = state.cache.writes()
        return DeliveryOutcome(results: results, writes: records, balances: balances)
    }

    private func prefetch(_ delivery: Delivery, _ state: HostState) {
        let calls = delivery.calls.compactMap { call in
            methods[call.contract + "." + call.method].map { (method: $0, call: call) }
        }
        let guess = state.prefetch.guess(calls, tables: state.tables)
        state.cache.warm(keys: guess.keys, balances: guess.places)
    }

    private func execute(_ call: Call, gas: UInt64, _ realm: Realm) throws(EngineFault) -> CallResult {
        let state = realm.state
        guard let method = methods[call.contract + "." + call.method] else {
            let error = CallError(
                code: "UnknownMethod", message: "There is no method \(call.contract).\(call.method).")
            return CallResult(status: .unknownMethod, gasUsed: 0, error: error)
        }
        state.call = call
        state.method = method
        state.beginCall()
        if let left = try realm.run(call, method: method, gas: gas) {
            state.cache.commitCall()
            return CallResult(
                status: .succeeded, gasUsed: gas - min(gas, left), events: state.events, returned: state.returned,
                logs: state.logs)
        }
        state.cache.undoCall()
        let reason = try realm.reason()
        return CallResult(
            status: reason.status, gasUsed: gas - min(gas, reason.gasLeft), error: reason.error, logs: state.logs)
    }

    private func answer(_ query: Query) throws(EngineFault) -> QueryAnswer {
        guard let realm, let context else { Self.fail("the host sends work before a bundle") }
        let state = realm.state
        state.cache.reset(known: [])
        state.call = nil
        state.time = query.time.milliseconds
        state.mostReturnedBytes = QueryAnswer.mostBytes
        state.beginCall()
        try realm.begin(height: query.height)
        let left = try realm.ask(query, gas: context.limits.queryGas)
        state.cache.undoCall()
        guard left != nil else { return .refused(try realm.reason().error) }
        return .answered(state.returned ?? Array("null".utf8))
    }

    // The host

    private func receive() -> HostMessage {
        do {
            return try channel.receive()
        } catch {
            if case .closed = error { _exit(0) }
            Self.fail("the host's message is not readable: \(error)")
        }
    }

    private func send(_ message: WorkerMessage) {
        do {
            try channel.send(message)
        } catch {
            Self.fail("the host does not take a message: \(error)")
        }
    }

    func fetch(_ request: FetchRequest) -> FetchAnswer {
        send(.fetch(request))
        guard case .values(let answer) = receive(), answer.values.count == request.keys.count,
            answer.balances.count == request.balances.count
        else { Self.fail("the host did not send what was asked for") }
        return answer
    }

    func scan(_ request: ScanRequest) -> [RecordWrite] {
        send(.scan(request))
        guard case .page(let records) = receive() else { Self.fail("the host did not send a page") }
        return records
    }
}
