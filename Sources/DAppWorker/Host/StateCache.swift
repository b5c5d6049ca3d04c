internal import DAppRuntime
internal import Primitives

/// Where a worker gets what it lacks.
protocol StateSource: AnyObject {
    func fetch(_ request: FetchRequest) -> FetchAnswer
    func scan(_ request: ScanRequest) -> [RecordWrite]
}

/// A record's key, hashed as one run of bytes.
struct RecordKey: Hashable, Comparable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func hash(into hasher: inout Hasher) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    static func < (left: RecordKey, right: RecordKey) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// Records and balances of one delivery: what the host said, what changed since, and how to take a call back.
struct StateCache {
    private unowned let source: any StateSource
    private var base: [RecordKey: [UInt8]?] = [:]
    private var changed: [RecordKey: [UInt8]?] = [:]
    private var changedKeys = SortedKeys()
    private var baseBalances: [BalancePlace: UInt64?] = [:]
    private var balances: [BalancePlace: UInt64] = [:]
    private var journal: [Undo] = []

    private enum Undo {
        case record(key: RecordKey, old: [UInt8]??)
        case balance(BalancePlace, old: UInt64?)
    }

    init(source: any StateSource) { self.source = source }

    /// Forgets everything; a new delivery may run on another state.
    mutating func reset(known: [RecordWrite]) {
        self = StateCache(source: source)
        for record in known { base[RecordKey(record.key)] = .some(record.value) }
    }

    // Records

    mutating func value(forKey key: [UInt8]) -> [UInt8]? {
        if let value = changed[RecordKey(key)] { return value }
        return baseValue(forKey: key)
    }

    /// Whether reading this key needs no message.
    func knows(_ key: [UInt8]) -> Bool { changed[RecordKey(key)] != nil || base[RecordKey(key)] != nil }

    /// Whether reading this holding needs no message.
    func knows(_ place: BalancePlace) -> Bool { balances[place] != nil || baseBalances[place] != nil }

    /// Sets a record; `isUndoable` when a failing call must take it back.
    mutating func set(_ key: [UInt8], to value: [UInt8]?, isUndoable: Bool) {
        let name = RecordKey(key)
        let old = changed[name]
        if isUndoable { journal.append(.record(key: name, old: old)) }
        if old == nil { changedKeys.insert(key) }
        changed[name] = .some(value)
    }

    /// Asks the host for all of these at once, as far as they are not known.
    mutating func warm(keys: [[UInt8]], balances places: [BalancePlace]) {
        let missing = keys.filter { base[RecordKey($0)] == nil }
        let unknown = places.filter { baseBalances[$0] == nil }
        guard !missing.isEmpty || !unknown.isEmpty else { return }
        for start in stride(from: 0, to: max(missing.count, unknown.count), by: 16_384) {
            let request = FetchRequest(
                keys: Array(missing.dropFirst(start).prefix(16_384)),
                balances: Array(unknown.dropFirst(start).prefix(16_384)))
            let answer = source.fetch(request)
            for (key, value) in zip(request.keys, answer.values) { base[RecordKey(key)] = .some(value) }
            for (place, units) in zip(request.balances, answer.balances) { baseBalances[place] = .some(units) }
        }
    }

    private mutating func baseValue(forKey key: [UInt8]) -> [UInt8]? {
        if let value = base[RecordKey(key)] { return value }
        let value = source.fetch(FetchRequest(keys: [key], balances: [])).values.first ?? nil
        base[RecordKey(key)] = .some(value)
        return value
    }

    /// At most `limit` records with a prefix, above `after`, ascending, with all changes of this delivery.
    mutating func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        var result: [(key: [UInt8], value: [UInt8])] = []
        var lower = after
        while result.count < limit {
            let page = source.scan(ScanRequest(prefix: prefix, after: lower, limit: UInt32(limit)))
            for record in page { base[RecordKey(record.key)] = .some(record.value) }
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
        if let value = changed[RecordKey(key)] ?? nil { result.append((key, value)) }
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
                if old == nil { changedKeys.remove(key.bytes) }
            case .balance(let place, let old): balances[place] = old
            }
        }
        journal.removeAll(keepingCapacity: true)
    }

    /// What differs from the state before the delivery, sorted.
    func writes() -> (records: [RecordWrite], balances: [BalanceWrite]) {
        var records: [RecordWrite] = []
        for key in changedKeys.all {
            guard let value = changed[RecordKey(key)] else { continue }
            if let old = base[RecordKey(key)], old == value { continue }
            records.append(RecordWrite(key: key, value: value))
        }
        let changedBalances = balances.filter { baseBalances[$0.key] != .some(.some($0.value)) }
            .sorted { $0.key < $1.key }
            .map { BalanceWrite(address: $0.key.address, asset: $0.key.asset, units: $0.value) }
        return (records, changedBalances)
    }
}
