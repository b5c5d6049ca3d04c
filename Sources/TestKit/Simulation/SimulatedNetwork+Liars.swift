internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness

/// What Byzantine members do: they run an honest replica to know what goes on, and twist what leaves it.
extension SimulatedNetwork {
    mutating func overhear(_ message: ReplicaMessage) {
        overheard.append(message)
        if overheard.count > 128 { overheard.removeFirst(64) }
        switch message {
        case .proposal(_, let block?): overheardBlocks.append(block)
        case .block(let block, _): overheardBlocks.append(block)
        default: return
        }
        if overheardBlocks.count > 24 { overheardBlocks.removeFirst(8) }
    }

    private mutating func some(of receivers: [Int]) -> [Int] {
        receivers.filter { _ in generator.chance(perMille: 500) }
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element? {
        list.isEmpty ? nil : list[Int(generator.below(UInt64(list.count)))]
    }

    /// What leaves a liar instead of its honest replica's message.
    mutating func distort(_ message: ReplicaMessage, _ index: Int, _ others: [Int]) {
        switch plan.role {
        case nil: return twist(message, index, others)
        case .equivocate:
            if case .proposal(let proposal, let block?) = message {
                return equivocate(proposal, block, index, others)
            }
        case .withhold:
            report.injected.lies += 1
            return send(message, index, some(of: others))
        case .freeze:
            if case .proposal = message { return report.injected.lies += 1 }
        default: break
        }
        send(message, index, others)
    }

    // Withholds from some, or tells two halves different things.
    private mutating func twist(_ message: ReplicaMessage, _ index: Int, _ others: [Int]) {
        report.injected.lies += 1
        if case .proposal(let proposal, let block?) = message, generator.chance(perMille: 500) {
            return equivocate(proposal, block, index, others)
        }
        let receivers = generator.chance(perMille: 300) ? others : some(of: others)
        send(message, index, receivers)
        // A certificate leaves when a view is entered: the best moment for a rival of its first candidate.
        if case .certificate = message { falseProposal(index) }
    }

    private mutating func equivocate(_ proposal: Proposal, _ block: Block, _ index: Int, _ others: [Int]) {
        var header = block.header
        header.timestamp = header.timestamp.advanced(by: Instant.Span(milliseconds: 1))
        let signer = nodes[index].signer
        let rival = Block(header: header.signed(by: signer), transactions: block.transactions)
        let second = Proposal(
            at: proposal.place, block: rival.id, height: proposal.height, on: chain, by: signer)
        overheardBlocks.append(rival)
        let half = some(of: others)
        send(.proposal(proposal, block), index, half)
        send(.proposal(second, rival), index, others.filter { !half.contains($0) || $0 % 3 == 0 })
    }

    /// One lie, and the next one planned.
    mutating func lie(_ index: Int) {
        let pause = isHealed ? plan.faults.lieEvery * 6 : plan.faults.lieEvery
        queue.add(.lie(index), at: soon(2 * pause))
        guard nodes[index].isUp, let target = pick(nodes.indices.filter { $0 != index }) else { return }
        report.injected.lies += 1
        switch plan.role ?? .drawn(generator.below(100)) {
        case .voteTwice: falseVote(index, target)
        case .equivocate: falseProposal(index)
        case .replay: if let old = pick(overheard) { send(old, index, [target]) }
        case .garble: garbage(index, target)
        case .impersonate: impersonate(index, target)
        case .mislead: mislead(index, target)
        case .forge: falseProposal(index, isForged: true)
        // What these do not say is the lie.
        case .withhold, .freeze, .censor: break
        }
    }

    private mutating func nearbyView(_ index: Int) -> View {
        let view = nodes[index].replica.status.view.value
        return View(max(1, view + generator.below(3)) - (view > 1 ? 1 : 0))
    }

    private mutating func randomBallot(_ index: Int) -> Ballot? {
        let round = nodes[index].replica.status.round
        let view = nearbyView(index)
        let kind = pick(VoteKind.allCases) ?? .nullify
        if kind == .nullify { return Ballot(kind, round: round, view: view, block: .zero) }
        guard let block = pick(overheardBlocks) else { return nil }
        return Ballot(kind, round: round, view: view, block: block.id)
    }

    private mutating func falseVote(_ index: Int, _ target: Int) {
        guard let ballot = randomBallot(index) else { return }
        let vote = Vote(ballot, on: chain, by: nodes[index].signer)
        send(.vote(vote), index, generator.chance(perMille: 500) ? [target] : some(of: Array(nodes.indices)))
    }

    /// A parent and a view in which this liar leads for that parent.
    private mutating func chanceToLead(_ index: Int) -> (parent: BlockHeader, view: View, height: Height)? {
        let members = nodes[index].replica.members
        let key = nodes[index].signer.publicKey
        guard members.seat(of: key) != nil else { return nil }
        for _ in 0..<6 {
            let view = nearbyView(index)
            guard let parent = pick(overheardBlocks)?.header, parent.view < view,
                parent.round == nodes[index].replica.status.round
            else { continue }
            let isLast = parent.height == plan.parameters.lastHeight(of: parent.round)
            let height = isLast ? parent.height : parent.height.next
            if leader(view, height, parent.beacon, members) == key { return (parent, view, height) }
        }
        return nil
    }

    /// Proposes on a parent of its choice in a view that it leads for that parent.
    private mutating func falseProposal(_ index: Int, isForged: Bool = false) {
        guard let (parent, view, height) = chanceToLead(index) else { return }
        let signer = nodes[index].signer
        let isLast = height == parent.height
        let place = Proposal.Place(
            round: parent.round, view: view, parent: parent.id, parentView: parent.view)
        guard !isLast else {
            let again = Proposal(at: place, block: parent.id, height: height, on: chain, by: signer)
            return send(.proposal(again, nil), index, some(of: Array(nodes.indices)))
        }
        let ticket = BuildTicket(place: place, height: height, notBefore: now, deadline: now)
        var ledger = nodes[index].ledger
        guard var block = ledger.build(ticket, at: now, by: signer) else { return }
        if isForged { block = forged(block, by: signer) }
        overheardBlocks.append(block)
        let proposal = Proposal(at: place, block: block.id, height: height, on: chain, by: signer)
        send(.proposal(proposal, block), index, some(of: Array(nodes.indices)))
    }

    // Whole and signed, but one root of it is not what execution gives.
    private mutating func forged(_ block: Block, by signer: any Signer) -> Block {
        var header = block.header
        let wrong = Digest(Bytes32(generator.next(), 1, 2, 3))
        switch generator.below(4) {
        case 0: header.stateRoot = wrong
        case 1: header.receiptsRoot = wrong
        case 2: header.beacon = wrong
        default: header.reveal = wrong
        }
        return Block(header: header.signed(by: signer), transactions: block.transactions)
    }

    private func leader(_ view: View, _ height: Height, _ beacon: Digest, _ members: MemberSet) -> PublicKey {
        switch plan.parameters.leaderRule {
        case .roundRobin: members.keys[Int((height.value + view.value) % UInt64(members.count))]
        case .chaos, .blockID:
            members.keys[ChaoticIndex.index(id: beacon.bytes, slot: view.value, limit: members.count)]
        }
    }

    private mutating func garbage(_ index: Int, _ target: Int) {
        var bytes = pick(overheard)?.encoded ?? []
        if bytes.isEmpty || generator.chance(perMille: 300) {
            bytes = (0..<generator.below(200)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        } else {
            bytes[Int(generator.below(UInt64(bytes.count)))] ^= 1 << UInt8(generator.below(8))
        }
        queue.add(.garbage(from: index, to: target, bytes), at: soon(50))
    }

    private mutating func impersonate(_ index: Int, _ target: Int) {
        guard let ballot = randomBallot(index), let victim = pick(nodes) else { return }
        let forged = Vote(ballot, on: chain, by: nodes[index].signer).signature
        guard victim.index != index else { return }
        let vote = Vote(ballot: ballot, voter: victim.signer.publicKey, signature: forged)
        send(.vote(vote), index, [target])
    }

    private mutating func mislead(_ index: Int, _ target: Int) {
        let status = nodes[index].replica.status
        let nowhere = BlockID(Bytes32(generator.next(), 0, 0, 0))
        switch generator.below(4) {
        case 0:
            let ahead = Status(
                round: Round(status.round.value + 5), view: status.view,
                finalHeight: Height(status.finalHeight.value + 1000), finalBlock: nowhere)
            send(.status(ahead), index, [target])
        case 1: send(.blockRequest([nowhere, status.finalBlock]), index, [target])
        case 2: send(.range(BlockRange(first: status.finalHeight.next, segments: [])), index, [target])
        default:
            let ballot = Ballot(.nullify, round: status.round, view: status.view, block: .zero)
            let own = Vote(ballot, on: chain, by: nodes[index].signer)
            let weak = Certificate(ballot, votes: [own], members: nodes[index].replica.members)
            send(.certificate(weak), index, [target])
        }
    }
}
