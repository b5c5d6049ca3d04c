internal import Ledger
internal import Primitives
internal import Staking

/// The main chain's staking state, now and as it was after earlier blocks.
struct Elections {
    let chain: any ChainQueries
    let snapshot: ChainSnapshot
    let rules: StakingRules
    /// The time that locks are shown at: the node's clock, never before the last block.
    let now: Instant
    private var height: Height
    private var overlay: StateOverlay

    /// The most blocks that are undone to answer a question about the past.
    static let mostUndone: UInt64 = 20_000

    /// The main chain's; refused where members are fixed.
    init(_ call: Call) throws(Refusal) {
        chain = try call.chain()
        snapshot = chain.snapshot
        guard let rules = StakingRules(spec: snapshot.spec) else {
            throw Refusal(
                code: "NO_ELECTIONS",
                message: "the members of this chain are fixed: nobody locks, votes or stands",
                hint: "etm devnet up --name elected --seats 3")
        }
        self.rules = rules
        now = max(call.service.node.time, snapshot.finalHeader.timestamp)
        height = snapshot.finalHeader.height
        overlay = StateOverlay(snapshot.state)
    }

    /// Questions about the state where `rewind` left it.
    var query: StakeQuery<StateOverlay> { StakeQuery(rules: rules, state: overlay) }

    /// The round that the next block belongs to.
    var openRound: Round { rules.round(of: snapshot.finalHeader.height.next) }

    /// The last height before a round.
    func heightBefore(_ round: Round) -> Height {
        let before = round.previous ?? .zero
        return before == .zero ? .zero : snapshot.spec.consensus.lastHeight(of: before)
    }

    /// Undoes final blocks above a height, newest first.
    mutating func rewind(to target: Height) throws(Refusal) {
        guard height > target else { return }
        guard snapshot.finalHeader.height.value - target.value <= Elections.mostUndone else {
            throw notKept("it lies more than \(Elections.mostUndone) blocks back")
        }
        while let below = height.previous, height > target {
            guard let changes = chain.changes(at: height) else {
                throw notKept("what block \(height) changed was pruned here")
            }
            for change in changes.changes where StateTable(rawValue: change.key.table)?.isStaking == true {
                overlay.set(change.key, to: change.old)
            }
            height = below
        }
    }

    private func notKept(_ reason: String) -> Refusal {
        Refusal(
            code: "ROUND_NOT_KEPT", message: "this node cannot go back to that round: \(reason)",
            hint: "ask an earlier one's archive, or for a later round")
    }

    /// A round of the path or the query that has begun.
    func round(_ text: String) throws(Refusal) -> Round {
        if text == "current" { return openRound }
        guard let number = Call.number(text), number > 0 else {
            throw .badRequest("a round is a whole number from 1, or \"current\"")
        }
        guard Round(number) <= openRound else {
            throw .notFound("round \(number) has not begun: round \(openRound) is open")
        }
        return Round(number)
    }

    /// A miner's registered name, else the name by which the node knows the key.
    func name(of key: PublicKey, _ call: Call) -> String? {
        overlay.read(MinerRecord.self, MinerRecord.key(key))?.name ?? call.service.node.memberNames[key]
    }
}

extension StateTable {
    /// True for the tables that staking questions read.
    fileprivate var isStaking: Bool {
        switch self {
        case .staking, .stakes, .voterPages, .miners, .minerPages, .rounds, .settlements: true
        default: false
        }
    }
}
