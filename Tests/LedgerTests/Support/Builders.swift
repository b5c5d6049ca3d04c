import Crypto
import Foundation
import Ledger
import Primitives
import Testing

/// Reads the files that independent programs made.
enum Fixture {
    static func object(_ name: String) throws -> [String: Any] {
        let folder = try #require(Bundle.module.resourceURL)
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}

/// The key pair of a number.
func key(_ number: UInt64) -> KeyPair {
    var bytes = [UInt8](repeating: 0, count: 24)
    bytes.appendBigEndian(number)
    guard let pair = KeyPair(seed: SecretBytes(zeroing: &bytes)) else { preconditionFailure("32 bytes") }
    return pair
}

func address(_ number: UInt64) -> Address { key(number).address }

func digest(_ number: UInt64) -> Digest { SHA256.hash(Bytes32(0, 0, 0, number)) }

func blockID(_ number: UInt64) -> BlockID { BlockID(digest(number).bytes) }

func transactionID(_ number: UInt64) -> TransactionID { TransactionID(digest(number).bytes) }

func stateKey(_ number: UInt64, _ table: StateTable = .dapp) -> StateKey {
    var bytes: [UInt8] = []
    bytes.appendBigEndian(number)
    return StateKey(table, bytes)
}

func members(_ count: Int) throws -> MemberSet {
    try #require(MemberSet((0..<UInt64(count)).map { PublicKey(digest($0).bytes) }))
}

/// A dictionary with the interface of a state: the obvious answer to compare with.
struct ModelState: StateReader {
    var records: [StateKey: [UInt8]] = [:]

    func value(for key: StateKey) -> [UInt8]? { records[key] }

    func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])] {
        records.sorted { $0.key < $1.key }
            .filter { row in row.key.hasPrefix(prefix) && (after.map { $0 < row.key } ?? true) }
            .prefix(max(0, limit)).map { (key: $0.key, value: $0.value) }
    }

    mutating func apply(_ changes: ChangeSet) {
        for change in changes.changes { records[change.key] = change.new }
    }
}

/// True when two scans found the same rows.
func same(_ left: [(key: StateKey, value: [UInt8])], _ right: [(key: StateKey, value: [UInt8])]) -> Bool {
    left.map(\.key) == right.map(\.key) && left.map(\.value) == right.map(\.value)
}

extension SeededGenerator {
    /// A number within a range.
    mutating func pick(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// Up to `most` bytes.
    mutating func bytes(most: UInt64) -> [UInt8] {
        (0..<below(most + 1)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Changes of some of `keys`' records against what `state` holds: inserts, updates and removals.
    mutating func changes(of state: ModelState, keys: UInt64, count: UInt64) -> ChangeSet {
        var chosen: [StateKey: [UInt8]?] = [:]
        for _ in 0..<count {
            let new: [UInt8]? = below(3) == 0 ? nil : bytes(most: 12)
            chosen.updateValue(new, forKey: stateKey(below(keys)))
        }
        return ChangeSet(chosen.map { Change(key: $0.key, old: state.records[$0.key], new: $0.value) })
    }
}
