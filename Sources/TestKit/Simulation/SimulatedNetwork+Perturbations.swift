internal import Consensus
internal import Ledger
internal import Primitives

/// Disconnects, pauses, kills, restarts and upgrades, and how nodes recover from them.
extension SimulatedNetwork {
    /// A node on its way back.
    struct Return {
        let perturbation: Perturbation
        let since: Instant
        let target: Height
    }

    /// Draws who is perturbed when and how.
    mutating func planPerturbations() {
        guard let order = plan.perturbations else { return }
        var kinds: [Perturbation] = []
        while kinds.count < order.count {
            var round = Perturbation.allCases
            while !round.isEmpty { kinds.append(round.remove(at: Int(generator.below(UInt64(round.count))))) }
        }
        for (number, kind) in kinds.prefix(order.count).enumerated() {
            let jitter = generator.below(order.spacing.milliseconds / 4 + 1)
            let begin = order.spacing.milliseconds * UInt64(number + 1) - jitter
            let node = Int(generator.below(UInt64(nodes.count - plan.liars)))
            queue.add(.perturb(node, kind), at: now.advanced(by: Instant.Span(milliseconds: begin)))
        }
    }

    /// Does it to the node, or to the next one that is well.
    mutating func perturb(_ first: Int, _ kind: Perturbation) {
        guard let order = plan.perturbations else { return }
        let honest = nodes.count - plan.liars
        let well = (0..<honest).map { (first + $0) % honest }.first {
            nodes[$0].isUp && !nodes[$0].isDisconnected && nodes[$0].pausedUntil == nil
                && nodes[$0].comingBack == nil
        }
        guard let index = well else { return }
        report.injected.perturbations += 1
        var end = now.advanced(by: order.length)
        switch kind {
        case .disconnect: nodes[index].isDisconnected = true
        case .pause: nodes[index].pausedUntil = end
        case .kill: crash(index)
        case .restart:
            crash(index)
            end = soon(300)
        case .upgrade:
            crash(index)
            guard let disk = nodes[index].disk.rewritten() else {
                return fail(.broken("what node \(index) kept does not survive its byte form"))
            }
            nodes[index].disk = disk
        }
        queue.add(.relieve(index, kind), at: end)
    }

    /// Ends it; from now on the node must come back.
    mutating func relieve(_ index: Int, _ kind: Perturbation) {
        guard let order = plan.perturbations else { return }
        nodes[index].isDisconnected = false
        nodes[index].pausedUntil = nil
        nodes[index].comingBack = Return(perturbation: kind, since: now, target: checker.height)
        restart(index)
        noteRecovery(index)
        queue.add(.recoveryDue(index, since: now), at: now.advanced(by: order.patience))
    }

    /// Notes that a node is back once it has what was final when its trouble ended.
    mutating func noteRecovery(_ index: Int) {
        guard let coming = nodes[index].comingBack, nodes[index].disk.height >= coming.target else { return }
        nodes[index].comingBack = nil
        report.recoveries.append(
            Recovery(node: index, perturbation: coming.perturbation, span: now.since(coming.since)))
    }

    /// Fails the run when a node is not back in time.
    mutating func demandRecovery(_ index: Int, since: Instant) {
        guard let coming = nodes[index].comingBack, coming.since == since else { return }
        fail(
            .late(node: index, "\(coming.perturbation)", at: nodes[index].disk.height, target: coming.target))
    }
}

extension SimulatedNetwork.Event {
    /// The node whose process must run for the event; nil where the event is outside every process.
    var process: Int? {
        switch self {
        case .deliver(_, let index, _), .garbage(_, let index, _), .wake(let index, _),
            .answer(let index, _, _), .build(let index, _, _), .execute(let index, _, _):
            index
        default: nil
        }
    }
}

extension Disk {
    /// The same after every record went through its byte form; nil when one does not survive it.
    func rewritten() -> Disk? {
        func again<Value: Canonical>(_ value: Value) throws(CodecRejection) -> Value {
            try Value(decoding: value.encoded)
        }
        do {
            var disk = Disk()
            disk.replace(
                final: try final.map { block in try again(block) },
                finality: try finality.map { entry in (entry.height, try again(entry.certificate)) },
                unfinal: try unfinal.map { block in try again(block) },
                journal: try journal.map { entry in try again(entry) })
            return disk
        } catch {
            return nil
        }
    }
}
