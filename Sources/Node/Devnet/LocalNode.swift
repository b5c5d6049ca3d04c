internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Synchronization

/// A development network's first node, as the interface asks it.
final class LocalNode: NodeQueries {
    private let service: NodeService
    private let plan: DevnetPlan
    private let controls: LocalControls
    /// The last audit and the final blocks it is of: adding up all balances again would tell nothing new.
    private let audited = Mutex<(blocks: [BlockID], value: Conservation)?>(nil)

    init(
        _ service: NodeService, of network: [NodeService], plan: DevnetPlan,
        onStop: @escaping @Sendable () -> Void
    ) {
        self.service = service
        self.plan = plan
        controls = LocalControls(service, of: network, plan: plan, onStop: onStop)
    }

    var version: String { Software.version }

    var chains: [any ChainQueries] { [service.main] + service.sides.hosts }

    func chain(_ name: String) -> (any ChainQueries)? {
        if name == "main" || name == plan.spec.id.hex { return service.main }
        return service.sides.hosts.first {
            $0.configuration.spec.name == name || $0.configuration.spec.id.hex == name
        }
    }

    var unreadiness: [String] {
        let main = service.main.snapshot
        var reasons: [String] = []
        if main.lifecycle != .running { reasons.append("the main chain is \(main.lifecycle.word)") }
        if plan.options.mining == .interval, main.finalHeader.height == .zero {
            reasons.append("the main chain has no final block yet")
        }
        for side in service.sides.hosts {
            if case .failed(let reason) = side.snapshot.lifecycle {
                reasons.append("chain \(side.configuration.spec.name) failed: \(reason)")
            }
        }
        return reasons
    }

    var time: Instant { service.main.configuration.clock.now() }

    var memberNames: [PublicKey: String] {
        Dictionary(uniqueKeysWithValues: plan.validators.map { ($0.key.publicKey, $0.name) })
    }

    /// Side chains are read before and after the main chain; figures that moved in between are read again.
    func conservation() -> Conservation? {
        for _ in 0..<20 {
            let before = service.sides.hosts.map(\.snapshot)
            let main = service.main.snapshot
            let after = service.sides.hosts.map(\.snapshot)
            let blocks = [main.finalBlock] + after.map(\.finalBlock)
            if let known = audited.withLock({ $0 }), known.blocks == blocks { return known.value }
            guard let sides = compare(before, after, main),
                let total = Conservation.audit(main: main.state, genesis: main.spec.genesis)
            else { continue }
            let value = Conservation(main: total, sides: sides)
            audited.withLock { $0 = (blocks, value) }
            return value
        }
        return nil
    }

    private func compare(
        _ before: [ChainSnapshot], _ after: [ChainSnapshot], _ main: ChainSnapshot
    ) -> [Conservation.Side]? {
        guard before.map(\.finalBlock) == after.map(\.finalBlock) else { return nil }
        var sides: [Conservation.Side] = []
        for side in before {
            guard let part = Conservation.audit(side: side.state, chain: side.spec.id, main: main.state)
            else {
                return nil
            }
            sides.append(part)
        }
        return sides
    }

    func startChain(_ name: String) -> Result<ChainLifecycle, Refusal> { service.sides.start(name) }

    func stopChain(_ name: String) -> Result<ChainLifecycle, Refusal> { service.sides.stop(name) }

    var devnet: (any DevnetControls)? { controls }
}

/// The version of this software.
public enum Software {
    /// Major, minor and patch.
    public static let version = "0.1.0"
}

/// What a development network can be told.
private final class LocalControls: DevnetControls {
    private let service: NodeService
    private let network: [NodeService]
    private let plan: DevnetPlan
    private let onStop: @Sendable () -> Void

    init(
        _ service: NodeService, of network: [NodeService], plan: DevnetPlan,
        onStop: @escaping @Sendable () -> Void
    ) {
        self.service = service
        self.network = network
        self.plan = plan
        self.onStop = onStop
    }

    var description: JSONValue {
        let options = plan.options
        var object = JSONObject()
        if let seats = options.seats {
            object["seats"] = JSONValue(UInt64(seats))
            object["unbonding"] = JSONValue(options.unbonding.milliseconds)
        }
        object["leader"] = .string(options.leader.name)
        object["workBits"] = JSONValue(UInt64(options.workBits))
        for member in common(options).object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    private func common(_ options: DevnetOptions) -> JSONValue {
        [
            "name": .string(options.name),
            "pid": JSONValue(UInt64(ProcessFacts.identifier)),
            "seed": JSONValue(options.seed),
            "mine": .string(options.mining.rawValue),
            "blockTime": JSONValue(options.blockTime.milliseconds),
            "validators": JSONValue(UInt64(options.validators)),
            "time": JSONValue(clock.now().milliseconds),
            "directory": .string(options.directory),
            "accounts": .array(plan.accounts.map(describe)),
        ]
    }

    private var clock: NodeClock { service.main.configuration.clock }

    private func describe(_ account: DevnetPlan.Account) -> JSONValue {
        let balance = Bank.balance(of: account.key.address, in: service.main.snapshot.state)
        return [
            "name": .string(account.name),
            "address": .string(account.key.address.description),
            "balance": .string(balance.description),
            "display": .string(balance.formatted() + " ETM"),
        ]
    }

    func mine(_ count: Int, reply: @escaping @Sendable (Result<Height, Refusal>) -> Void) {
        service.main.mine(count, reply: reply)
    }

    func fund(
        _ address: Address, amount: Amount,
        reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void
    ) {
        guard amount != .zero, amount <= .etm(1_000_000) else {
            return reply(
                .failure(
                    Refusal(
                        code: "BAD_REQUEST", message: "the faucet gives more than 0 and at most 1,000,000 ETM"
                    ))
            )
        }
        let now = service.main.snapshot
        let transaction = Transaction(
            chain: now.spec.id, kind: .transfer, expiry: Height(now.finalHeader.height.value + 100),
            fee: now.spec.fees.base, salt: UInt64.random(in: .min ... .max),
            sender: plan.faucet.key.publicKey,
            payload: TransferPayload(recipient: address, amount: amount).encoded)
        service.main.submit(transaction.signed(by: plan.faucet.key), reply: reply)
    }

    func advanceTime(by span: Instant.Span) -> Instant? {
        guard clock.advance(by: span) else { return nil }
        for host in network.flatMap({ [$0.main] + $0.sides.hosts }) { host.clockMoved() }
        return clock.now()
    }

    func stop() { onStop() }
}
