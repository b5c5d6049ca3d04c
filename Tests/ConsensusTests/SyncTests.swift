import Consensus
import Ledger
import Primitives
import TestKit
import Testing

/// A store that knows a chain of final blocks and a finalisation for some of them.
private struct Archive: FinalBlockArchive {
    var blocks: [Block] = []
    var finality: [(height: Height, certificate: Certificate)] = []

    func finalBlock(at height: Height) -> Block? {
        height.value >= 1 && height.value <= UInt64(blocks.count) ? blocks[Int(height.value) - 1] : nil
    }

    func finality(atOrAbove height: Height) -> Certificate? {
        finality.first { $0.height >= height }?.certificate
    }
}

@Suite struct SyncTests {
    /// A chain of `count` blocks in rounds of `roundLength`, every `every`-th and every last one finalised.
    private func archive(_ count: UInt64, roundLength: UInt64, every: UInt64 = 1) -> Archive {
        var script = Script(seat: nil, roundLength: roundLength)
        var archive = Archive()
        var parent = script.root
        for height in 1...count {
            script.round = script.parameters.round(of: Height(height))
            let view = (height - 1) % roundLength + 1
            let block = script.block(view: view, on: parent, parentView: view - 1)
            archive.blocks.append(block)
            if height % every == 0 || view == roundLength {
                let certificate = script.certificate(.finalize, view: view, block.id, by: [0, 1, 2])
                archive.finality.append((Height(height), certificate))
            }
            parent = FinalPoint(block)
        }
        return archive
    }

    private func ahead(_ height: UInt64) -> ReplicaMessage {
        .status(Status(round: Round(1), view: View(1), finalHeight: Height(height), finalBlock: .zero))
    }

    /// Runs a replica that knows nothing until it has everything that the archive serves.
    private func caughtUp(_ archive: Archive, roundLength: UInt64) -> Script {
        var script = Script(seat: nil, roundLength: roundLength)
        script.now = script.now.advanced(by: .seconds(10_000))
        script.step(.started)
        var pending = script.receive(ahead(UInt64(archive.blocks.count)))
        for _ in 0..<1_000 where !pending.isEmpty {
            let effects = pending
            pending = []
            for effect in effects {
                switch effect {
                case .send(_, .rangeRequest(let request)):
                    pending += script.receive(.range(BlockRange(answering: request, from: archive)))
                case .openRound(let round, _): pending += script.step(.roundOpened(round, script.members))
                default: break
                }
            }
        }
        return script
    }

    @Test(arguments: [1, 3, 200] as [UInt64])
    func aReplicaCatchesUpRoundByRound(roundLength: UInt64) {
        let archive = archive(150, roundLength: roundLength)
        let script = caughtUp(archive, roundLength: roundLength)
        #expect(script.log.finalized == archive.blocks.map(\.id))
        #expect(script.log.faults.isEmpty)
    }

    @Test func blocksThatAFarFinalisationProvesComeWithTheHeadersBetween() throws {
        let archive = archive(100, roundLength: 100, every: 100)
        let range = BlockRange(answering: RangeRequest(first: Height(1)), from: archive)
        #expect(range.segments.map(\.blocks.count) == [64])
        #expect(range.segments.map(\.link.count) == [36])
        #expect(try BlockRange(decoding: range.encoded) == range)
        #expect(caughtUp(archive, roundLength: 100).log.finalized == archive.blocks.map(\.id))
    }

    @Test func anAnswerHasAtMostSixtyFourBlocks() {
        let range = BlockRange(
            answering: RangeRequest(first: Height(5)), from: archive(90, roundLength: 3))
        #expect(range.segments.reduce(0) { $0 + $1.blocks.count } == 64)
        #expect(range.segments.first?.blocks.first?.header.height == Height(5))
    }

    @Test func whatIsNotThereIsAnsweredWithNothing() {
        let archive = archive(3, roundLength: 3)
        #expect(BlockRange(answering: RangeRequest(first: Height(4)), from: archive).segments.isEmpty)
        #expect(BlockRange(answering: RangeRequest(first: .zero), from: archive).segments.isEmpty)
    }

