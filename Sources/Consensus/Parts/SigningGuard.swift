internal import Ledger
internal import Primitives

/// What this member has signed in the rounds that are still open; it decides what may be signed next.
///
/// It is rebuilt from the journal, so a crash never makes a member contradict itself.
struct SigningGuard: Sendable {
    /// What was said in one view.
    struct Said: Sendable {
        let round: Round
        let view: View
        var votes: [Vote] = []
        var proposal: Proposal?

        func has(_ kind: VoteKind) -> Bool { votes.contains { $0.ballot.kind == kind } }
    }

    private var said: [Said] = []
    private let allowsBoth: Bool
    /// Nothing at or below this place is signed any more.
    private var lowWater: (round: Round, view: View)

    init(_ journal: [JournalEntry], from lowWater: (round: Round, view: View), allowsBoth: Bool) {
        self.lowWater = lowWater
        self.allowsBoth = allowsBoth
        for entry in journal where entry.round >= lowWater.round { record(entry) }
    }

    /// True when a vote of this ballot contradicts nothing (`consensus.md` 2).
    func permits(_ ballot: Ballot) -> Bool {
        guard isAboveLowWater(ballot.round, ballot.view) else { return false }
        guard let said = said(in: ballot.round, ballot.view) else { return true }
        guard !said.has(ballot.kind) else { return false }
        switch ballot.kind {
        case .notarize: return true
        case .nullify: return allowsBoth || !said.has(.finalize)
        case .finalize: return allowsBoth || !said.has(.nullify)
        }
    }

    /// True when no block has been proposed in this view.
    func permitsProposal(in round: Round, _ view: View) -> Bool {
        isAboveLowWater(round, view) && proposal(in: round, view) == nil
    }

    func has(_ kind: VoteKind, in round: Round, _ view: View) -> Bool {
        said(in: round, view)?.has(kind) ?? false
    }

    func proposal(in round: Round, _ view: View) -> Proposal? { said(in: round, view)?.proposal }

    /// Own votes of one view, in the order in which they were cast.
    func votes(in round: Round, _ view: View) -> [Vote] { said(in: round, view)?.votes ?? [] }

    /// Own votes of a round, lowest view first.
    func votes(in round: Round) -> [Vote] { said.filter { $0.round == round }.flatMap(\.votes) }

    mutating func record(_ entry: JournalEntry) {
        switch entry {
        case .vote(let vote):
            update(vote.ballot.round, vote.ballot.view) { said in
                if !said.votes.contains(where: { $0.ballot == vote.ballot }) { said.votes.append(vote) }
            }
        case .proposal(let proposal):
            update(proposal.round, proposal.view) { said in said.proposal = said.proposal ?? proposal }
        case .certificate: break
        }
    }

    /// Refuses everything at or below this place from now on, and forgets it.
    mutating func raiseLowWater(to round: Round, _ view: View) {
        lowWater = (round, view)
        said.removeSubrange(..<slot(round, view.next))
    }

    private func isAboveLowWater(_ round: Round, _ view: View) -> Bool {
        round == lowWater.round ? view > lowWater.view : round > lowWater.round
    }

    private func said(in round: Round, _ view: View) -> Said? {
        let index = slot(round, view)
        guard index < said.count, said[index].round == round, said[index].view == view else { return nil }
        return said[index]
    }

    private mutating func update(_ round: Round, _ view: View, _ body: (inout Said) -> Void) {
        let index = slot(round, view)
        if index == said.count || said[index].round != round || said[index].view != view {
            said.insert(Said(round: round, view: view), at: index)
        }
        body(&said[index])
    }

    private func slot(_ round: Round, _ view: View) -> Int {
        var low = 0
        var high = said.count
        while low < high {
            let middle = (low + high) / 2
            let here = said[middle]
            if here.round == round ? here.view < view : here.round < round {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
