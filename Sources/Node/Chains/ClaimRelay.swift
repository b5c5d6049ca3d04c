internal import API
internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Synchronization

/// Brings proved withdrawals of a side chain to the main chain, as every honest validator's node does.
///
/// Everything follows from the two chains' final states, so nothing is lost in a crash. The validators
/// take turns: the first try falls to seat (sequence mod n), and each further seat waits a few blocks longer.
final class ClaimRelay: Sendable {
    private struct Progress: Sendable {
        /// Every withdrawal below this is paid.
        var firstUnpaid: UInt64 = 0
        /// The main-chain height at which this node brought a withdrawal last.
        var brought: [UInt64: Height] = [:]
        /// The main-chain height at which this node first saw a withdrawal unpaid.
        var seen: [UInt64: Height] = [:]
    }

    private let key: KeyPair
    private let log: @Sendable (String) -> Void
    private let progress = Mutex<[ChainID: Progress]>([:])

    /// Withdrawals that are looked at each time.
    private static let most = 64
    /// Main-chain blocks that each further seat waits, and that a bringer waits before it tries again.
    private static let patience: UInt64 = 4

    init(key: KeyPair, log: @escaping @Sendable (String) -> Void) {
        self.key = key
        self.log = log
    }

    /// Looks for unpaid final withdrawals of a side chain and brings those that are this node's turn.
    func update(side: ChainHost, main: ChainHost) {
        let sideNow = side.snapshot
        let mainNow = main.snapshot
        guard let seat = sideNow.members.seat(of: key.publicKey) else { return }
        let chain = sideNow.spec.id
        let next = Outbox.next(in: sideNow.state)
        for sequence in unpaid(of: chain, below: next, in: mainNow.state) {
            guard
                isMyTurn(
                    chain, sequence, seat: seat, of: sideNow.members.count, at: mainNow.finalHeader.height),
                let entry = sideNow.state.read(Outbox.Entry.self, Outbox.key(sequence)),
                let proof = ProofBuilder(side: side).proof(of: entry)
            else { continue }
            submit(ClaimPayload(chain: chain, proof: proof), sequence, main: main, now: mainNow)
        }
    }

    private func unpaid(of chain: ChainID, below next: UInt64, in main: StateView) -> [UInt64] {
        progress.withLock { all in
            var mine = all[chain, default: Progress()]
            while mine.firstUnpaid < next, main.value(for: Escrow.paidKey(chain, mine.firstUnpaid)) != nil {
                mine.brought[mine.firstUnpaid] = nil
                mine.seen[mine.firstUnpaid] = nil
                mine.firstUnpaid += 1
            }
            all[chain] = mine
            let last = min(next, mine.firstUnpaid + UInt64(ClaimRelay.most))
            return (mine.firstUnpaid..<max(last, mine.firstUnpaid)).filter {
                main.value(for: Escrow.paidKey(chain, $0)) == nil
            }
        }
    }

    private func isMyTurn(
        _ chain: ChainID, _ sequence: UInt64, seat: Int, of count: Int, at height: Height
    ) -> Bool {
        progress.withLock { all in
            var mine = all[chain, default: Progress()]
            let seen = mine.seen[sequence] ?? height
            mine.seen[sequence] = seen
            let turn = (UInt64(seat) + UInt64(count) - sequence % UInt64(count)) % UInt64(count)
            let isDue = height.value >= seen.value + turn * ClaimRelay.patience
            let isFresh =
                mine.brought[sequence].map { height.value >= $0.value + ClaimRelay.patience } ?? true
            if isDue, isFresh { mine.brought[sequence] = height }
            all[chain] = mine
            return isDue && isFresh
        }
    }

    private func submit(_ claim: ClaimPayload, _ sequence: UInt64, main: ChainHost, now: ChainSnapshot) {
        let transaction = Transaction(
            chain: now.spec.id, kind: .claim, expiry: Height(now.finalHeader.height.value + 100),
            fee: now.spec.fees.base, salt: sequence, sender: key.publicKey, payload: claim.encoded)
        main.submit(transaction.signed(by: key)) { [log] result in
            if case .failure(let refusal) = result, refusal.code != "DUPLICATE",
                refusal.code != "ALREADY_PAID"
            {
                log("withdrawal \(sequence) was not taken: \(refusal.message)")
            }
        }
    }
}

/// Gathers the proof of a final withdrawal from a side chain's database.
struct ProofBuilder {
    let side: ChainHost

    /// The proof, or nil while the certificate that covers the withdrawal is not stored yet.
    func proof(of entry: Outbox.Entry) -> WithdrawalProof? {
        guard let first = side.finalBlock(at: entry.height), let certificate = first.certificate else {
            return nil
        }
        var headers = [first.block.header]
        while headers.last?.id != certificate.ballot.block {
            guard headers.count < WithdrawalProof.mostHeaders, let last = headers.last,
                let next = side.finalBlock(at: last.height.next)
            else { return nil }
            headers.append(next.block.header)
        }
        let messages = outbox(around: entry)
        guard let index = messages.firstIndex(of: entry.message) else { return nil }
        let tree = MerkleTree(of: messages.map(\.encoded))
        guard let path = tree.proof(at: index) else { return nil }
        return WithdrawalProof(
            headers: headers, certificate: certificate, message: entry.message,
            position: WithdrawalProof.Position(
                index: UInt32(index), count: UInt32(messages.count), tree: tree.root, path: path))
    }

    // A block's messages have consecutive numbers; the block's transactions bound how many there are.
    private func outbox(around entry: Outbox.Entry) -> [OutboxMessage] {
        let state = side.snapshot.state
        let most = UInt64(side.snapshot.spec.limits.transactions)
        var first = entry.message.sequence
        while first > 0, entry.message.sequence - first < most,
            state.read(Outbox.Entry.self, Outbox.key(first - 1))?.height == entry.height
        { first -= 1 }
        var messages: [OutboxMessage] = []
        while let next = state.read(Outbox.Entry.self, Outbox.key(first + UInt64(messages.count))),
            next.height == entry.height
        { messages.append(next.message) }
        return messages
    }
}
