internal import Crypto
internal import Ledger
internal import Primitives

/// From messages to knowledge. Nothing here decides; `settle` does.
extension Replica {
    mutating func receive(_ message: ReplicaMessage, from peer: PeerID) {
        sync.hear(peer, at: clock)
        switch message {
        case .proposal(let proposal, let block): receive(proposal, block, from: peer)
        case .vote(let vote): receive(vote, from: peer)
        case .certificate(let certificate): receive(certificate, from: peer)
        case .certificates(let certificates):
            for certificate in certificates { receive(certificate, from: peer) }
        case .cause(let cause): receive(cause, from: peer)
        case .status(let status): receive(status, from: peer)
        case .blockRequest(let ids): serve(ids, to: peer)
        case .block(let block, let proposal): receive(block, proposal, from: peer)
        case .certificateRequest(let request): serve(request, to: peer)
        case .rangeRequest(let request): outbox.append(.serveRange(to: peer, request))
        case .range(let range): receive(range, from: peer)
        }
    }

    /// True when a message is for the open round; remembers what is ahead.
    private mutating func isForOpenRound(
        _ round: Round, _ message: @autoclosure () -> ReplicaMessage, from peer: PeerID
    ) -> Bool {
        let open = isBetweenRounds ? book.round.next : book.round
        if round == book.round, !isBetweenRounds { return true }
        // Late votes of a closed round are normal; whoever is really behind says so in its status.
        if round < open { return false }
        if round == open || round == open.next, round > book.round {
            future.keep(message(), from: peer)
            isDirty = true
        } else {
            inquire(peer)
        }
        return false
    }

    /// True when a view is one whose votes we count.
    private mutating func isInWindow(_ view: View, from peer: PeerID) -> Bool {
        guard view > book.base.view else { return false }
        if view.value > self.view.value &+ ConsensusLimits.viewsAhead {
            inquire(peer)
            return false
        }
        return view.value &+ ConsensusLimits.viewsBehind >= self.view.value
    }

    private mutating func receive(_ vote: Vote, from peer: PeerID) {
        let ballot = vote.ballot
        guard isForOpenRound(ballot.round, .vote(vote), from: peer), isInWindow(ballot.view, from: peer)
        else {
            return
        }
        guard let seat = members.seat(of: vote.voter) else { return penalise(peer, .notMember) }
        switch book.count(vote, seat: seat, verifier: verifier) {
        case .known: break
        case .tooMany: penalise(peer, .tooMuch)
        case .badSignature: penalise(peer, .badSignature)
        case .counted(let evidence):
            if let evidence { outbox.append(.evidence(evidence)) }
            noteSupport(for: ballot, from: peer)
        }
    }

    private mutating func receive(_ certificate: Certificate, from peer: PeerID) {
        let ballot = certificate.ballot
        guard isForOpenRound(ballot.round, .certificate(certificate), from: peer),
            ballot.view > book.base.view,
            !isCertified(ballot)
        else { return }
        guard let votes = book.votes(in: certificate, verifier: verifier) else {
            return penalise(peer, .badCertificate)
        }
        for evidence in book.countVerified(votes) { outbox.append(.evidence(evidence)) }
        noteSupport(for: ballot, from: peer)
    }

    private func isCertified(_ ballot: Ballot) -> Bool {
        switch ballot.kind {
        case .notarize: book.isNotarized(ballot.block, in: ballot.view)
        case .nullify: book.isNullified(ballot.view)
        case .finalize: isTarget(ballot.block)
        }
    }

    private mutating func receive(_ proposal: Proposal, _ block: Block?, from peer: PeerID) {
        guard isForOpenRound(proposal.round, .proposal(proposal, block), from: peer),
            isInWindow(proposal.view, from: peer), note(proposal, from: peer)
        else { return }
        if let block {
            guard block.id == proposal.block else { return penalise(peer, .badBlock) }
            guard hasRoom(for: proposal) else { return }
            admit(block, proposal, from: peer)
        } else if tree.point(proposal.block) == nil {
            want(proposal.block, from: peer)
        }
    }

