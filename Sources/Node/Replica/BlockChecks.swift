internal import Crypto
package import Ledger
package import Primitives

/// Forms and signatures of blocks: on the chain's thread when there is little to do, else on the lanes too.
///
/// Belongs to the chain's thread. Bound: `mostPrepared` blocks are checked ahead of their execution.
package final class BlockChecks {
    private typealias Piece = Result<[CheckedTransaction], BlockRejection>

    private let rules: AdmissionRules
    private let lanes: VerifyLanes
    // Remembers busy senders, as each lane does.
    private let keys = KeyCache()
    private var prepared: [(block: Block, work: LaneWork<Piece>)] = []

    /// Blocks that are checked ahead at the same time.
    package static let mostPrepared = 16
    // Two sums of 128 signatures: less is not worth another thread.
    private static let pieceSize = 256

    /// Checks by a chain's rules, with the help of these lanes.
    package init(rules: AdmissionRules, lanes: VerifyLanes = .shared) {
        self.rules = rules
        self.lanes = lanes
    }

    /// Those of some transactions whose form and signature are right.
    package func passing(_ transactions: [SignedTransaction]) -> [CheckedTransaction] {
        rules.passing(transactions, verifier: keys)
    }

    /// Begins to check blocks that will soon be executed; what does not fit is checked when its turn comes.
    package func prepare(_ blocks: [Block]) {
        for block in blocks where !block.transactions.isEmpty {
            guard prepared.count < BlockChecks.mostPrepared else { return }
            guard !prepared.contains(where: { $0.block == block }) else { continue }
            let open = [Bool](repeating: true, count: block.transactions.count)
            prepared.append((block, begin(block.transactions, open)))
        }
    }

    /// Checks a block's transactions; `isVerified` tells whose signatures are known to hold.
    package func check(
        _ block: Block, isVerified: (SignedTransaction) -> Bool
    ) throws(BlockRejection) -> [CheckedTransaction] {
        if let index = prepared.firstIndex(where: { $0.block == block }) {
            let (other, work) = prepared.remove(at: index)
            // A header fits one body only, but what was prepared may have had a false one.
            if other.transactions == block.transactions { return try gather(work) }
        }
        let open = block.transactions.map { !isVerified($0) }
        guard open.count(where: { $0 }) > BlockChecks.pieceSize else {
            return try rules.check(block.transactions, verifier: keys, isVerified: isVerified)
        }
        return try gather(begin(block.transactions, open))
    }

    /// Forgets what was prepared for blocks up to the final one.
    package func forget(upTo height: Height) { prepared.removeAll { $0.block.header.height <= height } }

    private func begin(_ transactions: [SignedTransaction], _ open: [Bool]) -> LaneWork<Piece> {
        let size = BlockChecks.pieceSize
        return lanes.begin((transactions.count + size - 1) / size) { [rules] number, keys in
            let range = number * size..<min((number + 1) * size, transactions.count)
            return rules.check(transactions[range], open[range], with: keys)
        }
    }

    // The first piece that is wrong decides, as if one thread had gone through them.
    private func gather(_ work: LaneWork<Piece>) throws(BlockRejection) -> [CheckedTransaction] {
        var checked: [CheckedTransaction] = []
        for piece in work.join(with: keys) { checked += try piece.get() }
        return checked
    }
}

extension AdmissionRules {
    /// Checks a part of a block; a rejection names the index in the block.
    fileprivate func check(
        _ transactions: ArraySlice<SignedTransaction>, _ open: ArraySlice<Bool>, with keys: KeyCache
    ) -> Result<[CheckedTransaction], BlockRejection> {
        var next = open.startIndex
        do throws(BlockRejection) {
            return .success(
                try check(Array(transactions), verifier: keys) { _ in
                    next += 1
                    return !open[next - 1]
                })
        } catch {
            guard case .transaction(let index, let rejection) = error else { return .failure(error) }
            return .failure(.transaction(index: transactions.startIndex + index, rejection))
        }
    }
}
