internal import Crypto
internal import Ledger
internal import Node
internal import Primitives

/// The transfer pipeline on two cores against the same on one, in time that passes for everyone.
///
/// A second thread checks forms and signatures of the next block while the first executes; the first
/// helps when it has to wait, so neither is idle while there is work for it.
struct TransferLanes: Benchmark {
    // The first is checked before anything is executed and the last executed when nothing is left to check,
    // so a short run would measure its ends.
    private let blocks = 12
    private let ahead = 2
    private let perBlock = 3_000
    private let piece = 256

    var name: String { "transfer.core2.overCore1" }

    private struct Take {
        var wall = 0.0
        // CPU time of the executing thread, and of all.
        var first = 0.0
        var all = 0.0
        var busiest: Double { max(first, all - first) }
    }

    private struct Sample {
        var one = Take()
        var two = Take()
    }

    /// Measures both in turns.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("transfer pipeline, two cores against one, \(perBlock) transfers a block")
        var chain = try TransferChain(accounts: 100_000)
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var node = try TransferNode(chain, in: folder)
        let keys = KeyCache()
        let lanes = [VerifyLanes(count: 0), VerifyLanes(count: 1)]
        // All caches meet the senders twice.
        for turn in 0..<4 { _ = try take(&chain, &node, keys, lanes[turn % 2]) }
        let outcome = try options.bench.measure {
            var sample = Sample()
            sample.one = try take(&chain, &node, keys, lanes[0])
            sample.two = try take(&chain, &node, keys, lanes[1])
            return sample
        }
        let count = Double(blocks * perBlock)
        report.line(
            "transfers/s on one core".left(34) + outcome.spread { count / $0.one.wall }.text(decimals: 0))
        report.line("transfers/s on two".left(34) + outcome.spread { count / $0.two.wall }.text(decimals: 0))
        report.line("cores in use".left(34) + outcome.spread { $0.two.all / $0.two.wall }.text(decimals: 2))
        report.line(outcome.note)
        let ratio = outcome.spread { $0.one.wall / $0.two.wall }
        let limit = outcome.spread { $0.one.all / $0.two.busiest }
        report.line(
            "CPU of one / of the busier of two".left(34) + limit.text(decimals: 3)
                + "  (the most on idle cores)")
        report.line("ratio".left(34) + ratio.text(decimals: 3))
        report.add(Figure(name: name, value: ratio.median, unit: "x", bar: .least(1.6)))
    }

    // The time from the bytes of the blocks to their final state.
    private func take(
        _ chain: inout TransferChain, _ node: inout TransferNode, _ keys: KeyCache, _ lanes: VerifyLanes
    ) throws -> Take {
        let received = (0..<blocks).map { _ in chain.block(transfers: perBlock) }
        let start = (Clock.wall, Clock.thread, Clock.process)
        var begun: [(block: Block, work: LaneWork<Piece>)] = []
        for index in received.indices {
            // Begun before the wait, so that the lane does not run dry.
            while begun.count < min(received.count, index + 1 + ahead) {
                begun.append(try begin(received[begun.count], node.rules, lanes))
            }
            let (block, work) = begun[index]
            var checked: [CheckedTransaction] = []
            checked.reserveCapacity(block.transactions.count)
            for piece in work.join(with: keys) { checked += try piece.get() }
            let executed = try node.execute(block, checked)
            try node.compareRoots(block, executed)
            try node.stage(block, executed)
            try node.persist(block, executed, certificate: chain.certificate(of: block))
            node.finalise(block)
        }
        return Take(
            wall: Clock.wall - start.0, first: Clock.thread - start.1, all: Clock.process - start.2)
    }

    private typealias Piece = Result<[CheckedTransaction], BlockRejection>

    private func begin(
        _ bytes: [UInt8], _ rules: AdmissionRules, _ lanes: VerifyLanes
    ) throws -> (Block, LaneWork<Piece>) {
        let block = try Block(decoding: bytes)
        let (transactions, size) = (block.transactions, piece)
        let work = lanes.begin((transactions.count + size - 1) / size) { number, keys in
            Piece { () throws(BlockRejection) in
                let part = transactions[number * size..<min((number + 1) * size, transactions.count)]
                return try rules.check(Array(part), verifier: keys)
            }
        }
        return (block, work)
    }
}
