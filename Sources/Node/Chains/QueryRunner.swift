internal import API
internal import Ledger
internal import Primitives
internal import Synchronization

/// Runs a DApp's read-only work in a worker of its own, so that it can never delay a block.
///
/// Bound: `most` requests wait; a further one is refused. Thread and worker start with the first request:
/// a worker dies with the thread that started it, so that thread must be the runner's own.
final class QueryRunner: Sendable {
    typealias Work = @Sendable (Result<WorkerContracts, Refusal>) -> Void

    private enum Message: Sendable {
        case run(Work)
        case stop
    }

    private struct Running: Sendable {
        let thread: OwnedThread
        let mailbox: Mailbox<Message>
    }

    private let configuration: WorkerConfiguration
    private let running = Mutex<Running?>(nil)

    private static let most = 256

    init(_ configuration: WorkerConfiguration) { self.configuration = configuration }

    /// Hands the worker, or why there is none, to `body`, exactly once; on the runner's own thread if it is taken.
    func run(_ body: @escaping Work) {
        // Under the lock, so that no request is posted behind an order to stop.
        let isTaken = running.withLock { running in
            let current = running ?? start()
            running = current
            return current.mailbox.post(.run(body))
        }
        guard !isTaken else { return }
        body(.failure(Refusal(code: "BUSY", message: "too many queries wait", hint: "try again")))
    }

    /// Ends the worker; a later request starts it again.
    func stop() {
        let last = running.withLock { running in
            defer { running = nil }
            running?.mailbox.post(.stop, isUrgent: true)
            return running
        }
        last?.thread.join()
    }

    private func start() -> Running {
        let mailbox = Mailbox<Message>(most: QueryRunner.most)
        let thread = OwnedThread(name: "ask-\(configuration.spec.name)")
        thread.start { [configuration] in QueryRunner.serve(mailbox, configuration) }
        return Running(thread: thread, mailbox: mailbox)
    }

    private static func serve(_ mailbox: Mailbox<Message>, _ configuration: WorkerConfiguration) {
        var worker: WorkerContracts?
        defer { worker?.stop() }
        while true {
            for message in mailbox.drain(waiting: .seconds(86_400)) {
                guard case .run(let body) = message else { return }
                do {
                    let current = try worker ?? WorkerContracts(configuration)
                    worker = current
                    body(.success(current))
                } catch {
                    body(
                        .failure(
                            Refusal(
                                code: "WORKER_FAILED", message: "the DApp's worker does not start: \(error)"))
                    )
                }
            }
        }
    }
}
