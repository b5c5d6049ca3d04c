internal import DAppRuntime
internal import Primitives

/// Where a worker gets what it lacks.
protocol StateSource: AnyObject {
    func fetch(_ request: FetchRequest) -> FetchAnswer
    func scan(_ request: ScanRequest) -> [RecordWrite]
}

/// Records and balances of one delivery: what the host said, what changed since, and how to take a call back.
struct StateCache {
    private unowned let source: any StateSource
    private var base: [[UInt8]: [UInt8]?] = [:]
    private var changed: [[UInt8]: [UInt8]?] = [:]
    private var changedKeys = SortedKeys()
    private var baseBalances: [BalancePlace: UInt64?] = [:]
    private var balances: [BalancePlace: UInt64] = [:]
    private var journal: [Undo] = []

    private enum Undo {
        case record(key: [UInt8], old: [UInt8]??)
        case balance(BalancePlace, old: UInt64?)
    }

    init(source: any StateSource) { self.source = source }

    /// Forgets everything; a new delivery may run on another state.
    mutating func reset(known: [RecordWrite]) {
        self = StateCache(source: source)
        for record in known { base[record.key] = .some(record.value) }
    }

    // Records

    mutating func value(forKey key: [UInt8]) -> [UInt8]? {
        if let value = changed[key] { return value }
        return baseValue(forKey: key)
    }

    /// Whether reading this key needs no message.
    func knows(_ key: [UInt8]) -> Bool { changed[key] != nil || base[key] != nil }

    /// Whether reading this holding needs no message.
    func knows(_ place: BalancePlace) -> Bool { balances[place] != nil || baseBalances[place] != nil }

    /// Sets a record; `isUndoable` when a failing call must take it back.
    mutating func set(_ key: [UInt8], to value: [UInt8]?, isUndoable: Bool) {
        let old = changed[key]
        if isUndoable { journal.append(.record(key: key, old: old)) }
        if old == nil { changedKeys.insert(key) }
        changed[key] = .some(value)
    }

    /// Asks the host for all of these at once, as far as they are not known.
    mutating func warm(keys: [[UInt8]], balances places: [BalancePlace]) {
        let missing = keys.filter { base[$0] == nil }
        let unknown = places.filter { baseBalances[$0] == nil }
        guard !missing.isEmpty || !unknown.isEmpty else { return }
        for start in stride(from: 0, to: max(missing.count, unknown.count), by: 16_384) {
            let request = FetchRequest(
                keys: Array(missing.dropFirst(start).prefix(16_384)),
                balances: Array(unknown.dropFirst(start).prefix(16_384)))
            let answer = source.fetch(request)
            for (key, value) in zip(request.keys, answer.values) { base[key] = .some(value) }
            for (place, units) in zip(request.balances, answer.balances) { baseBalances[place] = .some(units) }
        }
    }

    private mutating func baseValue(forKey key: [UInt8]) -> [UInt8]? {
        if let value = base[key] { return value }
        let value = source.fetch(FetchRequest(keys: [key], balances: [])).values.first ?? nil
        base[key] = .some(value)
        return value
    }

