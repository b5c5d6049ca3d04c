internal import API
internal import Consensus
internal import Ledger
internal import Primitives
internal import Storage

/// Performs what the replica asks for, in order.
extension ChainShell {
    func perform(_ effect: Replica.Effect) throws {
        switch effect {
        case .store(let block): store(block)
        case .journal(let entry): batch.journal.append(entry.record)
        case .send(let peer, let message): try send(.replica(message), to: peer)
        case .broadcast(let message): try broadcast(.replica(message))
        case .build(let ticket): order(ticket)
        case .execute(let block): inputs.append(.executed(block.id, execute(block)))
        case .finalized(let blocks, let certificate): try finalise(blocks, certificate)
        case .openRound(let round, _): inputs.append(.roundOpened(round, members))
        case .abandoned(let blocks): abandon(blocks)
        case .wake(let instant): wakeAt = instant
        case .serveRange(let peer, let request):
            let range = BlockRange(answering: request, from: DatabaseArchive(reader: database.queries))
            try send(.replica(.range(range)), to: peer)
        case .serveBlocks(let peer, let ids):
            for id in ids {
                guard let block = try database.queries.block(id) else { continue }
                try send(.replica(.block(block, nil)), to: peer)
            }
        case .penalise(let peer, let fault):
            configuration.observer.log("\(peer.hex.prefix(8)): \(fault)")
        case .evidence(let evidence):
            configuration.observer.log("evidence of \(evidence.offence) against \(evidence.accused)")
        case .halt(let reason): throw ShellHalt(reason: "\(reason)")
        }
    }

    func send(_ message: PeerMessage, to peer: PeerID) throws {
        try commit()
        configuration.link.send(message.encoded, on: configuration.spec.id, from: self.peer, to: peer)
    }

    func broadcast(_ message: PeerMessage) throws {
        try commit()
        configuration.link.broadcast(message.encoded, on: configuration.spec.id, from: peer)
    }

    /// Makes everything gathered so far durable, in one transaction.
    func commit() throws {
        guard !batch.isEmpty else { return }
        try database.commit(batch)
        batch = StoreBatch()
    }

    private func store(_ block: Block) {
        guard let executed = entries[block.id]?.executed else { return }
        batch.blocks.append(StoredBlock(block: block, receipts: executed.receipts, changes: executed.changes))
    }

    private func header(of block: BlockID) -> BlockHeader? {
        block == finalBlock ? finalHeader : entries[block]?.header
    }

    /// Answers an order for a block, or keeps it: a chain on demand makes no empty block before its heartbeat.
    private func order(_ ticket: BuildTicket) {
        guard isWorthABlock(ticket) else {
            keptTicket = ticket
            return
        }
        keptTicket = nil
        inputs.append(.built(ticket, build(ticket)))
    }

    /// Answers the kept order once there is something to put into its block.
    func answerKeptTicket() throws {
        guard let ticket = keptTicket, isWorthABlock(ticket) else { return }
        keptTicket = nil
        try feed(.built(ticket, build(ticket)))
    }

    private func isWorthABlock(_ ticket: BuildTicket) -> Bool {
        guard case .onDemand(let heartbeat) = configuration.spec.consensus.pacing else { return true }
        let isBeatDue =
            ticket.parent == finalBlock
            && finalHeader.timestamp.advanced(by: heartbeat) <= SystemClock.now()
        if isBeatDue { return true }
        if configuration.spec.role == .main, configuration.mining == .manual {
            return ticket.height <= mineUpTo
        }
        return hasNews(on: ticket.parent)
    }

    private func hasNews(on block: BlockID) -> Bool {
        guard let view = state.view(at: block) else { return false }
        return bench.hasUndelivered(in: view)
            || mempool.candidates(count: .max, bytes: .max).contains { !state.contains($0.id, on: block) }
    }

