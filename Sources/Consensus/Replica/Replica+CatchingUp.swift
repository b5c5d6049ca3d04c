internal import Crypto
internal import Ledger
internal import Primitives

/// Questions to peers, answers to theirs, and final blocks of the past.
extension Replica {
    /// How long a question may stay unanswered.
    var questionPatience: Instant.Span { parameters.delta.times(2) }

    // MARK: Blocks by id

    /// Asks for a block: the peer that spoke of it, or else any.
    mutating func want(_ id: BlockID, from peer: PeerID?) {
        guard tree.point(id) == nil, sync.want(id, at: clock) else { return }
        ask(for: [id], peer)
    }

    private mutating func ask(for ids: [BlockID], _ peer: PeerID?) {
        if let peer = peer ?? sync.anyPeer() {
            send(.blockRequest(ids), to: peer)
        } else {
            broadcast(.blockRequest(ids))
        }
    }

    mutating func serve(_ ids: [BlockID], to peer: PeerID) {
        var stored: [BlockID] = []
        for id in ids.prefix(ReplicaMessage.mostIDs) {
            if let entry = tree[id] {
                send(.block(entry.block, entry.proposal), to: peer)
            } else {
                stored.append(id)
            }
        }
        if !stored.isEmpty { outbox.append(.serveBlocks(to: peer, stored)) }
    }

    // MARK: Certificates of past views

    /// Asks some peer for the certificates from a view up to the current one, at most once per Δ.
    mutating func wantCertificates(from first: View) {
        guard let last = view.previous, first <= last, clock >= sync.certificatesAskable,
            let peer = sync.anyPeer()
        else { return }
        sync.certificatesAskable = clock.advanced(by: parameters.delta)
        send(.certificateRequest(CertificateRequest(round: book.round, first: first, last: last)), to: peer)
    }

    mutating func serve(_ request: CertificateRequest, to peer: PeerID) {
        guard request.round == book.round, !isBetweenRounds, request.last > book.base.view else {
            return help(peer)
        }
        var found: [Certificate] = []
        var next = max(request.first, book.base.view.next)
        while next <= request.last, next < view, found.count < CertificateRequest.most {
            found += book.certificates(of: next)
            next = next.next
        }
        guard !found.isEmpty else { return }
        send(.certificates(Array(found.prefix(CertificateRequest.most))), to: peer)
    }

    // MARK: Status

    mutating func receive(_ status: Status, from peer: PeerID) {
        sync.note(status, of: peer)
        if status.finalHeight > tree.tip.height {
            askForRange(from: peer)
        } else if status.finalHeight < tree.tip.height {
            help(peer)
        } else if status.round == book.round, status.view < view, let admission,
            sync.mayHelp(peer, at: clock, pause: helpPause)
        {
            send(.certificate(admission), to: peer)
        }
    }

    private var helpPause: Instant.Span { Instant.Span(milliseconds: parameters.delta.milliseconds / 2) }

    /// Tells a peer that is behind how to get here.
    mutating func help(_ peer: PeerID) {
        guard sync.mayHelp(peer, at: clock, pause: helpPause) else { return }
        if let lastFinality { send(.certificate(lastFinality), to: peer) }
        send(.status(status), to: peer)
    }

    /// Tells a peer that is ahead where we are, so that it helps.
    mutating func inquire(_ peer: PeerID) {
        guard sync.mayHelp(peer, at: clock, pause: helpPause) else { return }
        send(.status(status), to: peer)
    }

    // MARK: Final blocks by height

    mutating func askForRange(from peer: PeerID) {
        guard sync.range == nil, sync.segments.isEmpty else { return }
        let first = tree.tip.height.next
        sync.asked(peer, first: first, at: clock)
        send(.rangeRequest(RangeRequest(first: first)), to: peer)
    }

    mutating func receive(_ range: BlockRange, from peer: PeerID) {
        guard let asked = sync.range, asked.peer == peer, asked.first == range.first else { return }
        sync.rangeEnded()
        guard !range.segments.isEmpty else { return sync.doubt(peer) }
        sync.segments = range.segments
        sync.segmentSource = peer
        takeSegments()
    }

    /// Turns the next segment into a finality target once its round is open; asks for more when none is left.
    mutating func takeSegments() {
        guard !isBetweenRounds else { return }
        while let segment = sync.segments.first {
            let blocks = segment.blocks.filter { $0.header.height > tree.tip.height }
            guard !blocks.isEmpty else {
                sync.segments.removeFirst()
                continue
            }
            guard segment.certificate.ballot.round == book.round else { return dropSegments() }
            if targets.contains(where: { $0.block == blocks.last?.id }) { return }
            guard isProved(RangeSegment(blocks: blocks, link: segment.link, certificate: segment.certificate))
            else {
                return dropSegments()
            }
            for block in blocks {
                sync.arrived(block.id)
                _ = tree.insert(block, proposal: nil)
            }
            if let last = blocks.last {
                finalize(last.id, by: segment.certificate, height: last.header.height)
            }
            return
        }
        if let peer = sync.peer(above: tree.tip.height, except: nil) { askForRange(from: peer) }
    }

    private func isProved(_ segment: RangeSegment) -> Bool {
        guard segment.isChained(above: tree.tip.block, at: tree.tip.height),
            segment.blocks.allSatisfy({ $0.isIntact(on: chain, workBits: parameters.workBits) })
        else { return false }
        do {
            try segment.certificate.verify(members: members, leader: nil, chain: chain, verifier: verifier)
            return true
        } catch {
            return false
        }
    }

    private mutating func dropSegments() {
        if let source = sync.segmentSource {
            penalise(source, .badRange)
            sync.doubt(source)
        }
        sync.segments = []
        sync.segmentSource = nil
    }

    // MARK: Questions that stay open

    /// Repeats questions that were not answered in time, to someone else.
    mutating func askAgain() {
        guard clock.milliseconds >= questionPatience.milliseconds else { return }
        let limit = Instant(milliseconds: clock.milliseconds - questionPatience.milliseconds)
        let overdue = sync.overdueBlocks(before: limit, now: clock).filter { tree.point($0) == nil }
        var rest = overdue[...]
        while !rest.isEmpty {
            ask(for: Array(rest.prefix(ReplicaMessage.mostIDs)), nil)
            rest = rest.dropFirst(ReplicaMessage.mostIDs)
        }
        if let range = sync.range, range.asked <= limit {
            sync.rangeEnded()
            penalise(range.peer, .unanswered)
            sync.doubt(range.peer)
            if let peer = sync.peer(above: tree.tip.height, except: range.peer) { askForRange(from: peer) }
        }
    }
}
