internal import Crypto
internal import Dispatch
package import Randomness
internal import Synchronization

/// Builds time towers on a thread of its own and keeps the newest, so that blocks find them ready.
///
/// It is told of a tower as soon as the tower's input is known. Who then needs one that is not ready waits for it or
/// builds it: never is an answer missing or another than the input's. Bound: `most` towers, finished and begun; when
/// all places are taken by towers in work, a further one is left to whoever needs it.
package final class TowerThread: TowerSource {
    fileprivate struct Key: Hashable {
        let input: TowerInput
        let profile: TowerProfile
    }

    fileprivate enum Progress {
        case waiting
        case running
        case done(TimeTower)
    }

    fileprivate struct Contents {
        var towers: [Key: Progress] = [:]
        // Oldest first.
        var order: [Key] = []
        var isStarted = false
        var statistics = Statistics()
    }

    /// What was asked of the thread.
    package struct Statistics: Sendable, Equatable {
        /// Towers that were begun before anybody needed them.
        package var begun = 0
        /// Questions whose answer was ready.
        package var ready = 0
        /// Questions that waited for the thread.
        package var awaited = 0
        /// Towers that were built by whoever needed them.
        package var missed = 0
    }

    /// The thread of this process: nodes that share it share their towers, which are the same for all.
    package static let shared = TowerThread()
    /// Towers that are kept or in work at the same time.
    package static let most = 64
    /// Towers in work at the same time of which none is urgent.
    package static let mostQuestions = 4
    // Hashes between two looks at whether the tower is still wanted: about ten milliseconds.
    private static let stride: UInt64 = 200_000
    // Pieces that are checked by several threads at once are worth it from here on.
    private static let leastShared: UInt64 = 100_000

    private let contents = Mutex(Contents())
    private let changed = DispatchSemaphore(value: 0)
    private let finished = Signal()
    private let lanes: VerifyLanes

    /// A thread that starts with the first tower; published towers are checked on these lanes.
    package init(lanes: VerifyLanes = .shared) { self.lanes = lanes }

    /// What was asked so far.
    package var statistics: Statistics { contents.withLock { $0.statistics } }

    /// Begins a tower unless it is known; false when there is no place for it.
    ///
    /// One that is not urgent, such as somebody's question about the past, finds `mostQuestions` places only.
    @discardableResult
    package func begin(_ input: TowerInput, _ profile: TowerProfile, isUrgent: Bool = true) -> Bool {
        let key = Key(input: input, profile: profile)
        let (isTaken, mustStart) = contents.withLock { contents in
            guard contents.towers[key] == nil else { return (true, false) }
            guard isUrgent || contents.unfinished < TowerThread.mostQuestions,
                contents.makePlace(TowerThread.most)
            else { return (false, false) }
            contents.add(key, .waiting)
            contents.statistics.begun += 1
            defer { contents.isStarted = true }
            return (true, !contents.isStarted)
        }
        if mustStart { start() }
        if isTaken { changed.signal() }
        return isTaken
    }

    /// A finished tower, or nil.
    package func ready(_ input: TowerInput, _ profile: TowerProfile) -> TimeTower? {
        contents.withLock { contents in
            guard case .done(let tower) = contents.towers[Key(input: input, profile: profile)] else {
                return nil
            }
            return tower
        }
    }

    /// The tower: ready, or awaited while the thread builds it, or else built here.
    package func tower(over input: TowerInput, profile: TowerProfile) -> TimeTower {
        let key = Key(input: input, profile: profile)
        var hasWaited = false
        while true {
            let ticket = finished.ticket
            let progress = contents.withLock { contents -> Progress? in
                let progress = contents.towers[key]
                switch progress {
                case .done: contents.statistics.ready += hasWaited ? 0 : 1
                case .running: contents.statistics.awaited += hasWaited ? 0 : 1
                // Nobody works on it: who needs it does not wait for its turn, and others wait for who was first.
                case .waiting: contents.towers[key] = .running
                case nil: if contents.makePlace(TowerThread.most) { contents.add(key, .running) }
                }
                return progress
            }
            switch progress {
            case .done(let tower): return tower
            case .running:
                hasWaited = true
                finished.wait(after: ticket)
            case .waiting, nil: return build(key)
            }
        }
    }

    private func build(_ key: Key) -> TimeTower {
        let tower = TimeTower(over: key.input, profile: key.profile)
        contents.withLock { contents in
            contents.statistics.missed += 1
            contents.keep(tower, for: key, most: TowerThread.most)
        }
        finished.fire()
        return tower
    }

    /// Takes a tower that somebody published, after checking each of its segments, on all lanes at once.
    package func offer(
        _ tower: TimeTower, over input: TowerInput, profile: TowerProfile
    ) throws(TowerRejection) {
        let segments = try tower.segments(over: input, profile: profile)
        let count = profile.totalHashes < TowerThread.leastShared ? 1 : segments.count
        let work = lanes.begin(count) { piece, _ in
            let part = count == 1 ? segments : [segments[piece]]
            return TowerThread.firstFault(in: part)
        }
        for fault in work.join(with: KeyCache()) {
            if let fault { throw fault }
        }
        contents.withLock {
            $0.keep(tower, for: Key(input: input, profile: profile), most: TowerThread.most)
        }
        finished.fire()
    }

    private static func firstFault(in segments: [TowerSegment]) -> TowerRejection? {
        for segment in segments {
            do { try segment.verify() } catch { return error }
        }
        return nil
    }

    /// Forgets every tower; who waits for one builds it.
    package func forget() {
        contents.withLock { contents in
            contents.towers = [:]
            contents.order = []
        }
        finished.fire()
    }

    // MARK: The thread

    // It lives as long as the process: it holds nothing but what it keeps.
    private func start() {
        OwnedThread(name: "towers").start { [self] in
            while true {
                guard let key = next() else {
                    changed.wait()
                    continue
                }
                work(on: key)
            }
        }
    }

    private func next() -> Key? {
        contents.withLock { contents in
            // The newest first: blocks wait for it, and for older ones only people do.
            let waiting = contents.order.filter { key in
                if case .waiting = contents.towers[key] { true } else { false }
            }
            let key = waiting.max { $0.input.height < $1.input.height }
            if let key { contents.towers[key] = .running }
            return key
        }
    }

    private func isRunning(_ key: Key) -> Bool {
        contents.withLock { contents in
            if case .running = contents.towers[key] { true } else { false }
        }
    }

    private func work(on key: Key) {
        var builder = TowerBuilder(over: key.input, profile: key.profile)
        while !builder.advance(by: TowerThread.stride) {
            // A published tower may have come meanwhile, or nobody wants it any more.
            guard isRunning(key) else { return }
        }
        guard let tower = builder.tower else { return }
        contents.withLock { $0.keep(tower, for: key, most: TowerThread.most) }
        finished.fire()
    }
}

