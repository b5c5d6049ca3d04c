internal import CLinux
internal import Glibc

/// Runs work on a thread with a 64 MB stack, so that the contract's own depth limit is always met before the engine's.
enum EngineThread {
    private static let stackBytes = 64 << 20

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Returns when the work has ended.
    static func run(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
        let status = unsafe pthread_create(
            &thread, &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work)
        guard status == 0 else { Worker.fail("cannot start the engine's thread: error \(status)") }
        pthread_join(thread, nil)
    }
}
