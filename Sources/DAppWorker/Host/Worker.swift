internal import CLinux
internal import DAppRuntime
internal import Glibc
internal import Primitives

/// The worker's conversation with its host.
final class Worker: StateSource {
    private var channel = FrameChannel(owning: WorkerProtocol.descriptor)
    private var executor: Executor?
    private let isCovering: Bool

    private init(isCovering: Bool) { self.isCovering = isCovering }

    /// Serves one host until it hangs up.
    static func serve(isCovering: Bool = false) throws(EngineFault) {
        let worker = Worker(isCovering: isCovering)
        let executor = try Executor(
            parser: try Parser.load(), source: worker, purpose: isCovering ? "coverage" : "")
        worker.executor = executor
        guard Sandbox.close() else { fail("the sandbox cannot be closed") }
        worker.send(.ready(executor.fingerprint))
        while true { try worker.answer(worker.receive(), with: executor) }
    }

    /// Ends the process without a result; the host starts another.
    static func fail(_ message: String) -> Never {
        let line = Array("etm-dapp-worker: \(message)\n".utf8)
        unsafe _ = write(2, line, line.count)
        _exit(70)
    }

    private func answer(_ message: HostMessage, with executor: Executor) throws(EngineFault) {
        switch message {
        case .load(let bundle, let context):
            send(.report(try executor.load(bundle, context, isCovering ? .covered : .metered)))
        case .check(let bundle): send(.report(try executor.load(bundle, nil)))
        case .execute(let delivery, let known): send(.outcome(try executor.execute(delivery, known: known)))
        case .query(let query): send(.answer(try executor.answer(query)))
        case .coverage: send(.coverage(try executor.hits()))
        case .values, .page: Self.fail("the host sent values that nobody asked for")
        case .tests, .run, .reply: Self.fail("this worker runs no tests")
        }
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