    private func build(_ ticket: BuildTicket) -> Block? {
        guard let parent = header(of: ticket.parent) else { return nil }
        let limits = configuration.spec.limits
        let candidates = mempool.candidates(count: Int(limits.transactions), bytes: Int(limits.bytes))
        guard
            let built = bench.build(
                ticket, on: parent, candidates: candidates, now: SystemClock.now(), state: &state)
        else { return nil }
        entries[built.block.id] = built.entry
        head = max(head, ticket.height)
        configuration.observer.waiting(built.block.transactions, at: ticket.height)
        forgetRefused(candidates, in: built.entry.executed, on: ticket.parent)
        return built.block
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

    private func execute(_ block: Block) -> ExecutionVerdict {
        if entries[block.id] != nil, state.holds(block.id) { return .valid }
        guard let parent = header(of: block.header.parent) else { return .unavailable }
        let verdict = bench.judge(
            block, on: parent, isVerified: { mempool[$0.id]?.transaction == $0 }, state: &state)
        switch verdict {
        case .success(let entry):
            entries[block.id] = entry
            head = max(head, block.header.height)
            configuration.observer.waiting(block.transactions, at: block.header.height)
            return .valid
        case .failure(.unavailable): return .unavailable
        case .failure(.invalid(let reason)):
            configuration.observer.log("block \(block.id) is invalid: \(reason)")
            return .invalid(reason)
        }
    }

    private func finalise(_ blocks: [BlockID], _ certificate: Certificate) throws {
        var finals: [(FinalBlock, [(transaction: TransactionID, text: String)])] = []
        for id in blocks {
            guard let entry = entries[id], state.finalise(id, at: entry.header.height) != nil else {
                throw ShellHalt(reason: "block \(id) became final without having been executed")
            }
            entries[id] = nil
            finalHeader = entry.header
            finalBlock = id
            batch.finalized.append(BlockReference(height: entry.header.height, id: id))
            let block = Block(header: entry.header, transactions: entry.executed.transactions)
            finals.append(
                (
                    FinalBlock(block: block, receipts: entry.executed.receipts, certificate: certificate),
                    entry.executed.logs
                ))
        }
        batch.certificates.append(StoredCertificate(height: finalHeader.height, bytes: certificate.encoded))
        batch.journalFloor = finalHeader.round
        try commit()
        // Only now are they found in the database: whoever asks finds them waiting or final at any time.
        for (block, _) in finals { settle(block.block.transactions.map(\.id)) }
        try flushIfDue()
        pruneMempool()
        // Finality only puts the replica's cause off: whether one stands is told again at once, also that none does.
        hasCause = nil
        publish()
        for (block, logs) in finals {
            configuration.observer.finalised(block, logs: logs, spec: configuration.spec)
        }
        answerMiners()
    }

    private func abandon(_ blocks: [BlockID]) {
        for id in blocks {
            state.abandon(id)
            guard let entry = entries.removeValue(forKey: id) else { continue }
            let transactions = entry.executed.transactions
            configuration.observer.settled(transactions.map(\.id))
            configuration.observer.waiting(transactions.filter { mempool.contains($0.id) }, at: nil)
        }
        batch.abandoned.append(contentsOf: blocks)
    }

    private func settle(_ transactions: [TransactionID]) {
        mempool.remove(transactions)
        configuration.observer.settled(transactions)
    }

    private func flushIfDue() throws {
        guard finalHeader.height.value.isMultiple(of: ChainShell.flushInterval) else { return }
        // From the stored changes, so that blocks which became final before a crash are part of it.
        try database.flush()
    }

    private func pruneMempool() {
        let next = finalHeader.height.next
        let time = finalHeader.timestamp
        let dead = mempool.prune { !bench.isAlive($0, height: next, time: max(time, SystemClock.now())) }
        configuration.observer.settled(dead)
    }
}

/// Why a replica cannot go on.
struct ShellHalt: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}

/// The final blocks of a database, for peers that are behind.
struct DatabaseArchive: FinalBlockArchive {
    let reader: ChainReader

    func finalBlock(at height: Height) -> Block? { (try? reader.block(at: height)) ?? nil }

    func finality(atOrAbove height: Height) -> Certificate? {
        var candidate = height
        for _ in 0..<RangeSegment.longestLink {
            if let bytes = (try? reader.certificate(at: candidate)) ?? nil {
                return try? Certificate(decoding: bytes)
            }
            guard finalBlock(at: candidate) != nil else { return nil }
            candidate = candidate.next
        }
        return nil
    }
}

extension JournalEntry {
    /// The form that the database keeps; a view has at most one entry of each kind.
    var record: JournalRecord {
        let place: (view: View, kind: UInt8) =
            switch self {
            case .vote(let vote): (vote.ballot.view, vote.ballot.kind.rawValue)
            case .proposal(let proposal): (proposal.view, 16)
            case .certificate(let certificate): (certificate.ballot.view, 32)
            }
        return JournalRecord(round: round, view: place.view, kind: place.kind, bytes: encoded)
    }
}
