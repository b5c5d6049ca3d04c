import Crypto
import Primitives
import Testing

@Suite struct MerkleTests {
    private func tree(_ count: Int) -> MerkleTree {
        MerkleTree(of: (0..<count).map { Array("tx\($0)".utf8) })
    }

    @Test func rootsMatchTheVectors() throws {
        let cases = try #require(try Fixture.object("etm-block.json")["merkle"] as? [[String: Any]])
        #expect(cases.count == 6)
        for vector in cases {
            let leaves = try #require(vector["leaves"] as? [String])
            let root = try #require(vector["root"] as? String)
            let data = leaves.map { Array($0.utf8) }
            #expect(MerkleTree(of: data).root.hex == root)
            #expect(MerkleTree.root(of: data.map(MerkleTree.leaf)).hex == root)
        }
    }

    @Test(arguments: 1...33) func everyLeafProvesItself(count: Int) throws {
        let tree = tree(count)
        for index in 0..<count {
            let leaf = MerkleTree.leaf(Array("tx\(index)".utf8))
            let path = try #require(tree.proof(at: index))
            #expect(MerkleTree.verify(leaf: leaf, index: index, count: count, path: path, root: tree.root))
        }
        #expect(tree.count == count)
        #expect(tree.proof(at: -1) == nil)
        #expect(tree.proof(at: count) == nil)
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13]) func aProofHoldsForItsOwnPlaceOnly(count: Int) throws {
        let tree = tree(count)
        for index in 0..<count {
            let leaf = MerkleTree.leaf(Array("tx\(index)".utf8))
            let path = try #require(tree.proof(at: index))
            func holds(_ place: Int, _ path: [Digest]) -> Bool {
                MerkleTree.verify(leaf: leaf, index: place, count: count, path: path, root: tree.root)
            }
            for other in -1...count where other != index { #expect(!holds(other, path)) }
            #expect(!holds(index, path + [leaf]))
            if !path.isEmpty { #expect(!holds(index, Array(path.dropLast()))) }
        }
    }

    @Test func everyChangedBitOfAProofIsRefused() throws {
        let tree = tree(7)
        let leaf = MerkleTree.leaf(Array("tx4".utf8))
        let path = try #require(tree.proof(at: 4))
        for step in path.indices {
            for bit in 0..<256 {
                var bytes = path[step].array
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                var changed = path
                changed[step] = try #require(Digest(bytes: bytes))
                #expect(!MerkleTree.verify(leaf: leaf, index: 4, count: 7, path: changed, root: tree.root))
            }
        }
    }

    @Test func nothingIsInTheEmptyTree() {
        let empty = MerkleTree(leaves: [])
        #expect(empty.root == SHA256.hash([]))
        #expect(empty.proof(at: 0) == nil)
        #expect(!MerkleTree.verify(leaf: empty.root, index: 0, count: 0, path: [], root: empty.root))
    }

    @Test func aNodeDoesNotPassForALeaf() throws {
        let tree = tree(4)
        let (left, right) = (tree.proof(at: 2)?.last, tree.proof(at: 0)?.last)
        let inner = try #require(left)
        let data =
            try [1] + #require(tree.proof(at: 1)?.first).array + #require(tree.proof(at: 0)?.first).array
        #expect(MerkleTree.leaf(data) != inner)
        #expect(MerkleTree.leaf(Array(data.dropFirst())) != inner)
        #expect(MerkleTree.node(inner, try #require(right)) == tree.root)
    }

    @Test func hugeCountsAreCheckedWithoutEffort() {
        let leaf = MerkleTree.leaf([])
        let path = [Digest](repeating: leaf, count: 63)
        #expect(
            !MerkleTree.verify(leaf: leaf, index: .max - 1, count: .max, path: path, root: leaf))
    }
}
