internal import DAppRuntime
internal import JSON
internal import Primitives

/// Learns which records a method reads, from the first calls that miss, so that later deliveries ask for all of them
/// in one message. It only saves time: a wrong guess fetches a record that nobody reads.
struct PrefetchLearner {
    /// Where the key of a record or the address of a holding came from.
    private enum Origin: Hashable {
        case sender
        case argument(String)
    }

    private struct RecordHint: Hashable {
        let table: Int
        let origin: Origin
    }

    private struct BalanceHint: Hashable {
        let asset: UInt8
        let origin: Origin
    }

    private struct Hints {
        var records: [RecordHint] = []
        var balances: [BalanceHint] = []
        var keys: [[UInt8]] = []
        var places: [BalancePlace] = []
    }

    private static let mostHints = 16
    private var methods: [Int: Hints] = [:]

    /// A record had to be fetched alone.
    mutating func missed(key: [UInt8], _ part: RecordTable.Part, table: Int, method: Int, call: Call) {
        var hints = methods[method] ?? Hints()
        if let origin = Self.origin(of: part, call) {
            let hint = RecordHint(table: table, origin: origin)
            guard hints.records.count < Self.mostHints, !hints.records.contains(hint) else { return }
            hints.records.append(hint)
        } else {
            guard hints.keys.count < Self.mostHints, !hints.keys.contains(key) else { return }
            hints.keys.append(key)
        }
        methods[method] = hints
    }

    /// Balances had to be fetched alone.
    mutating func missed(places: [BalancePlace], method: Int, call: Call) {
        var hints = methods[method] ?? Hints()
        for place in places {
            if let origin = Self.origin(of: .text(Array(place.address.utf8)), call) {
                let hint = BalanceHint(asset: place.asset, origin: origin)
                guard hints.balances.count < Self.mostHints, !hints.balances.contains(hint) else { continue }
                hints.balances.append(hint)
                } else if hints.places.count < Self.mostHints, !hints.places.contains(place) {
                hints.places.append(place)
            }
        }
        methods[method] = hints
    }

    /// What these calls are likely to read.
    func guess(
        _ calls: [(method: Int, call: Call)], tables: [RecordTable]
    ) -> (keys: [[UInt8]], places: [BalancePlace]) {
        var keys: Set<[UInt8]> = []
        var places: Set<BalancePlace> = []
        for (method, call) in calls {
            guard let hints = methods[method] else { continue }
            keys.formUnion(hints.keys)
            places.formUnion(hints.places)
            for hint in hints.records {
                if let part = Self.part(hint.origin, call) { keys.insert(tables[hint.table].key(part)) }
            }
            for hint in hints.balances {
                guard case .text(let address)? = Self.part(hint.origin, call) else { continue }
                places.insert(BalancePlace(address: String(decoding: address, as: UTF8.self), asset: hint.asset))
            }
        }
        return (Array(keys), Array(places))
    }

    private static func parse(_ arguments: [UInt8]) -> JSONObject? {
        do { return try JSONParser.parse(arguments).object } catch { return nil }
    }

    private static func origin(of part: RecordTable.Part, _ call: Call) -> Origin? {
        if case .text(let bytes) = part, bytes == Array(call.sender.utf8) { return .sender }
        guard let arguments = parse(call.arguments) else { return nil }
        for member in arguments.members {
            switch (part, member.value) {
            case (.text(let bytes), let value):
                if let text = value.string, Array(text.utf8) == bytes { return .argument(member.key) }
            case (.number(let number), let value):
                if let whole = value.int64, Double(whole) == number { return .argument(member.key) }
            }
        }
        return nil
    }

    private static func part(_ origin: Origin, _ call: Call) -> RecordTable.Part? {
        switch origin {
        case .sender: .text(Array(call.sender.utf8))
        case .argument(let name): quickValue(named: name, in: call.arguments)
        }
    }

    /// The text or number after `"name":`, found without reading the rest; wrong only for odd texts, where it costs
    /// one needless fetch.
    private static func quickValue(named name: String, in text: [UInt8]) -> RecordTable.Part? {
        let wanted = [0x22] + Array(name.utf8) + [0x22]
        var at = 0
        while at + wanted.count < text.count {
            guard text[at] == 0x22, text[at...].starts(with: wanted) else {
                at += 1
                continue
            }
            var rest = text[(at + wanted.count)...].drop { $0 == 0x20 || $0 == 0x3A }
            if rest.first == 0x22 {
                rest = rest.dropFirst().prefix(512)
                return .text(Array(rest.prefix { $0 != 0x22 }))
            }
            return Int64(String(decoding: rest.prefix { (0x2D...0x39).contains($0) }, as: UTF8.self))
                .map { .number(Double($0)) }
        }
        return nil
    }
}
