internal import Crypto
internal import Ledger
internal import Primitives

/// From a finalisation to committed blocks, and from round to round (`consensus.md` 2–3).
extension Replica {
    /// Notes a certified final block; it is committed when its ancestors are here and executed.
    mutating func finalize(_ block: BlockID, by certificate: Certificate, height: Height? = nil) {
        guard block != tree.tip.block, !isTarget(block) else { return }
        // Who finalised a view has seen it notarised.
        if certificate.ballot.block == block {
            _ = book.notarize(block, in: certificate.ballot.view, by: certificate)
        }
        if targets.count == ConsensusLimits.finalityTargets { targets.removeLast() }
        targets.append(FinalityTarget(block: block, certificate: certificate, height: height))
        targets.sort { $0.certificate.ballot.view < $1.certificate.ballot.view }
        isDirty = true
    }

    func isTarget(_ block: BlockID) -> Bool { targets.contains { $0.block == block } }

    /// Commits whatever is certified, here and executed; orders what is missing.
    mutating func commitFinality() {
        while let target = targets.first, !isBetweenRounds, !isHalted {
            switch tree.path(to: target.block) {
            case .missing(let id):
                want(id, from: nil)
                return
            // The members broke their word: a finalisation that does not rest on the last final block.
            case .elsewhere: return halt(.finalityConflict(tree.tip.block, target.block))
            case .complete([]): targets.removeFirst()
            case .complete(let path):
                if let bad = path.first(where: { isInvalid($0) }),
                    case .invalid(let reason) = tree[bad]?.execution
                {
                    return halt(.finalBlockInvalid(bad, reason))
                }
                guard path.allSatisfy({ tree.isExecuted($0) }) else { return execute(pathTo: target.block) }
                targets.removeFirst()
                commit(path, target.certificate)
            }
        }
    }

    private func isInvalid(_ id: BlockID) -> Bool {
        if case .invalid = tree[id]?.execution { true } else { false }
    }

    private mutating func commit(_ path: [BlockID], _ certificate: Certificate) {
        guard let last = path.last, let header = tree[last]?.block.header else { return }
        for id in path { store(id) }
        outbox.append(.finalized(blocks: path, certificate))
        lastFinality = certificate.ballot.block == last ? certificate : nil
        let abandoned = tree.finalize(path)
        if !abandoned.isEmpty { outbox.append(.abandoned(abandoned)) }
        isDirty = true
        pace.endCauses(at: clock)
        if header.height == lastHeight {
            closeRound()
        } else {
            // What was finalised in earlier views are ancestors of this block.
            targets.removeAll {
                $0.certificate.ballot.view <= header.view || ($0.height.map { $0 <= header.height } ?? false)
            }
            book.rebase(to: last, in: header.view)
            promises.raiseLowWater(to: book.round, header.view)
            takeSegments()
        }
    }

    private mutating func closeRound() {
        isBetweenRounds = true
        targets = []
        ticket = nil
        sync.forgetBlocks()
        let left = tree.removeAll()
        if !left.isEmpty { outbox.append(.abandoned(left)) }
        outbox.append(.openRound(book.round.next, after: tree.tip.block))
    }

    /// Starts a round: its own instance with its own views, on the final last block of the round before.
    mutating func open(_ round: Round, _ members: MemberSet) {
        guard isBetweenRounds, round == book.round.next else { return }
        isBetweenRounds = false
        if members != self.members { verifier = verifier.knowing(members.keys) }
        root = tree.tip
        book = ViewBook(chain: chain, round: round, members: members, base: (.zero, root.block))
        leaders = LeaderSchedule(rule: parameters.leaderRule, members: members)
        promises.raiseLowWater(to: round, .zero)
        seat = signer.flatMap { members.seat(of: $0.publicKey) }
        view = View(1)
        // The certificate belongs to the round before, so it still helps those who have not closed it.
        admission = nil
        retryAt = nil
        pace.enterView(at: clock, gap: 0)
        isDirty = true
        for (peer, message) in future.drain() { receive(message, from: peer) }
        takeSegments()
    }
}
