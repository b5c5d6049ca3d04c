internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Staking
internal import Storage

/// Rebuilds a replica and its state from a database.
struct ShellRestorer {
    let configuration: ShellConfiguration
    let database: ChainDatabase
    let genesis: Block

    struct Restored {
        let replica: Replica
        let state: ChainState
        let finalHeader: BlockHeader
        let finalBlock: BlockID
    }

    func restore() throws -> Restored {
        var stored = try database.restore()
        if stored.snapshotHeight == nil {
            let records = configuration.spec.genesis.records.map { StateWrite(key: $0.0, value: $0.1) }
            try database.flush(changesUpTo: .zero, records: records.sorted { $0.key < $1.key })
            stored = try database.restore()
        }
        let finalHeader = stored.finalHeader ?? genesis.header
        var recent = RecentTransactions()
        for (height, ids) in grouped(stored.recentTransactions) { recent.add(ids, at: height) }
        let state = ChainState(
            records: stored.records.map { ($0.key, $0.value) }, finalBlock: finalHeader.id, recent: recent)
        guard state.finalRoot == finalHeader.stateRoot else {
            throw ShellHalt(
                reason: "\(configuration.file) is damaged: its records do not have the state root of block "
                    + "\(finalHeader.height); delete it and synchronise again")
        }
        let start = try start(from: stored, finalHeader: finalHeader, state: state)
        var settings = ReplicaConfiguration(
            chain: configuration.spec.id, parameters: configuration.spec.consensus,
            signer: configuration.key, verifier: Ed25519Verifier(),
            jitterSeed: configuration.node.key.bytes.a)
        // A DApp's tickets are bound to block times.
        if configuration.spec.role == .side {
            settings.oldestVoted = configuration.spec.consensus.oldestVoted
        }
        let replica = Replica(settings, from: start)
        return Restored(replica: replica, state: state, finalHeader: finalHeader, finalBlock: finalHeader.id)
    }

    private func start(
        from stored: RestoredChain, finalHeader: BlockHeader, state: ChainState
    ) throws -> ReplicaStart {
        let parameters = configuration.spec.consensus
        let round = parameters.round(of: finalHeader.height.next)
        let rootHeight = Height((round.value - 1) * parameters.roundLength)
        let members = configuration.spec.members(of: round, in: StateView(records: state.records))
        guard let members else {
            throw ShellHalt(reason: "\(configuration.file) does not name the members of round \(round)")
        }
        var start = ReplicaStart(
            finalPoint: point(finalHeader), roundRoot: point(try header(at: rootHeight)), round: round,
            members: members)
        start.finalBlocksOfRound = try database.queries.finalBlocks(
            above: rootHeight, most: Int(parameters.roundLength)
        ).map(\.block)
        start.unfinalBlocks = stored.unfinalBlocks.map(\.block)
        start.journal = stored.journal.compactMap { try? JournalEntry(decoding: $0.bytes) }
        return start
    }

    private func header(at height: Height) throws -> BlockHeader {
        if height == .zero { return genesis.header }
        guard let block = try database.queries.block(at: height) else {
            throw ShellHalt(reason: "\(configuration.file) lacks final block \(height)")
        }
        return block.header
    }

    private func point(_ header: BlockHeader) -> FinalPoint {
        FinalPoint(
            height: header.height, block: header.id, beacon: header.beacon, timestamp: header.timestamp)
    }

    private func grouped(_ list: [IncludedTransaction]) -> [(Height, [TransactionID])] {
        var groups: [(Height, [TransactionID])] = []
        for item in list {
            if groups.last?.0 == item.height {
                groups[groups.count - 1].1.append(item.id)
            } else {
                groups.append((item.height, [item.id]))
            }
        }
        return groups
    }
}
