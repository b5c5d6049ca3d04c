/// Reads one JSON text strictly by RFC 8259: exact integers, no duplicate keys, nothing lenient.
public enum JSONParser {
    /// The value of a text; the whole text must be one value with nothing but whitespace around it.
    public static func parse(
        _ bytes: [UInt8], limits: JSONLimits = .standard
    ) throws(JSONRejection) -> JSONValue {
        var scanner = JSONScanner(bytes, limits: limits, recordsPositions: false)
        return try scanner.document()
    }

    /// The value of a text held as a string.
    public static func parse(
        text: String, limits: JSONLimits = .standard
    ) throws(JSONRejection) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }

    /// The value of a text with the place of every key and value in it, for messages to its author.
    public static func parseWithPositions(
        _ bytes: [UInt8], limits: JSONLimits = .standard
    ) throws(JSONRejection) -> JSONDocument {
        var scanner = JSONScanner(bytes, limits: limits, recordsPositions: true)
        let value = try scanner.document()
        return JSONDocument(value: value, places: scanner.places, bytes: bytes)
    }
}

// Recursive descent over an array of bytes. `at` is the next unread byte.
struct JSONScanner {
    let bytes: [UInt8]
    var at = 0
    private var depth = 0
    private let limits: JSONLimits
    private let recordsPositions: Bool
    private var path: [JSONPath.Step] = []
    private(set) var places: [JSONPath: (key: Int?, value: Int)] = [:]

    init(_ bytes: [UInt8], limits: JSONLimits, recordsPositions: Bool) {
        self.bytes = bytes
        self.limits = limits
        self.recordsPositions = recordsPositions
    }

    mutating func document() throws(JSONRejection) -> JSONValue {
        guard bytes.count <= limits.maximumBytes else {
            throw rejection(.tooLarge(limit: limits.maximumBytes, got: bytes.count), at: limits.maximumBytes)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw rejection(.byteOrderMark, at: 0) }
        let value = try self.value(key: nil)
        skipWhitespace()
        guard at == bytes.count else { throw rejection(.trailingText, at: at) }
        return value
    }

    func rejection(_ reason: JSONRejection.Reason, at offset: Int) -> JSONRejection {
        JSONRejection(reason: reason, position: JSONPosition(offset: offset, in: bytes))
    }

    func unexpected(_ expected: String) -> JSONRejection {
        guard at < bytes.count else { return rejection(.unexpectedEnd, at: bytes.count) }
        return rejection(.unexpectedByte(bytes[at], expected: expected), at: at)
    }

    mutating func skipWhitespace() {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
    }
}

extension JSONScanner {
    private mutating func value(key: Int?) throws(JSONRejection) -> JSONValue {
        skipWhitespace()
        guard at < bytes.count else { throw rejection(.unexpectedEnd, at: at) }
        if recordsPositions { places[JSONPath(path)] = (key, at) }
        switch bytes[at] {
        case 0x22: return .string(try string())
        case 0x7B: return try nested { (scanner) throws(JSONRejection) in try scanner.object() }
        case 0x5B: return try nested { (scanner) throws(JSONRejection) in try scanner.array() }
        case 0x2D, 0x30...0x39: return try number()
        case 0x74: return try literal([0x74, 0x72, 0x75, 0x65], .bool(true))
        case 0x66: return try literal([0x66, 0x61, 0x6C, 0x73, 0x65], .bool(false))
        case 0x6E: return try literal([0x6E, 0x75, 0x6C, 0x6C], .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func literal(_ word: [UInt8], _ value: JSONValue) throws(JSONRejection) -> JSONValue {
        for byte in word {
            guard at < bytes.count, bytes[at] == byte else {
                throw unexpected("one of true, false and null")
            }
            at += 1
        }
        return value
    }

    private mutating func nested(
        _ body: (inout JSONScanner) throws(JSONRejection) -> JSONValue
    ) throws(JSONRejection) -> JSONValue {
        guard depth < limits.maximumDepth else {
            throw rejection(.tooDeep(limit: limits.maximumDepth), at: at)
        }
        depth += 1
        at += 1
        skipWhitespace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func array() throws(JSONRejection) -> JSONValue {
        if at < bytes.count, bytes[at] == 0x5D {
            at += 1
            return .array([])
        }
        var elements: [JSONValue] = []
        while true {
            elements.append(try element(elements.count))
            skipWhitespace()
            guard at < bytes.count, bytes[at] == 0x2C || bytes[at] == 0x5D else {
                throw unexpected("',' or ']'")
            }
            at += 1
            if bytes[at - 1] == 0x5D { return .array(elements) }
        }
    }

    private mutating func element(_ place: Int) throws(JSONRejection) -> JSONValue {
        if recordsPositions { path.append(.index(place)) }
        let value = try self.value(key: nil)
        if recordsPositions { path.removeLast() }
        return value
    }

    private mutating func object() throws(JSONRejection) -> JSONValue {
        if at < bytes.count, bytes[at] == 0x7D {
            at += 1
            return .object(JSONObject())
        }
        let start = at
        let members = try members(atMost: .max)
        if let place = JSONObject.duplicate(in: members) {
            throw rejection(.duplicateKey(members[place].key), at: try keyOffset(place, from: start))
        }
        return .object(JSONObject(distinct: members))
    }

    // Reads members up to the closing brace, or so many of them.
    private mutating func members(atMost limit: Int) throws(JSONRejection) -> [JSONObject.Member] {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(min(limit, 8))
        while members.count < limit {
            members.append(try member())
            skipWhitespace()
            guard at < bytes.count, bytes[at] == 0x2C || bytes[at] == 0x7D else {
                throw unexpected("',' or '}'")
            }
            at += 1
            if bytes[at - 1] == 0x7D { break }
            skipWhitespace()
        }
        return members
    }

    // Offsets are not kept while reading; the one of a duplicate is found by reading the members before it again.
    private mutating func keyOffset(_ place: Int, from start: Int) throws(JSONRejection) -> Int {
        at = start
        _ = try members(atMost: place)
        return at
    }

    private mutating func member() throws(JSONRejection) -> JSONObject.Member {
        let start = at
        guard at < bytes.count, bytes[at] == 0x22 else { throw unexpected("a key in double quotes") }
        let key = try string()
        skipWhitespace()
        guard at < bytes.count, bytes[at] == 0x3A else { throw unexpected("':'") }
        at += 1
        if recordsPositions { path.append(.key(key)) }
        let value = try self.value(key: start)
        if recordsPositions { path.removeLast() }
        return JSONObject.Member(key, value)
    }
}
