internal import Ledger
internal import Primitives

/// From what was durable back into the protocol.
extension Replica {
    /// Takes blocks and notarisations back; the guard has taken the votes and proposals.
    mutating func restore(_ start: ReplicaStart) {
        for block in start.unfinalBlocks where block.header.height > tree.tip.height {
            _ = tree.insert(block, proposal: nil, isStored: true)
        }
        for entry in start.journal where entry.round == book.round {
            switch entry {
            case .vote(let vote):
                guard vote.ballot.view > book.base.view, let seat = members.seat(of: vote.voter) else {
                    continue
                }
                _ = book.count(vote, seat: seat, verifier: nil)
            case .proposal(let proposal):
                guard proposal.view > book.base.view else { continue }
                tree.setProposal(proposal.block, proposal)
                book.update(proposal.view) { $0.proposals.append(proposal) }
            case .certificate(let certificate):
                guard certificate.ballot.view > book.base.view else { continue }
                if let votes = book.votes(in: certificate, verifier: verifier) {
                    _ = book.countVerified(votes)
                }
            }
        }
    }

    /// Enters the open round's first open view and says again what the journal holds.
    mutating func introduce() {
        pace.enterView(at: clock, gap: 0)
        isDirty = true
        broadcast(.status(status))
        for vote in promises.votes(in: book.round) where vote.ballot.view > book.base.view {
            broadcast(.vote(vote))
            noteSupport(for: vote.ballot, from: nil)
        }
        for ballot in book.ballots(.finalize, atLeast: book.needed(.finalize)) {
            noteSupport(for: ballot, from: nil)
        }
    }
}
