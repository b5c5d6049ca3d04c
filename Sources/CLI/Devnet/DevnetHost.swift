internal import Primitives

/// What a devnet should be like, from the command line.
struct DevnetPlan: Sendable {
    var name: String
    var validators: Int
    var accounts: Int
    var balance: Amount
    var seed: UInt64
    var mining: String
    var blockTime: Instant.Span
    var port: UInt16
    var directory: String
    var workerPath: String

    static let host = "127.0.0.1"

    var url: String { "http://\(Self.host):\(port)" }
}

/// The only place that knows `Node`: a devnet that runs in this process.
final class DevnetHost {
    init(_ plan: DevnetPlan) throws(CommandFailure) {
        throw CommandFailure("NOT_LINKED", "this build has no node", exit: .environment)
    }

    func start() throws(CommandFailure) {}

    func stop() {}

    var hasStopped: Bool { true }
}
