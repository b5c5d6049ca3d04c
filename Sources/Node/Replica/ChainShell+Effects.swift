internal import API
internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Staking
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
        case .openRound(let round, let root): try open(round, after: root)
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
            try report(evidence)
        case .halt(let reason): throw ShellHalt(reason: "\(reason)")
        }
    }

    /// Looks the members of a round up in the final state that ends the round before.
    private func open(_ round: Round, after root: BlockID) throws {
        let found = state.view(at: root).flatMap { configuration.spec.members(of: round, in: $0) }
        guard let found else {
            throw ShellHalt(reason: "the state does not name the members of round \(round)")
        }
        if let view = state.view(at: root) { desk.begin(before: round, in: view) }
        inputs.append(.roundOpened(round, found))
        guard members != found else { return }
        members = found
        publish()
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

    func header(of block: BlockID) -> BlockHeader? {
        block == finalBlock ? finalHeader : entries[block]?.header
    }

    private func execute(_ block: Block) -> ExecutionVerdict {
        if entries[block.id] != nil, state.holds(block.id) { return .valid }
        guard let parent = header(of: block.header.parent) else { return .unavailable }
        desk.foresee(block.header, on: state.view(at: block.header.parent))
        let verdict = bench.judge(
            block, on: parent, isVerified: { mempool[$0.id]?.transaction == $0 }, state: &state)
        switch verdict {
        case .success(let entry):
            entries[block.id] = entry
            head = max(head, block.header.height)
            foreseeTower(above: block)
            configuration.observer.waiting(block.transactions, at: block.header.height)
            return .valid
        case .failure(.unavailable):
            askForTower(before: block.header)
            return .unavailable
        case .failure(.invalid(let reason)):
            configuration.observer.log("block \(block.id) is invalid: \(reason)")
            return .invalid(reason)
        }
    }

    /// Who leads the round's last block knows its beacon while the block is not yet due.
    func foreseeTower(above block: Block) {
        guard let view = state.view(at: block.id) else { return }
        desk.foresee(
            above: block.header, on: view, as: configuration.key?.publicKey, members: members,
            reveal: bench.nextReveal)
    }

    private func finalise(_ blocks: [BlockID], _ certificate: Certificate) throws {
        var hasNewPolicies = false
        var finals: [(FinalBlock, [(transaction: TransactionID, text: String)])] = []
        for id in blocks {
            guard let entry = entries[id], state.finalise(id, at: entry.header.height) != nil else {
                throw ShellHalt(reason: "block \(id) became final without having been executed")
            }
            entries[id] = nil
            hasNewPolicies = hasNewPolicies || entry.executed.changes.touches(.policies)
            finalHeader = entry.header
            finalBlock = id
            bench.checks.forget(upTo: entry.header.height)
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
        pruneMempool(hasNewPolicies: hasNewPolicies)
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

    func settle(_ transactions: [TransactionID]) {
        mempool.remove(transactions)
        configuration.observer.settled(transactions)
    }

    private func flushIfDue() throws {
        guard finalHeader.height.value.isMultiple(of: ChainShell.flushInterval) else { return }
        // From the stored changes, so that blocks which became final before a crash are part of it.
        try database.flush()
    }

    // What waits was authorized by the policies before these blocks; a new one may ask for more.
    private func pruneMempool(hasNewPolicies: Bool) {
        let next = finalHeader.height.next
        let time = max(finalHeader.timestamp, now())
        let view = hasNewPolicies ? state.view(at: finalBlock) : nil
        let dead = mempool.prune { checked in
            !bench.isAlive(checked, height: next, time: time)
                || view.map { !bench.isAuthorized(checked, height: next, state: $0) } ?? false
        }
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
