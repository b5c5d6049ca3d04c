import Crypto
import Ledger
import Primitives
import Testing

private func build(_ records: [(StateKey, [UInt8])]) -> ChainState {
    ChainState(records: records, finalBlock: .zero)
}

private func records(_ count: UInt64) -> [(StateKey, [UInt8])] {
    (0..<count).map { (stateKey($0), [UInt8](repeating: UInt8($0 & 255), count: Int($0 % 5) + 1)) }
}

@Suite struct StateProofTests {
    @Test func theEmptyStateHasRootZeroAndProvesEveryAbsence() {
        let state = build([])
        #expect(state.finalRoot == .zero)
        let proof = state.finalProof(of: stateKey(1))
        #expect(proof.siblings.isEmpty && proof.leaf == nil)
        #expect(proof.verify(nil, at: stateKey(1), root: .zero))
        #expect(!proof.verify([], at: stateKey(1), root: .zero))
    }

    @Test func aLoneRecordIsItsOwnRootAndDeniesOthers() {
        let state = build([(stateKey(1), [7])])
        let proof = state.finalProof(of: stateKey(1))
        #expect(proof.siblings.isEmpty)
        #expect(proof.verify([7], at: stateKey(1), root: state.finalRoot))
        let other = state.finalProof(of: stateKey(2))
        #expect(other.leaf == proof.leaf)
        #expect(other.verify(nil, at: stateKey(2), root: state.finalRoot))
        #expect(!other.verify(nil, at: stateKey(1), root: state.finalRoot))
    }

    @Test(arguments: [2, 3, 17, 300] as [UInt64])
    func everyRecordIsProvedAndNoOtherValue(count: UInt64) {
        let all = records(count)
        let state = build(all)
        for (key, value) in all {
            let proof = state.finalProof(of: key)
            #expect(proof.verify(value, at: key, root: state.finalRoot))
            #expect(!proof.verify(nil, at: key, root: state.finalRoot))
            #expect(!proof.verify(value + [0], at: key, root: state.finalRoot))
            #expect(!proof.verify(value, at: stateKey(count), root: state.finalRoot))
        }
    }

    @Test func absenceIsProvedByAnEmptyPathAndByAnotherLeaf() {
        let state = build(records(40))
        var empty = 0
        var other = 0
        for number in 40..<140 as Range<UInt64> {
            let proof = state.finalProof(of: stateKey(number))
            #expect(proof.verify(nil, at: stateKey(number), root: state.finalRoot))
            #expect(!proof.verify([0], at: stateKey(number), root: state.finalRoot))
            if proof.leaf == nil { empty += 1 } else { other += 1 }
        }
        #expect(empty > 0 && other > 0)
    }

    @Test func aProofOfAbsenceDoesNotServeAKeyWhosePathLeavesIt() {
        let state = build(records(40))
        var served = 0
        for number in 40..<80 as Range<UInt64> {
            let proof = state.finalProof(of: stateKey(number))
            for stored in 0..<40 as Range<UInt64> {
                if proof.verify(nil, at: stateKey(stored), root: state.finalRoot) { served += 1 }
            }
        }
        #expect(served == 0)
    }

    @Test func aRootThatMisplacesALeafProvesNoAbsenceThroughIt() throws {
        let path = HashTag("ETM/state-key/1").hash(stateKey(1).bytes).bytes
        let elsewhere = (0..<99 as Range<UInt64>).map { digest($0).bytes }
        for leaf in elsewhere {
            let hash = HashTag("ETM/state-leaf/1").hash(leaf, digest(7).bytes)
            let (left, right) = path.bit(0) ? (digest(8), hash) : (hash, digest(8))
            let root = HashTag("ETM/state-node/1").hash(left.bytes, right.bytes)
            var writer = ByteWriter()
            writer.write(list: [digest(8)])
            writer.write(true)
            writer.write(leaf)
            writer.write(digest(7))
            let proof = try StateProof(decoding: writer.bytes)
            #expect(proof.verify(nil, at: stateKey(1), root: root) == (leaf.bit(0) == path.bit(0)))
        }
    }

    @Test(arguments: [3, 50] as [UInt64])
    func everyAlteredByteOfAProofIsRefused(number: UInt64) throws {
        let state = build(records(20))
        let value = number < 20 ? records(20)[Int(number)].1 : nil
        let bytes = state.finalProof(of: stateKey(number)).encoded
        for position in bytes.indices {
            for flip in [0x01, 0x80] as [UInt8] {
                var altered = bytes
                altered[position] ^= flip
                guard let proof = try? StateProof(decoding: altered) else { continue }
                #expect(!proof.verify(value, at: stateKey(number), root: state.finalRoot))
            }
        }
    }

    @Test func everyAlteredByteOfValueKeyAndRootIsRefused() throws {
        let all = records(20)
        let state = build(all)
        let (key, value) = all[4]
        let proof = state.finalProof(of: key)
        for position in value.indices {
            var altered = value
            altered[position] ^= 1
            #expect(!proof.verify(altered, at: key, root: state.finalRoot))
        }
        for position in key.bytes.indices {
            var altered = key.bytes
            altered[position] ^= 1
            #expect(!proof.verify(value, at: StateKey(bytes: altered), root: state.finalRoot))
        }
        for position in 0..<32 {
            var altered = state.finalRoot.array
            altered[position] ^= 1
            #expect(!proof.verify(value, at: key, root: try #require(Digest(bytes: altered))))
        }
    }

    @Test func aProofWithASiblingMoreOrLessIsRefused() throws {
        let all = records(20)
        let state = build(all)
        let (key, value) = all[4]
        let proof = state.finalProof(of: key)
        for siblings in [
            Array(proof.siblings.dropLast()), proof.siblings + [.zero], [.zero] + proof.siblings,
        ] {
            var writer = ByteWriter()
            writer.write(list: siblings)
            writer.write(optional: proof.leaf)
            let altered = try StateProof(decoding: writer.bytes)
            #expect(!altered.verify(value, at: key, root: state.finalRoot))
        }
    }

    @Test func aProofHoldsAtMost256Siblings() throws {
        for (count, fits) in [(256, true), (257, false)] {
            var writer = ByteWriter()
            writer.write(list: [Digest](repeating: digest(1), count: count))
            writer.write(false)
            let proof = try? StateProof(decoding: writer.bytes)
            #expect((proof != nil) == fits)
            #expect(proof?.verify(nil, at: stateKey(1), root: digest(1)) != true)
        }
    }
}
