internal import Glibc

/// Work on threads of their own, without a pool that would choose how many there are.
enum PlainThreads {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs all bodies at once and returns when the last has ended.
    static func run(_ bodies: [@Sendable () -> Void]) throws {
        var threads: [pthread_t] = []
        defer { for thread in threads { pthread_join(thread, nil) } }
        for body in bodies {
            var thread = pthread_t()
            let box = unsafe Unmanaged.passRetained(Body(body))
            let code = unsafe pthread_create(
                &thread, nil,
                { raw in
                    if let raw = unsafe raw {
                        unsafe Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
                    }
                    return nil
                }, box.toOpaque())
            guard code == 0 else {
                unsafe box.release()
                throw BenchmarkFailure("the system gives no thread")
            }
            threads.append(thread)
        }
    }
}
