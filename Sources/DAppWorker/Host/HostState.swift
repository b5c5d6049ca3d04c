internal import Crypto
internal import DAppRuntime
internal import Primitives

/// What host functions work on: tables, records, and the call that runs.
final class HostState {
    var cache: StateCache
    var prefetch = PrefetchLearner()
    private(set) var tables: [RecordTable] = []
    private var validAddresses: Set<String> = []
    private static let mostAddresses = 65_536

    var context: DAppContext?
    var time: UInt64 = 0
    var call: Call?
    var method = 0
    var events: [DAppEvent] = []
    var logs: [String] = []
    var returned: [UInt8]?
    var mostReturnedBytes = CallResult.mostReturnedBytes
    /// Asks the host on behalf of a test.
    var request: ([UInt8]) -> [UInt8]? = { _ in nil }
    /// File, line and column of a place, for tests only.
    var place: (Int) -> String? = { _ in nil }

    init(source: any StateSource) { cache = StateCache(source: source) }

    /// Forgets what the previous call left.
    func beginCall() {
        events.removeAll(keepingCapacity: true)
        logs.removeAll(keepingCapacity: true)
        returned = nil
    }

    func addTable(_ table: RecordTable) -> Int {
        tables.append(table)
        return tables.count - 1
    }

    func read(_ table: Int, _ part: RecordTable.Part) -> [UInt8]? {
        let key = tables[table].key(part)
        if let call, !cache.knows(key) {
            prefetch.missed(key: key, part, table: table, method: method, call: call)
        }
        return cache.value(forKey: key)
    }

    func write(_ table: Int, _ part: RecordTable.Part, _ value: [UInt8]?) {
        cache.set(tables[table].key(part), to: value, isUndoable: false)
    }

    func link(_ table: Int, _ part: RecordTable.Part, key: RecordTable.Part, text: [UInt8]?) {
        cache.set(tables[table].entry(part, key: key), to: text, isUndoable: true)
    }

    /// Primary keys of a table, one JSON text a line.
    func scan(_ table: Int, after: RecordTable.Part?, limit: Int) -> String {
        let prefix = tables[table].prefix
        let rows = cache.scan(prefix: prefix, after: after.map { tables[table].key($0) }, limit: limit)
        return rows.map { tables[table].keyText(in: $0.key) }.joined(separator: "\n")
    }

    /// Primary keys under one indexed value, one JSON text a line; their rows are fetched together.
    func scan(
        index: Int, model: Int, value: RecordTable.Part, after: RecordTable.Part?, limit: Int
    ) -> String {
        let prefix = tables[index].entries(of: value)
        let entries = cache.scan(
            prefix: prefix, after: after.map { tables[index].entry(value, key: $0) }, limit: limit)
        cache.warm(keys: entries.map { tables[model].prefix + $0.key.dropFirst(prefix.count) }, balances: [])
        return entries.map { String(decoding: $0.value, as: UTF8.self) }.joined(separator: "\n")
    }

    /// Primary keys in the order of an index, one JSON text a line: from a value on, or after one of its entries.
    func scanEntries(
        of index: Int, from value: RecordTable.Part?, after key: RecordTable.Part?, limit: Int
    ) -> String {
        let table = tables[index]
        var found: [[UInt8]] = []
        var lower: [UInt8]?
        if let value {
            lower = key.map { table.entry(value, key: $0) } ?? table.key(value)
            // Entries follow their bare value, except where that is the entry itself.
            if key == nil, table.keyOrder == nil, let first = cache.value(forKey: table.key(value)) {
                found.append(first)
            }
        }
        let rows = cache.scan(prefix: table.prefix, after: lower, limit: limit)
        found += rows.map(\.value)
        return found.prefix(limit).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }

    func isAddress(_ text: String) -> Bool {
        if validAddresses.contains(text) { return true }
        guard Address(text: text) != nil else { return false }
        if validAddresses.count >= Self.mostAddresses { validAddresses.removeAll() }
        validAddresses.insert(text)
        return true
    }

    func balance(_ address: String, _ asset: UInt8) -> UInt64 {
        cache.balance(BalancePlace(address: address, asset: asset)) ?? 0
    }

    /// Moves units; nil when done, otherwise why not, with the exact shortfall.
    func pay(from: String, to: String, units: UInt64, asset: UInt8) -> String? {
        let source = BalancePlace(address: from, asset: asset)
        let target = BalancePlace(address: to, asset: asset)
        if let call, !cache.knows(source) || !cache.knows(target) {
            prefetch.missed(places: [source, target], method: method, call: call)
            cache.warm(keys: [], balances: [source, target])
        }
        let held = cache.balance(source) ?? 0
        guard held >= units else { return shortfall(from, held, units, asset) }
        guard let received = cache.balance(target) else { return "\(to) is not an address." }
        guard from != to else { return nil }
        let (sum, overflow) = received.addingReportingOverflow(units)
        guard !overflow else { return "\(to) cannot hold that much." }
        cache.setBalance(source, to: held - units)
        cache.setBalance(target, to: sum)
        return nil
    }

    private func shortfall(_ address: String, _ held: UInt64, _ wanted: UInt64, _ asset: UInt8) -> String {
        let kind = context?.assets[Int(asset)] ?? Asset(symbol: "", decimals: 0)
        func text(_ units: UInt64) -> String {
            Amount(units: units).formatted(decimals: Int(kind.decimals)) + " " + kind.symbol
        }
        return "\(address) has \(text(held)) and needs \(text(wanted)): \(text(wanted - held)) short."
    }

    // Tickets for draws

    /// Opens a ticket for the first round of the main chain that opens after the block's time and the margin.
    func commit() -> UInt64 {
        let after = Instant(milliseconds: time).advanced(by: context?.drawMargin ?? .zero)
        cache.set(DrawTicketKey.open(after: after), to: [], isUndoable: true)
        return after.milliseconds
    }

    /// How a ticket stands: "open", or the round that decides it; nil when nobody opened it.
    func ticket(_ after: UInt64) -> String? {
        let time = Instant(milliseconds: after)
        if let draw = settled(time) { return String(draw.round.value) }
        return cache.value(forKey: DrawTicketKey.open(after: time)) == nil ? nil : "open"
    }

    /// The seed of one draw on a settled ticket, in hexadecimal.
    func seed(_ after: UInt64, label: [UInt8]) -> String? {
        guard let context, let draw = settled(Instant(milliseconds: after)) else { return nil }
        return DrawSeed.seed(output: draw.output, chain: context.chainID, label: label).hex
    }

    private func settled(_ time: Instant) -> SettledDraw? {
        cache.value(forKey: DrawTicketKey.settled(after: time)).flatMap { try? SettledDraw(decoding: $0) }
    }

    func emit(_ name: String, _ data: [UInt8]) -> Bool {
        guard events.count < CallResult.mostEvents, data.count <= DAppEvent.mostDataBytes else {
            return false
        }
        events.append(DAppEvent(name: name.cut(toBytes: DAppEvent.longestName), data: data))
        return true
    }

    func log(_ line: String) {
        guard logs.count < CallResult.mostLogs else { return }
        logs.append(line.cut(toBytes: CallResult.longestLog))
    }

    func setReturned(_ text: [UInt8]) -> Bool {
        guard text.count <= mostReturnedBytes else { return false }
        returned = text
        return true
    }
}
