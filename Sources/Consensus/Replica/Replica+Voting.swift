internal import Crypto
internal import Ledger
internal import Primitives

/// Votes, certificates and the way from view to view.
extension Replica {
    /// Signs a vote unless it contradicts an earlier one; it is durable before it leaves.
    mutating func cast(_ kind: VoteKind, in view: View, for block: BlockID = .zero) {
        let ballot = Ballot(kind, round: book.round, view: view, block: block)
        guard let signer, let seat, promises.permits(ballot) else { return }
        let vote = Vote(ballot, on: chain, by: signer)
        promises.record(.vote(vote))
        outbox.append(.journal(.vote(vote)))
        broadcast(.vote(vote))
        if case .counted(let evidence?) = book.count(vote, seat: seat, verifier: nil) {
            outbox.append(.evidence(evidence))
        }
        noteSupport(for: ballot, from: nil)
    }

    /// Draws the certificate from a ballot that has enough votes.
    mutating func noteSupport(for ballot: Ballot, from peer: PeerID?) {
        if ballot.view >= view { isDirty = true }
        guard book.support(ballot) >= book.needed(ballot.kind) else { return }
        switch ballot.kind {
        case .nullify:
            guard !book.isNullified(ballot.view) else { return }
            if book.nullify(ballot.view, by: book.certificate(of: ballot)) { isDirty = true }
        case .notarize: completeNotarization(of: ballot, from: peer)
        case .finalize:
            guard !isTarget(ballot.block) else { return }
            finalize(ballot.block, by: book.certificate(of: ballot))
        }
    }

    /// A notarisation needs its leader's own vote, so the block must be known; if it is not, it is asked for.
    private mutating func completeNotarization(of ballot: Ballot, from peer: PeerID?) {
        guard !book.isNotarized(ballot.block, in: ballot.view) else { return }
        guard let entry = tree[ballot.block] else {
            want(ballot.block, from: peer)
            return
        }
        guard let leader = leader(of: ballot.view, proposing: entry.block.header) else {
            want(entry.block.header.parent, from: peer)
            return
        }
        guard let seat = members.seat(of: leader), book.supports(ballot, seat: seat) else { return }
        let certificate = book.certificate(of: ballot)
        guard book.notarize(ballot.block, in: ballot.view, by: certificate) else { return }
        isDirty = true
        if mutations.contains(.openEarly), entry.block.header.height == lastHeight {
            finalize(ballot.block, by: certificate)
        }
    }

    /// Looks again at quorums that lacked a block.
    mutating func completeNotarizations() {
        for ballot in book.ballots(.notarize, atLeast: book.needed(.notarize)) {
            completeNotarization(of: ballot, from: nil)
        }
    }

    /// Who leads a view in which this header's block is proposed; nil while the parent is not here.
    mutating func leader(of view: View, proposing header: BlockHeader) -> PublicKey? {
        if header.view < view {
            return leaders.leader(of: view, height: header.height, beacon: header.beacon)
        }
        guard let parent = tree.point(header.parent) else { return nil }
        return leaders.leader(of: view, height: header.height, beacon: parent.beacon)
    }

    var lastHeight: Height { parameters.lastHeight(of: book.round) }

    /// Leaves every view that is notarised or nullified; jumps when a later one is.
    mutating func advanceViews() {
        let before = view
        while true {
            if book.record(view)?.isCertified == true {
                leave(view)
                view = view.next
            } else if book.highestCertified > view {
                view = book.highestCertified
            } else if view <= book.base.view {
                view = book.base.view.next
            } else {
                break
            }
        }
        if view != before { enterView() }
    }

    private mutating func leave(_ view: View) {
        guard let record = book.record(view) else { return }
        admission = record.notarizations.first?.certificate ?? record.nullification
        let gaveUp = promises.has(.nullify, in: book.round, view)
        guard !gaveUp || mutations.contains(.nullifyAndFinalize) else { return }
        for notarization in record.notarizations.sorted(by: { $0.block < $1.block }) {
            let ballot = Ballot(.finalize, round: book.round, view: view, block: notarization.block)
            guard seat != nil, promises.permits(ballot) else { continue }
            outbox.append(.journal(.certificate(notarization.certificate)))
            cast(.finalize, in: view, for: notarization.block)
        }
    }

    private mutating func enterView() {
        ticket = nil
        retryAt = nil
        book.compact(at: view)
        let parentView = bestParent()?.parentView ?? book.base.view
        pace.enterView(at: clock, gap: view.value - parentView.value - 1)
        isDirty = true
        if let admission, relaysCertificates { broadcast(.certificate(admission)) }
    }

    /// Everyone passes certificates on in a small chain; in a large one f + 1 members take turns.
    private var relaysCertificates: Bool {
        guard let seat else { return false }
        guard members.count > ConsensusLimits.membersThatAllRelay else { return true }
        let turn = (seat + members.count - Int(view.value % UInt64(members.count))) % members.count
        return turn <= members.tolerated
    }
}
