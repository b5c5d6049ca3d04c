internal import Crypto
internal import Ledger
internal import Primitives

/// Timers, repetitions and causes.
extension Replica {
    /// Acts on every timer that has run out.
    mutating func keepTime() {
        guard !isHalted else { return }
        askAgain()
        guard !isBetweenRounds else { return }
        retryDeferred()
        if let retryAt, retryAt <= clock {
            self.retryAt = nil
            isDirty = true
        }
        if !pace.isActive, isActive {
            isDirty = true
            forwardCause()
        }
        guard pace.isActive else { return }
        if let next = pace.nextRepeat, next <= clock {
            pace.scheduleRepeat(after: clock)
            repeatYourself()
        }
        giveUpIfDue()
    }

    private mutating func giveUpIfDue() {
        guard seat != nil, clock >= pace.proposalDue else { return }
        let hasCandidate = book.record(view)?.candidates.contains { tree[$0.block] != nil } ?? false
        if !hasCandidate || clock >= pace.viewDue { cast(.nullify, in: view) }
    }

    /// True while the view's timers must run.
    var isActive: Bool {
        guard case .onDemand = parameters.pacing else { return true }
        if pace.hasCause(at: clock) || pace.heardCause > tree.tip.height { return true }
        if let due = pace.heartbeatDue(after: tree.tip.timestamp), due <= clock { return true }
        return !targets.isEmpty || book.hasUnfinalNotarization || book.isAlive(from: view)
            || future.lastPeer != nil
    }

    mutating func updatePace() {
        let parent = bestParent().flatMap { tree.point($0.parent) } ?? tree.tip
        pace.update(
            isActive: isActive, earliest: parent.timestamp.advanced(by: parameters.interval), at: clock)
    }

    mutating func changeCause(_ isPresent: Bool) {
        let had = pace.hasCause(at: clock)
        pace.setCause(isPresent, at: clock)
        guard had != isPresent else { return }
        isDirty = true
        if isPresent { forwardCause() }
    }

    /// Makes the others' timers run too.
    private mutating func forwardCause() {
        guard case .onDemand = parameters.pacing, pace.hasCause(at: clock), !isBetweenRounds, let signer,
            seat != nil
        else {
            return
        }
        broadcast(.cause(Cause(round: book.round, height: tree.tip.height.next, on: chain, by: signer)))
    }

    /// Says again what others may have missed.
    private mutating func repeatYourself() {
        broadcast(.status(status))
        if let peer = future.lastPeer { askForRange(from: peer) }
        guard seat != nil else { return }
        if let admission { broadcast(.certificate(admission)) }
        forwardCause()
        let parentView = bestParent()?.parentView ?? book.base.view
        if parentView.next < view { repeatVotes(in: parentView) }
        if let before = view.previous { repeatVotes(in: before) }
        repeatVotes(in: view)
        if let proposal = promises.proposal(in: book.round, view) { broadcast(.proposal(proposal, nil)) }
    }

    private mutating func repeatVotes(in view: View) {
        for vote in promises.votes(in: book.round, view) { broadcast(.vote(vote)) }
    }

    /// Orders the next `.woke`, unless the order stands already.
    mutating func armWake() {
        let next = isHalted ? Instant.distantFuture : nextTimer
        guard next != (armedWake ?? .distantFuture) else { return }
        armedWake = next
        outbox.append(.wake(at: next))
    }

    private var nextTimer: Instant {
        var next = sync.nextDeadline(patience: questionPatience) ?? .distantFuture
        guard !isBetweenRounds else { return next }
        if let retry = tree.deferred(at: clock).next { next = min(next, retry) }
        if let retryAt { next = min(next, retryAt) }
        guard pace.isActive else {
            next = min(next, pace.ownCause ?? .distantFuture)
            return min(next, pace.heartbeatDue(after: tree.tip.timestamp) ?? .distantFuture)
        }
        if let repetition = pace.nextRepeat { next = min(next, repetition) }
        if seat != nil { next = min(next, nextViewTimer ?? .distantFuture) }
        return next
    }

    private var nextViewTimer: Instant? {
        let canNullify = promises.permits(Ballot(.nullify, round: book.round, view: view, block: .zero))
        let times = [pace.base] + (canNullify ? [pace.proposalDue, pace.viewDue] : [])
        return times.first { $0 > clock }
    }
}
