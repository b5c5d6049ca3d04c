internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Synchronization

/// The hash onions of a member's key: opens the one that the chain's state goes by, and keeps it open.
final class OnionShelf: Sendable {
    private struct Contents {
        var generation: UInt32 = 0
        var onion: HashOnion?
        // A layer that is of no onion of this key: looking for it again would find nothing again.
        var foreign: Digest?
    }

    private let key: KeyPair
    private let contents: Mutex<Contents>

    /// The onions of a key; the first one may be open already.
    init(_ key: KeyPair, first: HashOnion?) {
        self.key = key
        contents = Mutex(Contents(onion: first))
    }

    /// The layer whose hash is the head's; nil when the anchor is of no onion of this key, or used up.
    func reveal(after head: OnionHead) -> Digest? {
        contents.withLock { contents in
            if let layer = contents.onion.flatMap({ Self.reveal($0, after: head) }) { return layer }
            guard contents.foreign != head.layer else { return nil }
            // A new anchor is almost always the next one's.
            for step in 1...AccountOnion.most {
                let generation = (contents.generation + step) % AccountOnion.most
                guard let onion = AccountOnion.onion(of: key, generation: generation),
                    let layer = Self.reveal(onion, after: head)
                else { continue }
                contents.generation = generation
                contents.onion = onion
                return layer
            }
            contents.foreign = head.layer
            return nil
        }
    }

    private static func reveal(_ onion: HashOnion, after head: OnionHead) -> Digest? {
        guard let layer = onion.reveal(at: head.revealed), SHA256.hash(layer) == head.layer else {
            return nil
        }
        return Digest(layer)
    }
}
