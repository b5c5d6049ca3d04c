package import Crypto
internal import Dispatch
internal import Foundation
internal import Synchronization

/// Plain threads for what needs no state: forms and signatures of blocks that will be executed later.
///
/// Each lane has its own memory of keys, so the lanes share nothing but a queue of works. Bound: `mostWaiting`
/// works; a further one is left to whoever waits for it, so nothing is ever refused.
package final class VerifyLanes: Sendable {
    private let queue: LaneQueue

    /// The lanes of this process: one for each processor but the one that executes.
    package static let shared = VerifyLanes(count: max(0, ProcessInfo.processInfo.activeProcessorCount - 1))

    /// Starts this many threads, which end when the value is released.
    package init(count: Int) {
        queue = LaneQueue()
        for number in 0..<count {
            let queue = queue
            OwnedThread(name: "verify-\(number)").start { queue.serve(with: KeyCache()) }
        }
    }

    deinit { queue.close() }

    /// Begins a work of independent pieces; `body` gets a piece's number and the lane's memory of keys.
    package func begin<Result: Sendable>(
        _ pieces: Int, _ body: @escaping @Sendable (Int, KeyCache) -> Result
    ) -> LaneWork<Result> {
        let work = LaneWork(pieces, body)
        queue.add(work)
        return work
    }
}

/// A work whose pieces any thread may take.
package final class LaneWork<Result: Sendable>: Sendable {
    private struct Progress {
        var next = 0
        var done = 0
        var results: [Result?]
    }

    private let progress: Mutex<Progress>
    private let finished = DispatchSemaphore(value: 0)
    private let pieces: Int
    private let body: @Sendable (Int, KeyCache) -> Result

    fileprivate init(_ pieces: Int, _ body: @escaping @Sendable (Int, KeyCache) -> Result) {
        self.pieces = pieces
        self.body = body
        progress = Mutex(Progress(results: [Result?](repeating: nil, count: pieces)))
    }

    /// Takes pieces that nobody has taken, waits for the others, and returns all results in order.
    package func join(with keys: KeyCache) -> [Result] {
        while takePiece(with: keys) {}
        while progress.withLock({ $0.done < pieces }) { finished.wait() }
        return progress.withLock { $0.results.compactMap { $0 } }
    }
}

/// What a queue of works needs to know of one.
private protocol Takeable: AnyObject, Sendable {
    /// Does one piece; false when all are taken.
    func takePiece(with keys: KeyCache) -> Bool
}

extension LaneWork: Takeable {
    fileprivate func takePiece(with keys: KeyCache) -> Bool {
        let taken = progress.withLock { progress -> Int? in
            guard progress.next < pieces else { return nil }
            progress.next += 1
            return progress.next - 1
        }
        guard let taken else { return false }
        let result = body(taken, keys)
        let isLast = progress.withLock { progress in
            progress.results[taken] = result
            progress.done += 1
            return progress.done == pieces
        }
        if isLast { finished.signal() }
        return true
    }
}

/// Works in the order in which they were begun.
private final class LaneQueue: Sendable {
    private struct Waiting {
        var works: [any Takeable] = []
        var isClosed = false
    }

    private static let mostWaiting = 64
    private let waiting = Mutex(Waiting())
    private let signal = DispatchSemaphore(value: 0)

    func add(_ work: any Takeable) {
        let isTaken = waiting.withLock { waiting in
            guard waiting.works.count < LaneQueue.mostWaiting else { return false }
            waiting.works.append(work)
            return true
        }
        if isTaken { signal.signal() }
    }

    func close() {
        waiting.withLock { $0.isClosed = true }
        signal.signal()
    }

    /// Works until the queue is closed.
    func serve(with keys: KeyCache) {
        while true {
            let (work, isClosed) = waiting.withLock { ($0.works.first, $0.isClosed) }
            if isClosed {
                // The next lane must wake too.
                signal.signal()
                return
            }
            guard let work else {
                signal.wait()
                continue
            }
            while work.takePiece(with: keys) {}
            waiting.withLock { $0.works.removeAll { $0 === work } }
        }
    }
}
