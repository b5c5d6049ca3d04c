internal import CWebSockets
internal import Glibc
internal import Synchronization

// The library has one log for the process; each reactor hears what is said on its own thread.
enum LibraryLog {
    private static let sinks = Mutex<[pthread_t: @Sendable (String) -> Void]>([:])

    static func attach(_ sink: @escaping @Sendable (String) -> Void) {
        sinks.withLock { $0[pthread_self()] = sink }
        unsafe lws_set_log_level(LLL_ERR) { unsafe hear($1) }
    }

    static func detach() {
        sinks.withLock { $0[pthread_self()] = nil }
    }

    fileprivate static func say(_ line: String) {
        let sink = sinks.withLock { $0[pthread_self()] }
        sink?(line)
    }
}

private func hear(_ line: UnsafePointer<CChar>?) {
    guard let line = unsafe line else { return }
    let text = unsafe String(cString: line)
    LibraryLog.say(text.hasSuffix("\n") ? String(text.dropLast()) : text)
}
