internal import Crypto
internal import Primitives

/// The checksum kept with every row: the first 8 bytes of a tagged SHA-256 of the row's place and contents.
///
/// It finds damage, not malice: whoever can write the file can also write checksums.
enum RowTag {
    private static let tag = HashTag("ETM/store-row/1")

    /// The checksum of a row's part, named by the table, a part number and up to two integers.
    static func of(
        _ table: StoredTable, part: UInt8 = 0, _ a: UInt64, and b: UInt64 = 0, _ first: [UInt8],
        _ second: [UInt8] = []
    ) -> UInt64 {
        var state = tag.begin()
        // The lengths keep the boundary between the two byte strings unambiguous.
        let kind = UInt64(table.number) << 8 | UInt64(part)
        state.update(Bytes32(kind, a, b, UInt64(first.count)))
        state.update(first)
        if !second.isEmpty { state.update(second) }
        return state.finish().bytes.a
    }

    /// The checksum of an entry of `transactions`, which is too small to carry one of its own.
    static func mix(prefix: UInt64, height: UInt64, index: UInt64) -> UInt64 {
        var value = prefix
        for word in [height, index] {
            value = (value ^ word &+ 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
            value ^= value >> 29
        }
        return value
    }
}

extension StoredTable {
    /// The number that separates this table's checksums from those of the others.
    var number: UInt8 {
        switch self {
        case .meta: 1
        case .blocks: 2
        case .final: 3
        case .unfinal: 4
        case .changes: 5
        case .ids: 6
        case .transactions: 7
        case .journal: 8
        case .certificates: 9
        case .state: 10
        }
    }
}
