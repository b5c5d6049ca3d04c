internal import API
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Staking

extension MainChainWindow {
    /// The oldest open tickets of a side chain's state that are decided by a final main-chain block's height.
    ///
    /// It is a function of the state and of the main chain up to that height, so every node and every later replay
    /// finds the same. Nil when this node cannot say it yet.
    func settlements(of state: some StateReader, upTo anchor: Height) -> [TicketSettlement]? {
        var settlements: [TicketSettlement] = []
        for time in DrawTickets.open(in: state) {
            switch draw(after: time, upTo: anchor) {
            case .decided(let draw): settlements.append(TicketSettlement(after: time, draw: draw))
            // Later tickets wait for the same round or a later one.
            case .open: return settlements
            case .unavailable: return nil
            }
        }
        return settlements
    }
}

/// Time towers of the past: of the newest rounds from the state, of older ones from the stored blocks.
extension ChainHost {
    func draw(after time: Instant, upTo anchor: Height) -> DrawAnswer {
        guard let towers = RoundTowers(spec: configuration.spec) else { return .open }
        let state = latest.state
        switch towers.decision(after: time, upTo: anchor, opening: { opening(of: $0, towers, state) }) {
        case .round(let round): return draw(of: round, towers, state).map { .decided($0) } ?? .unavailable
        case .open: return .open
        case .unknown: return .unavailable
        }
    }

    private func opening(of round: Round, _ towers: RoundTowers, _ state: StateView) -> Instant? {
        if let record = state.read(TowerRecord.self, TowerRecord.key(round)) { return record.opened }
        guard let before = round.previous, before.value > 0 else {
            return configuration.spec.genesis.time
        }
        let last = towers.lastHeight(of: before)
        let header = summaries(from: last, most: 1).first?.header
        return header?.height == last ? header?.timestamp : nil
    }

    private func draw(of round: Round, _ towers: RoundTowers, _ state: StateView) -> SettledDraw? {
        if let record = state.read(TowerRecord.self, TowerRecord.key(round)) { return record.draw }
        let last = towers.lastHeight(of: round)
        let values = TowerHistory.beacons(upTo: last, configuration.spec.consensus.roundLength) {
            from, most in
            summaries(from: from, most: most).map(\.header)
        }
        guard let values, let opened = opening(of: round, towers, state),
            let input = TowerInput(values: values, height: last),
            let tower = tower(over: input, profile: towers.profile)
        else { return nil }
        return SettledDraw(output: tower.output, round: round, opened: opened)
    }

    /// A tower for whoever asks about the past; nil while a long one is in work.
    func tower(over input: TowerInput, profile: TowerProfile) -> TimeTower? {
        let thread = configuration.towers
        if let tower = thread.ready(input, profile) { return tower }
        guard profile.totalHashes > TowerProfile.standard.totalHashes * 4 else {
            return thread.tower(over: input, profile: profile)
        }
        thread.begin(input, profile, isUrgent: false)
        return nil
    }
}
