internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives

/// Watches everything that honest nodes finalise and sign.
struct SafetyChecker {
    private var final: [BlockID] = []
    private var roots: [Digest] = []
    private var votes: [Key: [Vote]] = [:]
    private var proposals: [Key: Proposal] = [:]
    private let chain: ChainID
    private let verifier: any SignatureVerifier

    private struct Key: Hashable {
        let signer: PublicKey
        let round: Round
        let view: View
    }

    init(chain: ChainID, verifier: any SignatureVerifier) {
        self.chain = chain
        self.verifier = verifier
    }

    var height: Height { Height(UInt64(final.count)) }

    /// Agreement on the final prefix and one root per height.
    mutating func check(final block: Block) -> SimulationFailure.Kind? {
        let height = block.header.height
        if height.value == UInt64(final.count) + 1 {
            final.append(block.id)
            roots.append(block.header.stateRoot)
            return nil
        }
        let index = Int(height.value) - 1
        guard final.indices.contains(index) else {
            return .broken("height \(height) is final before its parent")
        }
        return final[index] == block.id && roots[index] == block.header.stateRoot ? nil : .fork(height)
    }

    /// No honest key signs two things that conflict, crash or no crash.
    mutating func check(sent message: ReplicaMessage, by signer: PublicKey, node: Int) -> SimulationFailure
        .Kind?
    {
        switch message {
        case .vote(let vote) where vote.voter == signer:
            let key = Key(signer: signer, round: vote.ballot.round, view: vote.ballot.view)
            let earlier = votes[key, default: []]
            guard !earlier.contains(where: { $0.ballot == vote.ballot }) else { return nil }
            guard earlier.allSatisfy({ Evidence($0, vote) == nil }) else { return .contradiction(node: node) }
            votes[key, default: []].append(vote)
        case .proposal(let proposal, _) where proposal.leader == signer:
            let key = Key(signer: signer, round: proposal.round, view: proposal.view)
            if let earlier = proposals[key] {
                return earlier.block == proposal.block ? nil : .contradiction(node: node)
            }
            proposals[key] = proposal
        default: break
        }
        return nil
    }

    /// What is no longer needed to check later messages.
    mutating func forget(below round: Round) {
        votes = votes.filter { $0.key.round >= round }
        proposals = proposals.filter { $0.key.round >= round }
    }
}
