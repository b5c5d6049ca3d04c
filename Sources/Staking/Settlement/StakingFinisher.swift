internal import Ledger
internal import Primitives
internal import Randomness

/// Ends every block: notes the turn, releases what is due, pays settled bonus, and settles a finished round.
struct StakingFinisher: BlockFinisher {
    let rules: StakingRules
    let towers: any TowerSource

    func finish(_ block: BlockContext, state: inout StateOverlay) throws(ExecutionError) {
        let round = rules.round(of: block.height)
        guard let turn = block.turn else { throw .notAllowed("the block's turn is not known") }
        guard let record = rules.record(of: round, in: state) else {
            throw .notAllowed("the state does not name the members of round \(round)")
        }
        try note(turn, of: block, record.members, in: &state)
        try Releases.pay(at: block.time, in: &state)
        try BonusPayments.pay(at: block.height, roundLength: rules.consensus.roundLength, in: &state)
        guard block.height == rules.consensus.lastHeight(of: round) else { return }
        var settlement = try Settlement(rules: rules, round: round, record: record, block: block, in: state)
        let beacon = try rules.towers.close(round, in: block, source: towers, state: &state)
        try settlement.run(beacon: beacon, in: &state)
    }

    private func note(
        _ turn: BlockContext.Turn, of block: BlockContext, _ members: MemberSet, in state: inout StateOverlay
    ) throws(ExecutionError) {
        guard let seat = members.seat(of: block.leader) else {
            throw .notAllowed("the leader is no member of its round")
        }
        let missed = Turns.missed(parentView: turn.parentView, view: turn.view).map { view in
            UInt16(
                Turns.seat(
                    rules.consensus.leaderRule, view: View(view), height: block.height,
                    beacon: turn.parentBeacon, members: members.count))
        }
        let note = TurnRecord(
            height: block.height, parent: turn.parent, time: block.time, seats: (UInt16(seat), missed),
            beacon: turn.beacon)
        state.write(TurnRecord.key(block.height, roundLength: rules.consensus.roundLength), note)
    }
}

/// Settled bonus on its way to accounts.
///
/// A settlement may owe something to every voter there is. Writing all their balances at once would cost the
/// last block of a round far more than any other, so each block of the next round pays a part of the pages.
enum BonusPayments {
    static func pay(
        at height: Height, roundLength: UInt64, in state: inout StateOverlay
    ) throws(ExecutionError) {
        let pages = Paging.pages(for: StakingState(in: state).voters)
        let step = (height.value - 1) % roundLength
        var page = step
        while page < pages {
            try pay(UInt32(page), in: &state)
            // No chain has that many pages, and the sum fits however long a round is.
            page += min(roundLength, UInt64(UInt32.max))
        }
    }

    private static func pay(_ page: UInt32, in state: inout StateOverlay) throws(ExecutionError) {
        let key = VoterPage.key(page)
        guard var voters = state.read(VoterPage.self, key) else { return }
        var sum = Amount.zero
        for index in voters.voters.indices where voters.voters[index].due != .zero {
            let due = voters.voters[index].due
            try Bank.credit(due, to: voters.voters[index].address, in: &state)
            guard let more = sum.adding(due) else { throw .overflow }
            sum = more
            voters.voters[index].due = .zero
        }
        guard sum != .zero else { return }
        try Vault.bonus.take(sum, in: &state)
        state.set(key, to: voters.bytes)
    }
}