    /// At most `limit` records with a prefix, above `after`, ascending, with all changes of this delivery.
    mutating func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        var result: [(key: [UInt8], value: [UInt8])] = []
        var lower = after
        while result.count < limit {
            let page = source.scan(ScanRequest(prefix: prefix, after: lower, limit: UInt32(limit)))
            for record in page { base[record.key] = .some(record.value) }
            // Changes beyond a full page belong to a later page.
            let upper = page.count < limit ? nil : page.last?.key
            merge(page, prefix: prefix, after: lower, through: upper, into: &result)
            guard let upper else { break }
            lower = upper
        }
        return Array(result.prefix(limit))
    }

    private mutating func merge(
        _ page: [RecordWrite], prefix: [UInt8], after: [UInt8]?, through upper: [UInt8]?,
        into result: inout [(key: [UInt8], value: [UInt8])]
    ) {
        var place = changedKeys.firstPlace(after: after, prefix: prefix)
        var records = page[...]
        while true {
            let changedKey = changedKeys.key(at: place, prefix: prefix, through: upper)
            guard let record = records.first else {
                guard let changedKey else { return }
                append(changedKey, to: &result)
                place += 1
                continue
            }
            if let changedKey, !record.key.lexicographicallyPrecedes(changedKey) {
                append(changedKey, to: &result)
                place += 1
                if changedKey == record.key { records.removeFirst() }
            } else {
                if let value = record.value { result.append((record.key, value)) }
                records.removeFirst()
            }
        }
    }

    private func append(_ key: [UInt8], to result: inout [(key: [UInt8], value: [UInt8])]) {
        if let value = changed[key] ?? nil { result.append((key, value)) }
    }

    // Balances

    /// Base units, or nil when the address is not valid.
    mutating func balance(_ place: BalancePlace) -> UInt64? {
        if let units = balances[place] { return units }
        if let known = baseBalances[place] { return known }
        let units = source.fetch(FetchRequest(keys: [], balances: [place])).balances.first ?? nil
        baseBalances[place] = .some(units)
        return units
    }

    mutating func setBalance(_ place: BalancePlace, to units: UInt64) {
        journal.append(.balance(place, old: balances[place]))
        balances[place] = units
    }

    // Calls

    mutating func commitCall() { journal.removeAll(keepingCapacity: true) }

    mutating func undoCall() {
        for step in journal.reversed() {
            switch step {
            case .record(let key, let old):
                changed[key] = old
                if old == nil { changedKeys.remove(key) }
            case .balance(let place, let old): balances[place] = old
            }
        }
        journal.removeAll(keepingCapacity: true)
    }

    /// What differs from the state before the delivery, sorted.
    func writes() -> (records: [RecordWrite], balances: [BalanceWrite]) {
        var records: [RecordWrite] = []
        for key in changedKeys.all {
            guard let value = changed[key] else { continue }
            if let old = base[key], old == value { continue }
            records.append(RecordWrite(key: key, value: value))
        }
        let changedBalances = balances.filter { baseBalances[$0.key] != .some(.some($0.value)) }
            .sorted { $0.key < $1.key }
            .map { BalanceWrite(address: $0.key.address, asset: $0.key.asset, units: $0.value) }
        return (records, changedBalances)
    }
}

/// Keys in byte order, sorted when they are asked for.
struct SortedKeys {
    private var sorted: [[UInt8]] = []
    private var added: [[UInt8]] = []

    /// The keys in order.
    var all: [[UInt8]] {
        added.isEmpty ? sorted : Self.merged(sorted, added)
    }

    /// Adds a key that is not there yet.
    mutating func insert(_ key: [UInt8]) {
        added.append(key)
    }

    mutating func remove(_ key: [UInt8]) {
        if let place = added.lastIndex(of: key) {
            added.remove(at: place)
        } else {
            settle()
            let place = firstPlace(notBelow: key)
            if place < sorted.count, sorted[place] == key { sorted.remove(at: place) }
        }
    }

    /// Where keys with this prefix above a key begin.
    mutating func firstPlace(after: [UInt8]?, prefix: [UInt8]) -> Int {
        settle()
        guard let after else { return firstPlace(notBelow: prefix) }
        let place = firstPlace(notBelow: after)
        return place < sorted.count && sorted[place] == after ? place + 1 : place
    }

    /// The key at a place, unless it lacks the prefix or lies above `upper`.
    func key(at place: Int, prefix: [UInt8], through upper: [UInt8]?) -> [UInt8]? {
        guard place < sorted.count, sorted[place].starts(with: prefix) else { return nil }
        if let upper, upper.lexicographicallyPrecedes(sorted[place]) { return nil }
        return sorted[place]
    }

    private mutating func settle() {
        guard !added.isEmpty else { return }
        sorted = Self.merged(sorted, added)
        added.removeAll(keepingCapacity: true)
    }

    private func firstPlace(notBelow key: [UInt8]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func merged(_ sorted: [[UInt8]], _ added: [[UInt8]]) -> [[UInt8]] {
        let fresh = added.sorted { $0.lexicographicallyPrecedes($1) }
        var result: [[UInt8]] = []
        result.reserveCapacity(sorted.count + fresh.count)
        var old = sorted[...]
        for key in fresh {
            while let first = old.first, first.lexicographicallyPrecedes(key) {
                result.append(first)
                old.removeFirst()
            }
            result.append(key)
        }
        return result + old
    }
}