    @Test func aRangeWithoutProofIsRefusedAndItsPeerPenalised() throws {
        let archive = archive(3, roundLength: 3)
        let good = BlockRange(answering: RangeRequest(first: Height(1)), from: archive)
        let segment = try #require(good.segments.first)
        let forged = Script(seat: nil).certificate(
            .finalize, view: 9, segment.certificate.ballot.block, by: [0, 1])
        let segments = [
            RangeSegment(blocks: segment.blocks, link: [], certificate: forged),
            RangeSegment(blocks: Array(archive.blocks[1...1]), link: [], certificate: segment.certificate),
            RangeSegment(
                blocks: Array(archive.blocks.reversed()), link: [], certificate: segment.certificate),
        ]
        for bad in segments {
            var script = Script(seat: nil, roundLength: 3)
            script.step(.started)
            script.receive(ahead(3))
            let effects = script.receive(.range(BlockRange(first: Height(1), segments: [bad])))
            #expect(effects.faults == [.badRange])
            #expect(effects.finalized.isEmpty)
        }
    }

    @Test func aRangeThatNobodyAskedForIsIgnored() {
        let archive = archive(3, roundLength: 3)
        var script = Script(seat: nil, roundLength: 3)
        script.step(.started)
        let range = BlockRange(answering: RangeRequest(first: Height(1)), from: archive)
        #expect(script.receive(.range(range)).finalized.isEmpty)
    }

    @Test func aSilentPeerIsReplacedByAnother() {
        var script = Script(seat: nil)
        script.step(.started)
        script.receive(ahead(5), from: 1)
        script.receive(ahead(5), from: 2)
        let effects = script.wait(200)
        #expect(effects.faults == [.unanswered])
        let asked = effects.compactMap { effect -> PeerID? in
            if case .send(let peer, .rangeRequest) = effect { peer } else { nil }
        }
        #expect(asked == [Script.peer(2)])
    }

    @Test func aPeerThatIsBehindIsShownTheLastFinalisation() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        let effects = script.receive(ahead(0), from: 7)
        let shown = effects.sent.contains {
            if case .certificate(let certificate) = $0 { certificate.ballot.kind == .finalize } else { false }
        }
        #expect(shown)
        #expect(script.receive(ahead(0), from: 7).sent.isEmpty)
    }

    @Test func aPeerInAnEarlierViewIsShownWhatAdmittedUs() {
        var script = Script(seat: 0)
        script.step(.started)
        script.nullify(1)
        let effects = script.receive(ahead(0), from: 7)
        #expect(effects.sent == [.certificate(script.certificate(.nullify, view: 1, by: [1, 2, 3]))])
    }

    @Test func missingCertificatesOfPastViewsAreAskedForAndServed() {
        var script = Script(seat: 0)
        script.step(.started)
        script.receive(.certificate(script.certificate(.nullify, view: 3, by: [1, 2, 3])))
        let asked = script.log.sent.compactMap { message -> CertificateRequest? in
            if case .certificateRequest(let request) = message { request } else { nil }
        }
        #expect(asked == [CertificateRequest(round: Round(1), first: View(1), last: View(3))])
        let request = CertificateRequest(round: Round(1), first: View(1), last: View(9))
        let served = script.receive(.certificateRequest(request)).sent
        #expect(served == [.certificates([script.certificate(.nullify, view: 3, by: [1, 2, 3])])])
    }

    @Test func unfinalBlocksAreServedFromMemoryAndFinalOnesFromTheStore() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        let effects = script.receive(.blockRequest([block.id, script.root.block]))
        #expect(effects.sent.count == 1)
        let forwarded = effects.contains {
            if case .serveBlocks(_, let ids) = $0 { ids == [script.root.block] } else { false }
        }
        #expect(forwarded)
        let ranges = script.receive(.rangeRequest(RangeRequest(first: Height(1)))).names
        #expect(ranges.contains("serveRange"))
    }

    @Test func aBlockThatWasAskedForIsAskedForAgainAndThenForgotten() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(.certificate(script.certificate(.finalize, view: 1, block.id, by: [1, 2, 3])))
        #expect(script.wait(200).requestedBlocks == [block.id])
        script.receive(.block(block, nil))
        #expect(script.log.finalized == [block.id])
        #expect(script.wait(10_000).requestedBlocks.isEmpty)
    }
}
