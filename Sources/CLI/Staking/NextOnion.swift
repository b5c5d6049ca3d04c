internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Randomness
internal import Staking

/// The hash onion that a miner announces next.
enum NextOnion {
    /// The anchor of the key's first onion that was never announced, going by what the node says of the miner.
    static func anchor(of key: KeyPair, known miner: JSONValue?) throws(CommandFailure) -> Digest {
        let generation = miner.map { last(of: key, $0["onion"] ?? [:]) + 1 } ?? 0
        guard let onion = AccountOnion.onion(of: key, generation: UInt32(generation)) else {
            throw CommandFailure(
                "NO_ONION_LEFT", "the key has announced all its \(AccountOnion.most) hash onions",
                hint: "etm account new --name ANOTHER", exit: .refused)
        }
        return Digest(onion.anchor)
    }

    // The number of the last onion in the chain's state, or -1 when none of them is this key's.
    private static func last(of key: KeyPair, _ state: JSONValue) -> Int {
        let layer = state["layer"]?.string.flatMap { Digest(hex: $0) }
        let revealed = state["revealed"]?.uint64 ?? 0
        var wanted = (state["pending"]?.array ?? []).compactMap {
            $0["anchor"]?.string.flatMap { Digest(hex: $0) }
        }
        var isHeadFound = layer == nil
        var last = -1
        for number in 0..<AccountOnion.most where !isHeadFound || !wanted.isEmpty {
            guard let onion = AccountOnion.onion(of: key, generation: number) else { break }
            if let layer, reveals(onion, layer, revealed) {
                isHeadFound = true
                last = max(last, Int(number))
            }
            let anchor = Digest(onion.anchor)
            if wanted.contains(anchor) {
                wanted.removeAll { $0 == anchor }
                last = max(last, Int(number))
            }
        }
        return last
    }

    private static func reveals(_ onion: HashOnion, _ layer: Digest, _ revealed: UInt64) -> Bool {
        if revealed == 0 { return Digest(onion.anchor) == layer }
        return onion.reveal(at: revealed - 1).map { Digest($0) } == layer
    }
}

/// The small, certain price of a registration.
enum HashingTest {
    /// What passed: the block that the test names, the nonce and how many bits it was for.
    struct Result {
        let block: BlockID
        let nonce: UInt64
        let bits: UInt8
    }

    // Small enough that a spinner moves; an interruption ends the program at once.
    private static let step: UInt64 = 1 << 16

    /// Searches a nonce for the last final block.
    static func pass(
        by miner: PublicKey, _ staking: StakingView, _ session: Session
    ) throws(CommandFailure) -> Result {
        guard let block = staking.chain.data["finalBlock"]?.string.flatMap({ BlockID(hex: $0) }),
            let bits = staking.rules["registrationBits"]?.uint64.flatMap({ UInt8(exactly: $0) }),
            bits <= LightWork.mostBits + 4
        else { throw .bug("the node did not say what the hashing test is about") }
        let bytes = RegisterMinerPayload.workBytes(block: block, miner: miner)
        var start: UInt64 = 0
        while start < UInt64.max - step {
            if let nonce = LightWork.search(bytes, bits: bits, nonces: start..<start + step) {
                return Result(block: block, nonce: nonce, bits: bits)
            }
            start += step
            session.terminal.spin("hashing test of \(bits) bits · \(start.grouped) nonces")
        }
        throw .bug("no nonce passes the hashing test")
    }
}
