internal import CWebSockets
internal import Glibc

// One POSIX thread with a name that debuggers and `top -H` show.
struct NamedThread: Sendable {
    private let handle: pthread_t

    // Nil when the system has no thread left. Names longer than 15 bytes are refused by the system.
    init?(name: String, _ body: @escaping @Sendable () -> Void) {
        let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(raw).takeRetainedValue()
                unsafe cwebsockets_name_thread(work.name)
                work.body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            return nil
        }
        self.handle = handle
    }

    var isCurrent: Bool {
        pthread_equal(handle, pthread_self()) != 0
    }

    // Waits for the end of the body; to be called once.
    func join() {
        pthread_join(handle, nil)
    }

    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}

// A count that threads wait for.
//
// Sendable without checking because POSIX semaphores are made to be shared by threads and this class owns one.
@safe final class Signal: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func raise() {
        unsafe sem_post(semaphore)
    }

    func wait() {
        while unsafe sem_wait(semaphore) != 0 {}
    }

    // False when the time is over first.
    func wait(atMost limit: Duration) -> Bool {
        var until = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &until)
        let (seconds, attoseconds) = limit.components
        let nanoseconds = until.tv_nsec + Int(attoseconds / 1_000_000_000)
        until.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        until.tv_nsec = nanoseconds % 1_000_000_000
        while true {
            if unsafe sem_timedwait(semaphore, &until) == 0 { return true }
            if errno == ETIMEDOUT { return false }
        }
    }
}
