internal import Crypto
internal import DAppRuntime
internal import Primitives

/// Everything that a snapshot keeps: records, balances, height, time.
///
/// A copy shares its storage until one of both changes.
struct VirtualState: DAppStateReader {
    private var records: [[UInt8]: [UInt8]] = [:]
    private var keys: [[UInt8]] = []
    private var balances: [BalancePlace: UInt64] = [:]

    /// Height of the last block.
    var height: UInt64 = 0
    /// Time of the last block.
    var time: Instant
    /// Transactions so far, so that each has an id of its own.
    var transactions: UInt64 = 0

    /// A state without records at height 0.
    init(time: Instant) { self.time = time }

    func value(forKey key: [UInt8]) -> [UInt8]? { records[key] }

    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        var start = place(of: after ?? prefix)
        if let after, start < keys.count, keys[start] == after { start += 1 }
        return keys[start...].prefix(limit).prefix { $0.starts(with: prefix) }.map { ($0, records[$0] ?? []) }
    }

    func balance(of address: String, asset: UInt8) -> UInt64? {
        let place = BalancePlace(address: address, asset: asset)
        if let units = balances[place] { return units }
        return Address(text: address) == nil ? nil : 0
    }

    /// Changes a balance.
    mutating func set(_ place: BalancePlace, to units: UInt64) { balances[place] = units }

    /// Takes over what a block changed.
    mutating func apply(_ outcome: DeliveryOutcome) {
        for write in outcome.writes { set(write.key, to: write.value) }
        for write in outcome.balances { balances[write.place] = write.units }
    }

    /// Changes or removes a record.
    mutating func set(_ key: [UInt8], to value: [UInt8]?) {
        let isThere = records[key] != nil
        records[key] = value
        if isThere == (value != nil) { return }
        let index = place(of: key)
        if isThere { keys.remove(at: index) } else { keys.insert(key, at: index) }
    }

    // The first key that is not below this one.
    private func place(of key: [UInt8]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
