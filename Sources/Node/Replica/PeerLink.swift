internal import Consensus
internal import Primitives
internal import Synchronization

/// How a replica's shell reaches the replicas of the same chain on other nodes.
protocol PeerLink: Sendable {
    /// Makes the shell's mailbox reachable; peers that are there already are announced to both sides.
    func join(_ chain: ChainID, as peer: PeerID, mailbox: Mailbox<ShellMessage>)
    /// Takes the mailbox out of reach; the others are told.
    func leave(_ chain: ChainID, as peer: PeerID)
    /// Delivers encoded bytes to one peer, or drops them.
    func send(_ bytes: [UInt8], on chain: ChainID, from: PeerID, to: PeerID)
    /// Delivers encoded bytes to every peer.
    func broadcast(_ bytes: [UInt8], on chain: ChainID, from: PeerID)
}

/// Links nodes that share a process: the same encoded bytes as on a wire, handed over in memory.
final class LocalNetwork: PeerLink {
    // Members in the order in which they joined, so that messages go out in one order.
    private let chains = Mutex<[ChainID: [(peer: PeerID, mailbox: Mailbox<ShellMessage>)]]>([:])

    func join(_ chain: ChainID, as peer: PeerID, mailbox: Mailbox<ShellMessage>) {
        let others = chains.withLock { chains in
            let others = chains[chain, default: []].filter { $0.peer != peer }
            chains[chain] = others + [(peer, mailbox)]
            return others
        }
        for other in others {
            other.mailbox.post(.connected(peer), isUrgent: true)
            mailbox.post(.connected(other.peer), isUrgent: true)
        }
    }

    func leave(_ chain: ChainID, as peer: PeerID) {
        let others = chains.withLock { chains in
            chains[chain]?.removeAll { $0.peer == peer }
            return chains[chain] ?? []
        }
        for other in others { other.mailbox.post(.disconnected(peer), isUrgent: true) }
    }

    func send(_ bytes: [UInt8], on chain: ChainID, from: PeerID, to: PeerID) {
        let target = chains.withLock { $0[chain]?.first { $0.peer == to }?.mailbox }
        target?.post(.frame(from, bytes))
    }

    func broadcast(_ bytes: [UInt8], on chain: ChainID, from: PeerID) {
        let targets = chains.withLock { $0[chain] ?? [] }
        for target in targets where target.peer != from { target.mailbox.post(.frame(from, bytes)) }
    }
}
