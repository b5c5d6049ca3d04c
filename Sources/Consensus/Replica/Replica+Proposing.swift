internal import Crypto
internal import Ledger
internal import Primitives

/// What may be proposed and what gets our vote (`consensus.md` 2–3).
extension Replica {
    /// The block to build on in the current view: the highest notarised one whose later views are all nullified.
    func bestParent() -> Proposal.Place? {
        var parentView = view
        while parentView > book.base.view, let below = parentView.previous {
            parentView = below
            let known = book.notarized(parentView).first { tree.point($0) != nil }
            if let known, mayBuild(on: known, in: parentView) {
                return Proposal.Place(round: book.round, view: view, parent: known, parentView: parentView)
            }
            guard book.isNullified(parentView) || mutations.contains(.noGapRule) else { return nil }
        }
        return nil
    }

    private func mayBuild(on parent: BlockID, in parentView: View) -> Bool {
        book.isNotarized(parent, in: parentView)
            && (mutations.contains(.noGapRule) || book.isGapNullified(above: parentView, below: view))
    }

    /// As leader: builds once per view, or proposes the round's last block again.
    mutating func lead() {
        guard let signer, seat != nil, pace.isActive, clock >= pace.base, ticket == nil,
            promises.permitsProposal(in: book.round, view), !promises.has(.nullify, in: book.round, view),
            let place = bestParent(), let parent = tree.point(place.parent), tree.isExecuted(place.parent)
        else { return }
        let isLast = parent.height == lastHeight
        let height = isLast ? parent.height : parent.height.next
        guard leaders.leader(of: view, height: height, beacon: parent.beacon) == signer.publicKey else {
            return
        }
        if isLast {
            propose(place.parent, at: place, height: height)
        } else {
            let order = BuildTicket(
                place: place, height: height, notBefore: pace.base, deadline: pace.proposalDue,
                mayBeEmpty: mayBeEmpty(at: place))
            ticket = order
            outbox.append(.build(order))
        }
    }

    // An empty block is a cost to a chain on demand unless time or an unfinal parent asks for it.
    private func mayBeEmpty(at place: Proposal.Place) -> Bool {
        guard let beat = pace.heartbeatDue(after: tree.tip.timestamp) else { return true }
        let isOverdue = place.parent != tree.tip.block && place.view > place.parentView.next
        return isOverdue || place.parent == tree.tip.block && beat <= clock
    }

    /// Takes the builder's block if the view still waits for it.
    mutating func take(_ block: Block?, for built: BuildTicket) {
        guard let ticket, ticket == built, view == built.view, !isBetweenRounds else { return }
        guard let block else {
            // Others need not wait for a leader that has nothing to say.
            cast(.nullify, in: view)
            return
        }
        let place = Proposal.Place(
            round: built.round, view: built.view, parent: built.parent, parentView: built.parentView)
        guard let parent = tree.point(built.parent), block.isIntact(on: chain, workBits: parameters.workBits),
            fits(block.header, at: place, above: parent), block.header.leader == signer?.publicKey
        else { return cast(.nullify, in: view) }
        _ = tree.insert(block, proposal: nil)
        store(block.id)
        propose(block.id, at: place, height: block.header.height)
    }

    private mutating func propose(_ block: BlockID, at place: Proposal.Place, height: Height) {
        guard let signer, promises.permitsProposal(in: place.round, place.view) else { return }
        let proposal = Proposal(at: place, block: block, height: height, on: chain, by: signer)
        promises.record(.proposal(proposal))
        outbox.append(.journal(.proposal(proposal)))
        tree.setProposal(block, proposal)
        book.update(place.view) { $0.proposals.append(proposal) }
        broadcast(.proposal(proposal, proposal.isRepeated ? nil : tree[block]?.block))
        isDirty = true
    }

    /// What a candidate deserves now.
    private enum Judgement {
        case vote
        case wait
        case refuse
        /// Its leader or its height is wrong for this view; it says nothing about the view's leader.
        case ignore
    }

    mutating func considerCandidates() {
        guard seat != nil, let record = book.record(view), !promises.has(.notarize, in: book.round, view)
        else {
            return
        }
        for proposal in record.candidates {
            switch judge(proposal) {
            case .wait: continue
            case .vote:
                store(proposal.block)
                cast(.notarize, in: view, for: proposal.block)
                return
            case .refuse:
                book.update(view) { $0.refused.append(proposal.block) }
                cast(.nullify, in: view)
            case .ignore:
                book.update(view) { $0.refused.append(proposal.block) }
            }
        }
    }

    private mutating func judge(_ proposal: Proposal) -> Judgement {
        guard mayBuild(on: proposal.parent, in: proposal.parentView) else {
            if proposal.parentView < book.base.view { return .ignore }
            let hasParent = book.isNotarized(proposal.parent, in: proposal.parentView)
            let gap = hasParent ? book.firstOpenView(above: proposal.parentView, below: view) : nil
            wantCertificates(from: gap ?? proposal.parentView)
            return .wait
        }
        guard let parent = tree.point(proposal.parent) else {
            want(proposal.parent, from: nil)
            return .wait
        }
        guard let block = tree[proposal.block]?.block else {
            want(proposal.block, from: nil)
            return .wait
        }
        guard leaders.leader(of: view, height: proposal.height, beacon: parent.beacon) == proposal.leader
        else {
            return .ignore
        }
        if proposal.isRepeated {
            guard parent.height == lastHeight, proposal.height == lastHeight else { return .refuse }
        } else {
            guard proposal.height == block.header.height, block.header.leader == proposal.leader,
                fits(block.header, at: proposal.place, above: parent)
            else { return .refuse }
        }
        if !proposal.isRepeated, isStale(block.header) { return .refuse }
        return judgeTimeAndExecution(of: block)
    }

    /// True when a leader put a time into its block that lies too far back by our clock (`oldestVoted`).
    private func isStale(_ header: BlockHeader) -> Bool {
        guard let oldestVoted else { return false }
        return header.timestamp.advanced(by: oldestVoted) < clock
    }

    private mutating func judgeTimeAndExecution(of block: Block) -> Judgement {
        // A clock that is behind must not condemn a good block: wait until it is no longer in the future.
        let acceptable = clock.advanced(by: parameters.delta)
        guard block.header.timestamp <= acceptable else {
            let wait = block.header.timestamp.since(acceptable)
            retryAt = min(retryAt ?? .distantFuture, clock.advanced(by: wait))
            return .wait
        }
        switch tree[block.id]?.execution {
        case .valid: return .vote
        case .invalid: return .refuse
        case .idle: execute(pathTo: block.id)
        case .running, .deferred, nil: break
        }
        return .wait
    }

    /// The header rules that consensus owns for a new block.
    func fits(_ header: BlockHeader, at place: Proposal.Place, above parent: FinalPoint) -> Bool {
        header.chain == chain && header.round == place.round && header.view == place.view
            && header.parent == place.parent && header.parentView == place.parentView
            && header.height == parent.height.next && header.height <= lastHeight
            && header.timestamp >= parent.timestamp.advanced(by: parameters.interval)
            && verifier.verify(header.signature, of: header.signingDigest, by: header.leader)
    }
}
