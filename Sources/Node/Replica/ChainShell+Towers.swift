internal import Consensus
internal import Ledger
internal import Primitives
internal import Randomness
internal import Storage

/// Delayed towers between peers: who lacks one is given its checkpoints and checks them faster than it could build it.
extension ChainShell {
    /// Time between two questions for the same tower.
    private static let patience = Instant.Span.seconds(5)

    /// Asks the peers for the tower that keeps a block from being judged.
    func askForTower(before header: BlockHeader) {
        guard let view = state.view(at: header.parent), let need = desk.need(of: header.height, on: view)
        else { return }
        if let wanted = wantedTower, wanted.need == need,
            wanted.asked.advanced(by: ChainShell.patience) > now()
        {
            return
        }
        wantedTower = (need, now())
        do {
            try broadcast(.towerRequest(need.round))
        } catch {
            configuration.observer.log("cannot ask for the tower of round \(need.round): \(error)")
        }
    }

    /// Gives a peer the checkpoints of a tower, if they are at hand.
    func serveTower(of round: Round, to peer: PeerID) throws {
        let last = configuration.spec.consensus.lastHeight(of: round)
        guard last <= finalHeader.height else { return }
        let tower = desk.finished(round) { [database] from, most in
            ((try? database.queries.summaries(from: from, most: most)) ?? []).map(\.header)
        }
        if let tower { try send(.tower(round, tower), to: peer) }
    }

    /// Takes the checkpoints that were asked for, the first that come; what nobody asked for is left aside.
    func takeTower(_ tower: TimeTower, of round: Round, from peer: PeerID) {
        guard let wanted = wantedTower, wanted.need.round == round else { return }
        wantedTower = nil
        desk.take(tower, for: wanted.need) { [observer = configuration.observer, mailbox] rejection in
            if let rejection {
                observer.log("\(peer.hex.prefix(8)) sent a false tower of round \(round): \(rejection)")
            }
            mailbox.post(.mainAdvanced)
        }
    }
}