    /// Remembers a signed candidate; false when it is refused.
    private mutating func note(_ proposal: Proposal, from peer: PeerID) -> Bool {
        let record = book.record(proposal.view)
        let same = record?.proposals ?? []
        if same.contains(where: { $0 == proposal }) { return true }
        let ofLeader = same.filter { $0.leader == proposal.leader }
        guard members.seat(of: proposal.leader) != nil else {
            penalise(peer, .notMember)
            return false
        }
        if let leader = expectedLeader(for: proposal), leader != proposal.leader {
            penalise(peer, .notLeader)
            return false
        }
        guard ofLeader.count < ConsensusLimits.proposalsPerLeader else {
            penalise(peer, .tooMuch)
            return false
        }
        guard proposal.isSigned(on: chain, verifier: verifier) else {
            penalise(peer, .badSignature)
            return false
        }
        book.update(proposal.view) { $0.proposals.append(proposal) }
        isDirty = true
        if let evidence = ofLeader.lazy.compactMap({ Evidence($0, proposal) }).first {
            outbox.append(.evidence(evidence))
        }
        return true
    }

    /// Who leads the proposal's view, if what is known of its parent tells.
    private mutating func expectedLeader(for proposal: Proposal) -> PublicKey? {
        let parent = tree.point(proposal.parent)
        guard parent != nil || parameters.leaderRule == .roundRobin else { return nil }
        return leaders.leader(of: proposal.view, height: proposal.height, beacon: parent?.beacon ?? .zero)
    }

    /// Blocks whose leader cannot be checked yet share a few places; one that finds none is asked for later by id.
    private mutating func hasRoom(for proposal: Proposal) -> Bool {
        guard expectedLeader(for: proposal) == nil else { return true }
        let held = book.record(proposal.view)?.proposals.filter { tree[$0.block] != nil } ?? []
        return held.count < ConsensusLimits.uncheckedBlocksPerView
    }

    private mutating func receive(_ block: Block, _ proposal: Proposal?, from peer: PeerID) {
        guard sync.awaits(block.id) else { return }
        if let proposal, proposal.round == book.round, proposal.block == block.id, !isBetweenRounds,
            isInWindow(proposal.view, from: peer)
        {
            _ = note(proposal, from: peer)
        }
        admit(block, proposal, from: peer)
    }

    /// Takes a block whose id somebody vouches for: a signed proposal or our own question.
    private mutating func admit(_ block: Block, _ proposal: Proposal?, from peer: PeerID) {
        let isWanted = sync.awaits(block.id)
        guard tree.point(block.id) == nil, block.header.height > tree.tip.height,
            block.header.height <= lastHeight, isWanted || tree.count < ConsensusLimits.unfinalBlocks
        else { return }
        guard block.isIntact(on: chain, workBits: parameters.workBits) else {
            return penalise(peer, .badBlock)
        }
        sync.arrived(block.id)
        if tree.insert(block, proposal: proposal) { isDirty = true }
    }

    private mutating func receive(_ cause: Cause, from peer: PeerID) {
        guard isForOpenRound(cause.round, .cause(cause), from: peer) else { return }
        let wanted = tree.tip.height.next
        guard cause.height >= wanted else { return help(peer) }
        guard cause.height == wanted else { return inquire(peer) }
        guard pace.heardCause < wanted else { return }
        guard members.seat(of: cause.member) != nil else { return penalise(peer, .notMember) }
        guard verifier.verify(cause.signature, of: cause.digest(on: chain), by: cause.member) else {
            return penalise(peer, .badSignature)
        }
        pace.heardCause = wanted
        isDirty = true
    }

    mutating func penalise(_ peer: PeerID, _ fault: PeerFault) { outbox.append(.penalise(peer, fault)) }
}

extension Block {
    /// True when the body is the one that the header commits to; the id covers the header only.
    ///
    /// The work comes first: it is the cheapest to check and the dearest to forge.
    func isIntact(on chain: ChainID, workBits: UInt8) -> Bool {
        header.hasWork(bits: workBits) && header.chain == chain
            && header.transactionsRoot == Block.transactionsRoot(transactions)
    }
}
