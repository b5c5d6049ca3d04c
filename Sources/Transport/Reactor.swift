internal import CWebSockets
internal import Glibc

// The thread that owns the library's context and every socket. Nothing in here is touched by other threads;
// they talk to it through the mailbox.
final class Reactor {
    let configuration: HTTPServerConfiguration
    let handler: any HTTPHandler
    let mailbox: Mailbox
    let heads: RequestHeadReader

    var connections: [UInt: Connection] = [:]
    var exchanges: [UInt64: Connection] = [:]
    var lastExchange: UInt64 = 0
    var isStopping = false
    var isAborted = false

    init(configuration: HTTPServerConfiguration, handler: any HTTPHandler, mailbox: Mailbox) {
        self.configuration = configuration
        self.handler = handler
        self.mailbox = mailbox
        heads = RequestHeadReader(configuration)
    }

    // Listens, says so, and serves until it is told to stop.
    func run(_ started: (Result<UInt16, TransportFailure>) -> Void) {
        LibraryLog.attach(configuration.onLog)
        defer { LibraryLog.detach() }
        let library = LibraryNames()
        guard let context = unsafe createContext(library) else {
            started(.failure(failureToListen()))
            return
        }
        unsafe mailbox.open(context: context)
        let port = unsafe lws_get_vhost_by_name(context, "default").map {
            unsafe lws_get_vhost_listen_port($0)
        }
        started(.success(UInt16(truncatingIfNeeded: port ?? 0)))
        while !isFinished {
            if unsafe lws_service(context, 0) < 0 { break }
        }
        mailbox.close()
        unsafe lws_context_destroy(context)
        for connection in Array(connections.values) { forget(connection) }
        withExtendedLifetime(library) {}
    }

    private var isFinished: Bool {
        isAborted || (isStopping && exchanges.isEmpty)
    }

    private func createContext(_ library: LibraryNames) -> OpaquePointer? {
        var info = unsafe lws_context_creation_info()
        unsafe info.port = Int32(configuration.port)
        unsafe info.iface = UnsafePointer(library.host(configuration.host))
        unsafe info.protocols = UnsafePointer(library.protocols)
        unsafe info.user = Unmanaged.passUnretained(self).toOpaque()
        unsafe info.options = UInt64(
            LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND)
        unsafe info.max_http_header_data2 = UInt32(
            2 * (configuration.maximumHeaderBytes + configuration.maximumPathBytes))
        unsafe info.timeout_secs = UInt32(configuration.transferTime.wholeSeconds)
        unsafe info.timeout_secs_ah_idle = UInt32(configuration.transferTime.wholeSeconds)
        unsafe info.keepalive_timeout = Int32(configuration.idleTime.wholeSeconds)
        unsafe info.ka_time = 60
        unsafe info.ka_interval = 10
        unsafe info.ka_probes = 3
        unsafe info.retry_and_idle_policy = UnsafePointer(library.idling)
        return unsafe lws_create_context(&info)
    }

    // The library does not say why it could not listen, so the same is tried once more by hand.
    private func failureToListen() -> TransportFailure {
        let attempted = "listen on \(configuration.host):\(configuration.port)"
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = configuration.port.bigEndian
        guard unsafe inet_pton(AF_INET, configuration.host, &address.sin_addr) == 1 else {
            return TransportFailure(.addressUnavailable, attempted: attempted)
        }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return TransportFailure(.exhausted, attempted: attempted) }
        defer { close(descriptor) }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size)
            }
        }
        guard result != 0 else { return TransportFailure(.exhausted, attempted: attempted) }
        switch errno {
        case EADDRINUSE: return TransportFailure(.addressInUse, attempted: attempted)
        case EACCES, EPERM: return TransportFailure(.notPermitted, attempted: attempted)
        case EADDRNOTAVAIL: return TransportFailure(.addressUnavailable, attempted: attempted)
        default: return TransportFailure(.exhausted, attempted: attempted)
        }
    }
}

extension Duration {
    // Rounded up and at least one: the library counts whole seconds and takes zero for its own default.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(clamping: min(seconds, 1_000_000)) + (attoseconds > 0 ? 1 : 0))
    }
}

// What the library keeps pointers to for as long as its context lives.
@safe private final class LibraryNames {
    let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
    let idling = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)
    private let name = unsafe strdup("http")
    private var hostName: UnsafeMutablePointer<CChar>?

    init() {
        unsafe protocols.initialize(repeating: lws_protocols(), count: 2)
        unsafe protocols[0].name = unsafe UnsafePointer(name)
        // A closure literal becomes a C function only when it captures nothing and calls a function.
        unsafe protocols[0].callback = { unsafe dispatch($0, $1, $3, $4) }
        unsafe idling.initialize(to: lws_retry_bo_t())
        unsafe idling.pointee.secs_since_valid_ping = 30
        unsafe idling.pointee.secs_since_valid_hangup = 45
    }

    deinit {
        unsafe protocols.deallocate()
        unsafe idling.deallocate()
        unsafe free(name)
        unsafe free(hostName)
    }

    func host(_ host: String) -> UnsafeMutablePointer<CChar>? {
        unsafe hostName = unsafe strdup(host)
        return unsafe hostName
    }
}

// The one function the library calls: finds the reactor of the socket's context and hands over.
private func dispatch(
    _ socket: OpaquePointer?, _ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ length: Int
) -> Int32 {
    guard let socket = unsafe socket, let context = unsafe lws_get_context(socket),
        let user = unsafe lws_context_user(context)
    else { return 0 }
    let reactor = unsafe Unmanaged<Reactor>.fromOpaque(user).takeUnretainedValue()
    return unsafe reactor.take(socket, reason, input, length)
}
