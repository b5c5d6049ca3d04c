internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives

/// The shell of every simulated node.
extension SimulatedNetwork {
    mutating func perform(_ effect: Replica.Effect, of index: Int) {
        switch effect {
        case .store(let block): nodes[index].disk.store(block)
        case .journal(let entry): nodes[index].disk.append(entry)
        case .send(let peer, let message):
            if let receiver = indexOfPeer[peer] { send(message, index, [receiver]) }
        case .broadcast(let message): broadcast(message, from: index)
        case .build(let ticket): queue.add(.build(index, life: nodes[index].life, ticket), at: soon(12))
        case .execute(let block): order(block, index)
        case .finalized(let blocks, let certificate): finalize(blocks, certificate, index)
        case .openRound(let round, let root): open(round, root, index)
        case .abandoned(let blocks):
            nodes[index].disk.remove(blocks)
            nodes[index].ledger.abandon(blocks)
            report.abandoned += UInt64(blocks.count)
        case .wake(let time): wake(index, at: time)
        case .serveRange(let peer, let request): serve(request, index, peer)
        case .serveBlocks(let peer, let ids): serve(ids, index, peer)
        case .penalise(let peer, let fault): penalise(peer, fault, index)
        case .evidence(let evidence): check(evidence, index)
        case .halt(let reason):
            guard !nodes[index].isLiar else { return }
            if case .finalityConflict = reason { return fail(.fork(nodes[index].disk.height)) }
            fail(.halted(node: index, "\(reason)"))
        }
    }

    /// A few milliseconds from now.
    mutating func soon(_ most: UInt64) -> Instant {
        now.advanced(by: Instant.Span(milliseconds: generator.below(most) + 1))
    }

    private mutating func broadcast(_ message: ReplicaMessage, from index: Int) {
        let others = nodes.indices.filter { $0 != index }
        if nodes[index].isLiar, !isHealed || generator.chance(perMille: 300) {
            distort(message, index, others)
        } else {
            send(message, index, others)
        }
    }

    /// Puts a message on the links to some nodes.
    mutating func send(_ message: ReplicaMessage, _ sender: Int, _ receivers: [Int]) {
        if !nodes[sender].isLiar,
            let kind = checker.check(sent: message, by: nodes[sender].signer.publicKey, node: sender)
        {
            fail(kind)
        }
        let envelope = Envelope(message)
        for receiver in receivers where receiver != sender {
            if partition.cuts(from: sender, to: receiver) || nodes[sender].isDisconnected
                || nodes[receiver].isDisconnected
            {
                report.injected.cuts += 1
                continue
            }
            if let only = network.finalityReachesOnly, only != receiver, message.isFinality {
                report.injected.cuts += 1
                continue
            }
            let arrivals = network.arrivals(&generator, at: now)
            if arrivals.isEmpty { report.injected.losses += 1 }
            if arrivals.count > 1 { report.injected.duplicates += 1 }
            for arrival in arrivals { queue.add(.deliver(from: sender, to: receiver, envelope), at: arrival) }
        }
    }

    /// Lets a message arrive.
    mutating func deliver(_ message: ReplicaMessage, _ sender: Int, _ receiver: Int) {
        guard nodes[receiver].isUp else { return }
        if nodes[receiver].isLiar { overhear(message) }
        if plan.codecEvery > 0, report.events % plan.codecEvery == 0 {
            return deliver(message.encoded, sender, receiver, original: message)
        }
        step(receiver, .received(from: nodes[sender].peer, message))
    }

    /// Bytes reach a replica only when they are the canonical form of a message.
    mutating func deliver(_ bytes: [UInt8], _ sender: Int, _ receiver: Int, original: ReplicaMessage? = nil) {
        do {
            let message = try ReplicaMessage(decoding: bytes)
            if message.encoded != bytes { fail(.broken("two byte forms of one message")) }
            step(receiver, .received(from: nodes[sender].peer, message))
        } catch {
            if original != nil { fail(.broken("a message does not survive its byte form: \(error)")) }
        }
    }

    private mutating func order(_ block: Block, _ index: Int) {
        let parent = block.header.parent
        let tip = nodes[index].disk.final.last?.id ?? genesis.block
        if parent != tip, !nodes[index].executed.contains(parent) {
            fail(.broken("block \(block.header.height) is executed before its parent"))
        }
        queue.add(.execute(index, life: nodes[index].life, block), at: soon(10))
    }

    mutating func execute(_ index: Int, _ life: Int, _ block: Block) {
        guard nodes[index].isUp, nodes[index].life == life else { return }
        var verdict = ExecutionVerdict.unavailable
        if isHealed || !generator.chance(perMille: plan.faults.unavailablePerMille) {
            verdict = nodes[index].ledger.execute(block)
        }
        if verdict == .valid { nodes[index].executed.insert(block.id) }
        step(index, .executed(block.id, verdict))
    }

