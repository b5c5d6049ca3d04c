internal import Ledger
internal import Primitives

/// Cost of the sparse Merkle tree for each changed record, by size of the tree.
struct TreeUpdates: Benchmark {
    var name: String { "tree.update" }
    private let batch = 6_000

    /// Prints a table; there is no bar.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("sparse Merkle tree, \(batch) changed records a block")
        var generator = SeededGenerator(seed: 11)
        for count in [10_000, 100_000, 1_000_000] {
            let keys = (0..<count).map { _ in
                Bank.key(Address(generator.next(), generator.next(), 0), .etm)
            }
            let before = Memory.resident
            var tree = SparseMerkleTree()
            var version = tree.update(
                SparseMerkleTree.emptyVersion,
                with: ChangeSet(keys.map { Change(key: $0, old: nil, new: [0, 0, 0, 0, 0, 0, 0, 1]) }))
            let bytes = (Memory.resident - before) / Double(count)
            let outcome = options.bench.measure {
                let changes = ChangeSet(
                    (0..<batch).map { index in
                        let place = (Int(generator.below(UInt64(count / batch))) * batch + index) % count
                        return Change(
                            key: keys[place], old: nil, new: Amount(units: generator.next()).encoded)
                    })
                let start = Clock.thread
                version = tree.update(version, with: changes)
                tree.commit(version)
                return (Clock.thread - start) / Double(batch) * 1e6
            }
            report.line(
                "\(count)".right(9) + " records  " + outcome.spread { $0 }.text(decimals: 2)
                    + " µs a change, \(bytes.text(0)) bytes a record")
        }
    }
}
