internal import DAppRuntime
internal import Primitives

/// Loads one bundle and does its work; where values come from is `source`'s business.
final class Executor {
    let fingerprint: Digest
    // The compiler has a heap of its own, which is given back once a bundle is loaded: every collection in the
    // contract's heap would otherwise walk through the parser.
    private var toolchain: Toolchain?
    private unowned let source: any StateSource
    private var realm: Realm?
    private var methods: [String: [String: Int]] = [:]
    private var context: DAppContext?
    private var coverage: CoverageMap?

    init(parser: String, source: any StateSource, purpose: String = "") throws(EngineFault) {
        self.source = source
        let toolchain = try Toolchain(parser: parser)
        fingerprint = try Fingerprint.compute(toolchain: toolchain, parser: parser, purpose: purpose)
        self.toolchain = toolchain
    }

    // Loading

    /// Compiles and evaluates a bundle; without a context it is only checked.
    func load(
        _ bundle: DAppBundle, _ context: DAppContext?, _ mode: Toolchain.Mode = .metered
    ) throws(EngineFault) -> CheckReport {
        guard realm == nil, let compiler = toolchain else { Worker.fail("the host loads a second bundle") }
        let product = try compiler.run(bundle.modules, mode)
        toolchain = nil
        guard product.findings.isEmpty else { return report(findings: product.findings) }
        if mode == .covered { coverage = CoverageMap(bundle.modules, product.sites) }
        let realm = try Realm(engine: Engine(), state: HostState(source: source), mode)
        do {
            try realm.define(bundle.modules, code: product.code)
        } catch {
            return report(findings: [
                Diagnostic(
                    file: "", line: 0, column: 0, code: "compile", message: error.text.cut(toBytes: 512))
            ])
        }
        let limits = context?.limits ?? .standard
        let offer = Offer(text: try realm.describe(gas: limits.loadGas), realm: realm)
        for (index, entry) in offer.contracts.enumerated() {
            methods[entry.contract, default: [:]][entry.method] = index
        }
        if let context {
            try realm.configure(context)
            realm.state.context = context
            self.context = context
        }
        self.realm = realm
        return CheckReport(
            diagnostics: offer.findings, contracts: offer.contracts, models: offer.models,
            routes: offer.routes,
            engineFingerprint: fingerprint)
    }

    private func report(findings: [Diagnostic]) -> CheckReport {
        CheckReport(
            diagnostics: Array(findings.prefix(CheckReport.mostDiagnostics)), contracts: [], models: [],
            routes: [],
            engineFingerprint: fingerprint)
    }

    /// How often each site of covered code was reached so far.
    func hits() throws(EngineFault) -> [CoverageSite] {
        guard let realm, let coverage else { Worker.fail("this worker does not measure coverage") }
        return coverage.sites(try realm.text(of: "hits"))
    }

    // Working

    /// Runs the calls of a delivery in order.
    func execute(_ delivery: Delivery, known: [RecordWrite]) throws(EngineFault) -> DeliveryOutcome {
        guard let realm else { Worker.fail("the host sends work before a bundle") }
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

    /// Runs the calls of a delivery without a result for each, as a measure of the engine itself.
    func runBare(_ delivery: Delivery) throws(EngineFault) {
        guard let realm else { Worker.fail("there is no bundle to measure") }
        for call in delivery.calls {
            guard let method = methods[call.contract]?[call.method] else { continue }
            realm.state.call = call
            realm.state.beginCall()
            guard try realm.run(call, method: method, gas: call.gasLimit) != nil else {
                throw EngineFault(text: "a call failed: \(try realm.reason().error.message)")
            }
            realm.state.cache.commitCall()
        }
        realm.state.call = nil
    }

    private func prefetch(_ delivery: Delivery, _ state: HostState) {
        let calls = delivery.calls.compactMap { call in
            methods[call.contract]?[call.method].map { (method: $0, call: call) }
        }
        let guess = state.prefetch.guess(calls, tables: state.tables)
        state.cache.warm(keys: guess.keys, balances: guess.places)
    }

    private func execute(_ call: Call, gas: UInt64, _ realm: Realm) throws(EngineFault) -> CallResult {
        let state = realm.state
        guard let method = methods[call.contract]?[call.method] else {
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
                status: .succeeded, gasUsed: gas - min(gas, left), events: state.events,
                returned: state.returned,
                logs: state.logs)
        }
        state.cache.undoCall()
        let reason = try realm.reason()
        return CallResult(
            status: reason.status, gasUsed: gas - min(gas, reason.gasLeft), error: reason.error,
            logs: state.logs)
    }

    /// Answers one query.
    func answer(_ query: Query) throws(EngineFault) -> QueryAnswer {
        guard let realm, let context else { Worker.fail("the host sends work before a bundle") }
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
}
