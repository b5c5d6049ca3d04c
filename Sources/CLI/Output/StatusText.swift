internal import JSON

/// Lines about chains and value that more than one command prints.
enum StatusText {
    /// The table of chains.
    static func chains(_ status: JSONValue) -> [String] {
        let rows = (status["chains"]?.array ?? []).map(row)
        guard !rows.isEmpty else { return [] }
        return TextLayout.table(
            ["NAME", "KIND", "HEIGHT", "FINAL", "VALIDATORS", "STATE", "NOTE"], rows, right: [2, 3, 4])
    }

    private static func row(_ chain: JSONValue) -> [String] {
        [
            chain["name"]?.string ?? "?", chain["kind"]?.string ?? "?", number(chain["height"]),
            number(chain["final"]), count(chain["validators"]), chain["state"]?.string ?? "?",
            chain["reason"]?.string ?? chain["note"]?.string ?? "",
        ]
    }

    /// A number with thousands separated.
    static func number(_ value: JSONValue?) -> String { value?.uint64?.grouped ?? value?.string ?? "-" }

    /// A count given as a number or as the list itself.
    static func count(_ value: JSONValue?) -> String {
        value?.array.map { String($0.count) } ?? value?.uint64.map(String.init) ?? "-"
    }

    /// One line: whether all chains together hold what genesis gave.
    static func conservation(_ value: JSONValue) -> [String] {
        guard let isOK = value["ok"]?.bool else {
            return ["value conserved: cannot be told while the chains move"]
        }
        if isOK {
            let total = value["main"]?["total"]
            let text = total?["display"]?.string ?? total?.string.map { "\($0) base units" } ?? ""
            return ["value conserved: yes, \(text) across all chains"]
        }
        return ["value conserved: NO, difference \(value["difference"]?.string ?? "unknown")"]
    }
}

extension StatusText {
    /// Every member of an object on a line of its own, what is inside with its path.
    static func members(_ value: JSONValue, prefix: String = "") -> [String] {
        TextLayout.pairs(flat(value, prefix: prefix))
    }

    private static func flat(_ value: JSONValue, prefix: String) -> [(String, String)] {
        switch value {
        case .object(let object):
            if let display = object["display"]?.string { return [(prefix, display)] }
            return object.members.flatMap {
                flat($0.value, prefix: prefix.isEmpty ? $0.key : "\(prefix).\($0.key)")
            }
        case .array(let elements):
            return elements.enumerated().flatMap { flat($0.element, prefix: "\(prefix)[\($0.offset)]") }
        case .string(let text): return [(prefix, text)]
        case .null: return []
        default: return [(prefix, value.description)]
        }
    }
}
