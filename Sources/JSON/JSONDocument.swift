/// The way from the root of a document to a value in it: keys and places, outermost first.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    /// One step down.
    public enum Step: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        /// Into the member with this key.
        case key(String)
        /// Into the element at this place, from 0.
        case index(Int)

        /// Into the member with this key.
        public init(stringLiteral value: String) {
            self = .key(value)
        }

        /// Into the element at this place.
        public init(integerLiteral value: Int) {
            self = .index(value)
        }
    }

    /// The steps, outermost first; none is the document itself.
    public let steps: [Step]

    /// A way of these steps.
    public init(_ steps: [Step]) {
        self.steps = steps
    }

    /// The way to something inside this value.
    public func appending(_ step: Step) -> JSONPath {
        JSONPath(steps + [step])
    }

    /// The way as people write it: `validators[0].stake`; empty for the document itself.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let place): text += "[\(place)]"
            }
        }
        return text
    }
}

extension JSONPath: ExpressibleByArrayLiteral {
    /// A way of these steps, written as `["validators", 0, "stake"]`.
    public init(arrayLiteral elements: Step...) {
        self.init(elements)
    }
}

/// A value together with the place of every key and value in the text it came from.
public struct JSONDocument: Sendable {
    /// What the text says.
    public let value: JSONValue

    private let places: [JSONPath: (key: Int?, value: Int)]
    private let bytes: [UInt8]
    private let lineStarts: [Int]

    init(value: JSONValue, places: [JSONPath: (key: Int?, value: Int)], bytes: [UInt8]) {
        self.value = value
        self.places = places
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    }

    /// Where the value at this path begins; nil when there is none.
    public func position(of path: JSONPath) -> JSONPosition? {
        places[path].map { position(at: $0.value) }
    }

    /// Where the key of this member begins; nil for elements and for paths that lead nowhere.
    public func keyPosition(of path: JSONPath) -> JSONPosition? {
        places[path]?.key.map { position(at: $0) }
    }

    /// Where the nearest value that exists on the way to this path begins, for a message about a missing member.
    public func nearestPosition(to path: JSONPath) -> JSONPosition {
        for count in stride(from: path.steps.count, through: 0, by: -1) {
            if let found = position(of: JSONPath(Array(path.steps.prefix(count)))) { return found }
        }
        return position(at: 0)
    }

    /// The value at this path; nil when it leads nowhere.
    public subscript(path: JSONPath) -> JSONValue? {
        var found = value
        for step in path.steps {
            let next: JSONValue? =
                switch step {
                case .key(let key): found[key]
                case .index(let place): found[place]
                }
            guard let next else { return nil }
            found = next
        }
        return found
    }

    private func position(at offset: Int) -> JSONPosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let before = bytes[lineStarts[low]..<offset]
        return JSONPosition(
            offset: offset, line: low + 1, column: 1 + before.count { $0 & 0xC0 != 0x80 })
    }
}
