public import Consensus
public import Ledger
public import Primitives

/// What a simulated node has made durable.
public struct Disk: Sendable, FinalBlockArchive {
    /// Final blocks by height, from height 1.
    public private(set) var final: [Block] = []
    /// Finalisations with the height of the last block that they came with, ascending.
    public private(set) var finality: [(height: Height, certificate: Certificate)] = []
    /// Stored blocks above the last final one.
    public private(set) var unfinal: [Block] = []
    /// The signing journal of the open round and above.
    public private(set) var journal: [JournalEntry] = []

    /// The last final height.
    public var height: Height { Height(UInt64(final.count)) }

    mutating func replace(
        final: [Block], finality: [(height: Height, certificate: Certificate)], unfinal: [Block],
        journal: [JournalEntry]
    ) {
        self.final = final
        self.finality = finality
        self.unfinal = unfinal
        self.journal = journal
    }

    mutating func store(_ block: Block) {
        if !unfinal.contains(block) { unfinal.append(block) }
    }

    mutating func append(_ entry: JournalEntry) { journal.append(entry) }

    /// Moves blocks to the final ones; false when one was never stored.
    mutating func finalize(_ ids: [BlockID], _ certificate: Certificate) -> Bool {
        for id in ids {
            guard let index = unfinal.firstIndex(where: { $0.id == id }) else { return false }
            final.append(unfinal.remove(at: index))
        }
        finality.append((height, certificate))
        return true
    }

    mutating func remove(_ ids: [BlockID]) { unfinal.removeAll { ids.contains($0.id) } }

    mutating func dropJournal(below round: Round) { journal.removeAll { $0.round < round } }

    /// The final block at a height, or nil.
    public func finalBlock(at height: Height) -> Block? {
        height.value >= 1 && height.value <= UInt64(final.count) ? final[Int(height.value) - 1] : nil
    }

    /// The first finalisation at or above a height.
    public func finality(atOrAbove height: Height) -> Certificate? {
        var low = 0
        var high = finality.count
        while low < high {
            let middle = (low + high) / 2
            if finality[middle].height < height { low = middle + 1 } else { high = middle }
        }
        return low < finality.count ? finality[low].certificate : nil
    }

    func finalBlock(_ id: BlockID) -> Block? { final.suffix(512).first { $0.id == id } }
}
