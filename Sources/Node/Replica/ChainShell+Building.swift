internal import Assets
internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Staking

/// Blocks of this node's own making, and its word against those who sign twice.
extension ChainShell {
    /// Answers an order for a block, or keeps it: a chain on demand makes no empty block before its heartbeat.
    func order(_ ticket: BuildTicket) {
        guard isWorthABlock(ticket) else {
            keptTicket = ticket
            return
        }
        keptTicket = nil
        build(ticket)
    }

    /// Answers the kept order once there is something to put into its block.
    func answerKeptTicket() throws {
        guard let ticket = keptTicket, isWorthABlock(ticket) else { return }
        keptTicket = nil
        build(ticket)
        try stepInputs()
    }

    private func isWorthABlock(_ ticket: BuildTicket) -> Bool {
        if ticket.mayBeEmpty { return true }
        if configuration.spec.role == .main, configuration.mining == .manual {
            return ticket.height <= mineUpTo
        }
        return hasNews(on: ticket.parent)
    }

    private func hasNews(on block: BlockID) -> Bool {
        guard let view = state.view(at: block) else { return false }
        return bench.hasUndelivered(in: view) || DelayedQuery(view).isDue(at: now())
            || mempool.candidates(count: .max, bytes: .max).contains { !state.contains($0.id, on: block) }
    }

    /// Drafts a block; its proof of work, where the chain asks for one, is searched beside this thread.
    private func build(_ ticket: BuildTicket) {
        let limits = configuration.spec.limits
        let candidates = mempool.candidates(count: Int(limits.transactions), bytes: Int(limits.bytes))
        let drafted = header(of: ticket.parent).flatMap { parent in
            bench.draft(ticket, on: parent, candidates: candidates, now: now(), state: &state)
        }
        draft = nil
        guard let drafted else { return inputs.append(.built(ticket, nil)) }
        forgetRefused(candidates, in: drafted.executed, on: ticket.parent)
        guard let work else { return seal(drafted, nonce: 0) }
        draft = drafted
        work.search(
            drafted.header.workBytes, bits: configuration.spec.consensus.workBits, until: ticket.deadline
        ) { [mailbox] nonce in
            mailbox.post(.worked(ticket, nonce), isUrgent: true)
        }
    }

    /// Takes the end of a search; one for an order that was replaced says nothing.
    func takeWork(_ ticket: BuildTicket, _ nonce: UInt64?) throws {
        guard let drafted = draft, drafted.ticket == ticket else { return }
        draft = nil
        if let nonce { seal(drafted, nonce: nonce) } else { inputs.append(.built(ticket, nil)) }
        try stepInputs()
    }

    private func seal(_ draft: BlockBench.Draft, nonce: UInt64) {
        let ticket = draft.ticket
        guard let built = bench.seal(draft, nonce: nonce, state: &state) else {
            return inputs.append(.built(ticket, nil))
        }
        entries[built.block.id] = built.entry
        foreseeTower(above: built.block)
        head = max(head, ticket.height)
        configuration.observer.waiting(built.block.transactions, at: ticket.height)
        inputs.append(.built(ticket, built.block))
    }

    // Native candidates that could not enter would keep an idle chain making empty blocks until they expire.
    // Calls may only have lacked gas in this block, and what an unfinal ancestor holds may still come back.
    private func forgetRefused(
        _ candidates: [CheckedTransaction], in executed: ExecutedBlock, on parent: BlockID
    ) {
        guard executed.transactions.count < candidates.count else { return }
        let included = Set(executed.transactions.map(\.id))
        settle(
            candidates.filter { candidate in
                candidate.transaction.kind != .call && !included.contains(candidate.id)
                    && !state.contains(candidate.id, on: parent)
            }.map(\.id))
    }

    /// Heights within which evidence must enter a block; whoever sees the offence again sends it again.
    private static let evidenceLife: UInt64 = 600

    /// Puts proof that a member signed twice on the chain, where the chain punishes it.
    func report(_ evidence: Evidence) throws {
        configuration.observer.log("evidence of \(evidence.offence) against \(evidence.accused)")
        guard configuration.spec.consensus.elections.staking != nil, let key = configuration.key,
            let view = state.view(at: finalBlock),
            let accused = StakeBook.miner(evidence.accused, in: view)?.miner, accused.status != .frozen
        else { return }
        let payload = EvidencePayload(evidence: evidence.encoded).encoded
        let fees = configuration.spec.fees
        let transaction = Transaction(
            chain: configuration.spec.id, kind: .evidence,
            expiry: Height(finalHeader.height.value + ChainShell.evidenceLife),
            fee: fees.minimum(base: fees.base, payloadBytes: payload.count), salt: evidence.view.value,
            sender: key.publicKey, payload: payload
        ).signed(by: key)
        accept([transaction])
        try broadcast(.transactions([transaction]))
    }
}
