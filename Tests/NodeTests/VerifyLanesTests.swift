import Crypto
import Ledger
import Node
import Primitives
import Synchronization
import Testing

@Suite struct VerifyLanesTests {
    @Test(arguments: 0..<4) func everyPieceIsDoneOnceAndResultsKeepTheirOrder(lanes: Int) {
        let lanes = VerifyLanes(count: lanes)
        let keys = KeyCache()
        let works = (0..<100).map { number in
            let tally = Tally(number)
            return lanes.begin(number) { piece, _ in
                tally.count(piece)
                return (piece, tally)
            }
        }
        for (number, work) in works.enumerated().reversed() {
            let results = work.join(with: keys)
            #expect(results.map(\.0) == Array(0..<number))
            #expect(results.first?.1.counts ?? [] == [Int](repeating: 1, count: number))
        }
    }

    // How often each piece was done.
    private final class Tally: Sendable {
        private let done: Mutex<[Int]>
        init(_ pieces: Int) { done = Mutex([Int](repeating: 0, count: pieces)) }
        func count(_ piece: Int) { done.withLock { $0[piece] += 1 } }
        var counts: [Int] { done.withLock { $0 } }
    }
}

@Suite struct BlockChecksTests {
    private let rules: AdmissionRules
    private let transactions: [SignedTransaction]

    init() throws {
        var pairs: [KeyPair] = []
        for number in 1...4 as ClosedRange<UInt8> {
            var seed = [UInt8](repeating: number, count: 32)
            pairs.append(try #require(KeyPair(seed: SecretBytes(zeroing: &seed))))
        }
        let members = try #require(MemberSet(pairs.map(\.publicKey)))
        let spec = ChainSpec.main(
            consensus: ConsensusParameters(
                leaderRule: .roundRobin, pacing: .interval, roundLength: 4, interval: .seconds(3),
                delta: .seconds(1)),
            genesis: Genesis(time: Instant(milliseconds: 1_000), members: members, balances: []))
        rules = AdmissionRules(spec: spec, registry: TransactionRegistry([TransferHandler(assets: 1)]))
        transactions = (0..<600).map { number in
            let (sender, recipient) = (pairs[number % 4], pairs[(number + 1) % 4])
            let payload = TransferPayload(recipient: recipient.address, amount: Amount(units: 5))
            return Transaction(
                chain: spec.id, kind: .transfer, expiry: Height(10), fee: spec.fees.base,
                salt: UInt64(number), sender: sender.publicKey, payload: payload.encoded
            )
            .signed(by: sender)
        }
    }

    private func block(_ transactions: [SignedTransaction], height: UInt64 = 1) -> Block {
        Block(
            header: BlockHeader(
                chain: .init(Bytes32(1, 2, 3, 4)), height: Height(height), round: Round(1), view: View(1)),
            transactions: transactions)
    }

    private func withBadSignature(at index: Int) throws -> [SignedTransaction] {
        var altered = transactions
        guard case .v1(let transaction, _) = altered[index].content else { return [] }
        altered[index] = SignedTransaction(
            transaction, signature: try #require(altered[index ^ 1].signature))
        return altered
    }

    @Test(arguments: [0, 1, 3]) func aBlockIsJudgedAlikeOnAnyNumberOfLanes(lanes: Int) throws {
        let checks = BlockChecks(rules: rules, lanes: VerifyLanes(count: lanes))
        for count in [0, 1, 255, 256, 257, 600] {
            let good = block(Array(transactions.prefix(count)))
            #expect(try checks.check(good) { _ in false }.map(\.transaction) == good.transactions)
        }
        for index in [0, 255, 256, 599] {
            let bad = block(try withBadSignature(at: index))
            #expect(throws: BlockRejection.transaction(index: index, .badSignature)) {
                try checks.check(bad) { _ in false }
            }
            #expect(try checks.check(bad) { $0 == bad.transactions[index] }.count == 600)
        }
    }

    @Test func aPreparedBlockIsJudgedByItsOwnBody() throws {
        let checks = BlockChecks(rules: rules, lanes: VerifyLanes(count: 1))
        let (good, bad) = (block(transactions), block(try withBadSignature(at: 300)))
        // The id covers the header only, so the two have one.
        #expect(good == bad)
        checks.prepare([bad])
        #expect(try checks.check(good) { _ in false }.count == 600)
        checks.prepare([good])
        #expect(throws: BlockRejection.transaction(index: 300, .badSignature)) {
            try checks.check(bad) { _ in false }
        }
        checks.prepare([bad])
        #expect(throws: BlockRejection.transaction(index: 300, .badSignature)) {
            try checks.check(bad) { _ in true }
        }
    }

    @Test func moreBlocksThanAreCheckedAheadAreCheckedInTheirTurn() throws {
        let checks = BlockChecks(rules: rules, lanes: VerifyLanes(count: 1))
        let blocks = (1...UInt64(BlockChecks.mostPrepared) + 4).map {
            block(Array(transactions.prefix(10)), height: $0)
        }
        checks.prepare(blocks)
        checks.forget(upTo: Height(2))
        checks.prepare(blocks)
        for block in blocks { #expect(try checks.check(block) { _ in false }.count == 10) }
    }
}
