internal import Ledger
internal import Primitives

/// Messages of the next round, kept until it opens here.
struct FutureMessages: Sendable {
    private var kept: [(peer: PeerID, message: ReplicaMessage)] = []
    private var blocks = 0

    /// Who spoke of the next round last.
    var lastPeer: PeerID? { kept.last?.peer }

    /// Keeps a message, or drops it when there are too many: whoever sent it repeats it.
    mutating func keep(_ message: ReplicaMessage, from peer: PeerID) {
        guard kept.count < ConsensusLimits.futureMessages,
            kept.lazy.filter({ $0.peer == peer }).count < ConsensusLimits.futureMessagesPerPeer
        else { return }
        if case .proposal(_, .some) = message {
            guard blocks < ConsensusLimits.futureBlocks else { return }
            blocks += 1
        }
        kept.append((peer, message))
    }

    /// Hands everything over and starts empty.
    mutating func drain() -> [(peer: PeerID, message: ReplicaMessage)] {
        let all = kept
        self = FutureMessages()
        return all
    }
}