    mutating func build(_ index: Int, _ life: Int, _ ticket: BuildTicket) {
        guard nodes[index].isUp, nodes[index].life == life else { return }
        // A chain on demand makes no empty block before one is due: the order waits for news.
        guard ticket.mayBeEmpty || nodes[index].hasNews else { return nodes[index].keptTicket = ticket }
        nodes[index].keptTicket = nil
        let reading = nodes[index].clock.reading(at: now)
        let block = nodes[index].ledger.build(ticket, at: reading, by: nodes[index].signer)
        step(index, .built(ticket, block))
    }

    private mutating func finalize(_ ids: [BlockID], _ certificate: Certificate, _ index: Int) {
        guard ids.allSatisfy({ nodes[index].executed.contains($0) }) else {
            return fail(.broken("a block is final on node \(index) before it was executed"))
        }
        guard nodes[index].disk.finalize(ids, certificate) else {
            return fail(.broken("a block is final on node \(index) before it was stored"))
        }
        nodes[index].ledger.commit(ids)
        if case .onDemand = plan.parameters.pacing {
            nodes[index].hasNews = false
            queue.add(.answer(index, life: nodes[index].life, .causeChanged(false)), at: now)
        }
        noteRecovery(index)
        guard !nodes[index].isLiar else { return }
        if let broken = nodes[index].ledger.brokenInvariant() { fail(.broken(broken)) }
        for block in nodes[index].disk.final.suffix(ids.count) {
            report.mix(block.id.bytes.a)
            if let kind = checker.check(final: block) { fail(kind) }
        }
    }

    private mutating func open(_ round: Round, _ root: BlockID, _ index: Int) {
        let elected = nodes[index].ledger.members(of: round)
        guard let members = elected ?? draw.members(of: round, after: root) else { return }
        if !nodes[index].isLiar {
            nodes[index].views += nodes[index].replica.status.view.value
            report.views = max(report.views, nodes[index].views)
            if membersOfRounds[round, default: members] != members { fail(.fork(nodes[index].disk.height)) }
            if membersOfRounds[round] == nil, let before = round.previous, membersOfRounds[before] != members
            {
                report.turnovers += 1
            }
            membersOfRounds[round] = members
        }
        nodes[index].disk.dropJournal(below: round)
        queue.add(.answer(index, life: nodes[index].life, .roundOpened(round, members)), at: soon(5))
    }

    private mutating func wake(_ index: Int, at reading: Instant) {
        nodes[index].wakeToken += 1
        guard reading < .distantFuture else { return }
        let time = nodes[index].clock.time(of: reading, from: now)
        queue.add(.wake(index, token: nodes[index].wakeToken), at: time)
    }

    private mutating func serve(_ request: RangeRequest, _ index: Int, _ peer: PeerID) {
        guard let receiver = indexOfPeer[peer] else { return }
        let range = BlockRange(answering: request, from: nodes[index].disk)
        send(.range(range), index, [receiver])
    }

    private mutating func serve(_ ids: [BlockID], _ index: Int, _ peer: PeerID) {
        guard let receiver = indexOfPeer[peer] else { return }
        for id in ids {
            if let block = nodes[index].disk.finalBlock(id) { send(.block(block, nil), index, [receiver]) }
        }
    }

    private mutating func penalise(_ peer: PeerID, _ fault: PeerFault, _ index: Int) {
        guard !nodes[index].isLiar else { return }
        report.penalties += 1
        guard let accused = indexOfPeer[peer].map({ nodes[$0] }), !accused.isLiar else { return }
        switch fault {
        case .tooMuch, .unanswered, .notLeader: break
        default: fail(.broken("node \(index) penalises honest node \(accused.index) for \(fault)"))
        }
    }

    private mutating func check(_ evidence: Evidence, _ index: Int) {
        guard !nodes[index].isLiar else { return }
        report.evidence += 1
        nodes[index].ledger.note(evidence)
        if let accused = nodes.first(where: { $0.signer.publicKey == evidence.accused }), !accused.isLiar {
            return fail(.wronglyAccused(node: accused.index))
        }
        guard let members = membersOfRounds[evidence.round] else {
            return fail(.broken("evidence of no round"))
        }
        do {
            try evidence.verify(members: members, chain: chain, verifier: verifier)
        } catch {
            fail(.broken("evidence does not verify: \(error)"))
        }
    }
}

extension ReplicaMessage {
    /// True when it helps a node to finalise.
    fileprivate var isFinality: Bool {
        switch self {
        case .vote(let vote): vote.ballot.kind == .finalize
        case .certificate(let certificate): certificate.ballot.kind == .finalize
        case .range: true
        default: false
        }
    }
}
