internal import Ledger
internal import Node
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
    var seats: UInt16?
    var unbonding: Instant.Span
    var workBits: UInt8
    var leader: String
    var port: UInt16
    var directory: String
    var workerPath: String

    static let host = "127.0.0.1"

    var url: String { "http://\(Self.host):\(port)" }
}

/// The only place that knows `Node`: a devnet that runs in this process.
final class DevnetHost {
    private let devnet: Devnet

    init(_ plan: DevnetPlan, log: @escaping @Sendable (String) -> Void) throws(CommandFailure) {
        var options = DevnetOptions(name: plan.name, directory: plan.directory, workerPath: plan.workerPath)
        options.validators = plan.validators
        options.accounts = plan.accounts
        options.balance = plan.balance
        options.seed = plan.seed
        options.mining = Mining(rawValue: plan.mining) ?? .interval
        options.blockTime = plan.blockTime
        options.seats = plan.seats
        options.unbonding = plan.unbonding
        options.workBits = plan.workBits
        options.leader = LeaderRule(name: plan.leader) ?? .chaos
        options.host = DevnetPlan.host
        options.port = plan.port
        do throws(DevnetFailure) {
            devnet = try Devnet(options, log: log)
        } catch {
            throw Self.failure(error, plan)
        }
    }

    /// Returns once every URL answers.
    func start(_ plan: DevnetPlan) throws(CommandFailure) {
        do throws(DevnetFailure) {
            try devnet.start()
        } catch {
            throw Self.failure(error, plan)
        }
    }

    /// Returns when the interface or `interrupt` asks for the end.
    func wait() { devnet.waitUntilAskedToStop() }

    /// What makes `wait` return, from any thread.
    var interrupt: @Sendable () -> Void { { [devnet] in devnet.interrupt() } }

    /// Ends everything; every database is closed when it returns.
    func stop() { devnet.stop() }

    private static func failure(_ failure: DevnetFailure, _ plan: DevnetPlan) -> CommandFailure {
        let flag = DevnetDetached.nameFlag(plan.name)
        return switch failure {
        case .badOption: .usage("BAD_VALUE", failure.message, hint: "etm devnet up --help")
        case .otherNetwork:
            CommandFailure(
                "OTHER_NETWORK", failure.message, hint: "etm devnet reset\(flag)", exit: .conflict)
        case .port(_, let port, _):
            CommandFailure(
                "PORT_IN_USE", failure.message, hint: "etm devnet up\(flag) --port \(port &+ 1)",
                exit: .conflict)
        case .file:
            CommandFailure(
                "FILE_FAILURE", failure.message, hint: "etm devnet reset\(flag)", exit: .environment)
        case .chain:
            CommandFailure(
                "DEVNET_FAILED", failure.message, hint: "etm devnet logs\(flag)", exit: .environment)
        }
    }
}