extension TowerThread.Contents {
    fileprivate mutating func add(_ key: TowerThread.Key, _ progress: TowerThread.Progress) {
        towers[key] = progress
        order.append(key)
    }

    fileprivate var unfinished: Int {
        order.count { key in
            if case .done = towers[key] { false } else { true }
        }
    }

    fileprivate mutating func remove(_ key: TowerThread.Key) {
        towers[key] = nil
        order.removeAll { $0 == key }
    }

    /// Forgets the oldest finished tower when all places are taken; false when none is finished.
    fileprivate mutating func makePlace(_ most: Int) -> Bool {
        guard order.count >= most else { return true }
        let oldest = order.first { key in
            if case .done = towers[key] { true } else { false }
        }
        guard let oldest else { return false }
        remove(oldest)
        return true
    }

    fileprivate mutating func keep(_ tower: TimeTower, for key: TowerThread.Key, most: Int) {
        if towers[key] != nil {
            towers[key] = .done(tower)
        } else if makePlace(most) {
            add(key, .done(tower))
        }
    }
}

/// Wakes all who wait for something to happen after they last looked.
private final class Signal: Sendable {
    private let count = Mutex<(fired: UInt64, waiting: Int)>((0, 0))
    private let semaphore = DispatchSemaphore(value: 0)

    /// What has happened so far; to be taken before looking.
    var ticket: UInt64 { count.withLock { $0.fired } }

    func fire() {
        let waiting = count.withLock { count in
            count.fired += 1
            defer { count.waiting = 0 }
            return count.waiting
        }
        for _ in 0..<waiting { semaphore.signal() }
    }

    /// Returns when something has happened since the ticket; may return early.
    func wait(after ticket: UInt64) {
        let mustWait = count.withLock { count in
            guard count.fired == ticket else { return false }
            count.waiting += 1
            return true
        }
        if mustWait { semaphore.wait() }
    }
}
