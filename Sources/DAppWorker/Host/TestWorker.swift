internal import CLinux
internal import DAppRuntime
internal import Glibc
internal import JSON
internal import Primitives

/// A worker that runs the tests of a DApp; whatever happens on the chain under test, the host does.
final class TestWorker: StateSource {
    private var channel = FrameChannel(owning: WorkerProtocol.descriptor)

    /// Serves one host until it hangs up.
    static func serve() throws(EngineFault) {
        let worker = TestWorker()
        let parser = try Parser.load()
        let toolchain = try Toolchain(parser: parser)
        let fingerprint = try Fingerprint.compute(toolchain: toolchain, parser: parser, purpose: "tests")
        guard Sandbox.close() else { Worker.fail("the sandbox cannot be closed") }
        worker.send(.ready(fingerprint))
        guard case .tests(let files) = worker.receive() else { Worker.fail("the host sends no tests") }
        let product = try toolchain.run(files.modules, .tests)
        guard product.findings.isEmpty else {
            worker.send(.refused(product.findings))
            return
        }
        try worker.run(files, product.code)
    }

    private func run(_ files: TestFiles, _ code: [String]) throws(EngineFault) {
        let realm = try Realm(engine: Engine(), state: HostState(source: self), .tests)
        realm.state.request = { [self] in ask($0) }
        realm.state.place = { [unowned realm] place in
            let found = realm.position(of: place)
            return found.file.isEmpty ? nil : "\(found.file):\(found.line):\(found.column)"
        }
        try realm.define(files.modules, code: code)
        send(.offered(Array(try realm.openTests(files.settings).utf8)))
        while true {
            guard case .run(let index, let seed) = receive() else { Worker.fail("the host runs no test") }
            send(.verdict(Array(try realm.runTest(Int(index), seed: seed).utf8)))
        }
    }

    private func ask(_ request: [UInt8]) -> [UInt8]? {
        send(.request(request))
        guard case .reply(let bytes) = receive() else { Worker.fail("the host does not answer a test") }
        return bytes
    }

    private func receive() -> HostMessage {
        do {
            return try channel.receive()
        } catch {
            if case .closed = error { _exit(0) }
            Worker.fail("the host's message is not readable: \(error)")
        }
    }

    private func send(_ message: WorkerMessage) {
        do {
            try channel.send(message)
        } catch {
            Worker.fail("the host does not take a message: \(error)")
        }
    }

    // Tests have no state of their own.
    func fetch(_ request: FetchRequest) -> FetchAnswer {
        FetchAnswer(
            values: request.keys.map { _ in nil }, balances: request.balances.map { _ in nil })
    }

    func scan(_ request: ScanRequest) -> [RecordWrite] { [] }
}
