internal import API
internal import Dispatch
internal import Ledger
internal import Synchronization

/// Runs a DApp's read-only work in a worker of its own, so that it can never delay a block.
///
/// Bound: `most` requests wait; a further one is refused. The worker starts with the first request and
/// is replaced when it fails.
final class QueryRunner: Sendable {
    private let configuration: WorkerConfiguration
    private let queue: DispatchQueue
    private let waiting = Mutex(0)
    private let worker: WorkerBox

    private static let most = 256

    init(_ configuration: WorkerConfiguration) {
        self.configuration = configuration
        queue = DispatchQueue(label: "queries-\(configuration.spec.name)")
        worker = WorkerBox(queue: queue)
    }

    /// Hands the worker, or why there is none, to `body`, exactly once; on the runner's own queue when it waited.
    func run(_ body: @escaping @Sendable (Result<WorkerContracts, Refusal>) -> Void) {
        let isAdmitted = waiting.withLock { count in
            guard count < QueryRunner.most else { return false }
            count += 1
            return true
        }
        guard isAdmitted else {
            return body(.failure(Refusal(code: "BUSY", message: "too many queries wait", hint: "try again")))
        }
        queue.async { [self] in
            defer { waiting.withLock { $0 -= 1 } }
            body(worker.contracts(configuration))
        }
    }

    /// Ends the worker.
    func stop() { queue.sync { worker.stop() } }
}

/// Owns the query worker; touched on its queue only.
private final class WorkerBox: @unchecked Sendable {
    // Sendable because every access runs on the serial queue that it was made with, which is checked.
    private let queue: DispatchQueue
    private var current: WorkerContracts?

    init(queue: DispatchQueue) { self.queue = queue }

    func contracts(_ configuration: WorkerConfiguration) -> Result<WorkerContracts, Refusal> {
        dispatchPrecondition(condition: .onQueue(queue))
        if let current { return .success(current) }
        do {
            let fresh = try WorkerContracts(configuration)
            current = fresh
            return .success(fresh)
        } catch {
            return .failure(
                Refusal(code: "WORKER_FAILED", message: "the DApp's worker does not start: \(error)"))
        }
    }

    func stop() {
        dispatchPrecondition(condition: .onQueue(queue))
        current?.stop()
        current = nil
    }
}
