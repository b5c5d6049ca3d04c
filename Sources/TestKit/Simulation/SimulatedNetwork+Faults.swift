internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives

/// Crashes, partitions and healing.
extension SimulatedNetwork {
    /// Draws when what breaks.
    mutating func planFaults() {
        let length = plan.safetyPhase.milliseconds
        for index in nodes.indices where !nodes[index].isLiar && length > 0 {
            for _ in 0..<plan.faults.crashesPerNode {
                let crash = now.advanced(by: Instant.Span(milliseconds: generator.below(length)))
                let outage = Instant.Span(
                    milliseconds: generator.below(plan.faults.longestOutage.milliseconds) + 1)
                queue.add(.crash(index), at: crash)
                queue.add(.restart(index), at: crash.advanced(by: outage))
            }
        }
        for _ in 0..<plan.faults.partitions {
            let begin = now.advanced(by: Instant.Span(milliseconds: generator.below(length + 1)))
            let end = begin.advanced(
                by: Instant.Span(milliseconds: generator.below(plan.faults.longestPartition.milliseconds + 1))
            )
            let bits = UInt128(generator.next()) << 64 | UInt128(generator.next())
            let side = bits & ((UInt128(1) << UInt128(min(nodes.count, 127))) - 1)
            queue.add(.cut(Partition(side: side, isOneWay: generator.chance(perMille: 400))), at: begin)
            queue.add(.cut(plan.split), at: end)
        }
        for index in nodes.indices where nodes[index].isLiar { queue.add(.lie(index), at: now) }
        if case .onDemand = plan.parameters.pacing { queue.add(.cause, at: now) }
    }

    /// Loses everything that is not durable.
    mutating func crash(_ index: Int) {
        report.injected.crashes += 1
        nodes[index].effectsLeft = nil
        nodes[index].isUp = false
        nodes[index].life += 1
        nodes[index].wakeToken += 1
        nodes[index].executed = []
        nodes[index].hasNews = false
        nodes[index].keptTicket = nil
        nodes[index].ledger.crash()
    }

    /// Rebuilds the replica from its disk.
    mutating func restart(_ index: Int) {
        nodes[index].effectsLeft = nil
        guard !nodes[index].isUp else { return }
        let start = nodes[index].disk.start(
            genesis: genesis, parameters: plan.parameters, draw: draw, ledger: nodes[index].ledger)
        guard let start else {
            return fail(.broken("node \(index) cannot restart"))
        }
        nodes[index].isUp = true
        nodes[index].replica = Replica(configuration(index, nodes[index].signer), from: start)
        step(index, .started)
    }

    /// Mends links and nodes; liars go on lying.
    mutating func heal() {
        isHealed = true
        partition = .none
        network = .healthy
        for index in nodes.indices where index >= plan.deserters {
            nodes[index].isDisconnected = false
            nodes[index].pausedUntil = nil
            restart(index)
        }
    }

    /// Some honest node finds something to put into a block.
    mutating func raiseCause() {
        let index = Int(generator.below(UInt64(nodes.count)))
        nodes[index].hasNews = true
        step(index, .causeChanged(true))
        if let ticket = nodes[index].keptTicket { build(index, nodes[index].life, ticket) }
        queue.add(.cause, at: soon(700))
    }
}
