internal import JSON
internal import Primitives

/// A JSON text from a file or from standard input; every refusal names the field and its line.
struct InputDocument {
    let document: JSONDocument
    /// How messages call the source.
    let source: String

    /// The most bytes that are read.
    static let largest = 16_777_216

    /// Reads the file, or standard input for nil and "-".
    init(_ path: String?, _ session: Session) throws(CommandFailure) {
        try self.init(bytes: Self.bytes(of: path, session), source: Self.name(of: path))
    }

    init(bytes: [UInt8], source: String) throws(CommandFailure) {
        self.source = source
        do {
            document = try JSONParser.parseWithPositions(
                bytes, limits: JSONLimits(maximumBytes: Self.largest))
        } catch {
            throw CommandFailure(
                "BAD_JSON", "\(source): \(error)", hint: "it wants one JSON object", exit: .usage,
                place: SourcePlace(file: source, line: error.position.line, column: error.position.column))
        }
    }

    /// The bytes of a file, or of standard input for nil and "-".
    static func bytes(of path: String?, _ session: Session) throws(CommandFailure) -> [UInt8] {
        guard let path, path != "-" else {
            guard let bytes = session.terminal.readInput(most: largest) else {
                throw CommandFailure(
                    "INPUT_FAILURE", "standard input cannot be read or has more than \(largest) bytes",
                    hint: "name a file", exit: .environment)
            }
            return bytes
        }
        guard let bytes = try Files.read(path, most: largest) else {
            throw CommandFailure("NO_FILE", "there is no file \(path)", hint: "ls -l", exit: .notFound)
        }
        return bytes
    }

    static func name(of path: String?) -> String {
        path.flatMap { $0 == "-" ? nil : $0 } ?? "standard input"
    }

    /// The document's one object.
    func record() throws(CommandFailure) -> InputRecord { try InputRecord(self, at: []) }

    /// A refusal of the field at a path.
    func refusal(of path: JSONPath, _ problem: String, code: String = "BAD_FIELD") -> CommandFailure {
        let place = document.nearestPosition(to: path)
        let field = path.steps.isEmpty ? "the document" : path.description
        var facts = JSONObject()
        facts["field"] = .string(path.description)
        return CommandFailure(
            code, "\(source):\(place.line): \(field) \(problem)", hint: "etm audit --list", exit: .usage,
            place: SourcePlace(file: source, line: place.line, column: place.column), facts: facts)
    }
}

/// One object of an input document: its fields are read by kind, and every field must be known.
struct InputRecord {
    let document: InputDocument
    let path: JSONPath
    private let object: JSONObject

    init(_ document: InputDocument, at path: JSONPath) throws(CommandFailure) {
        self.document = document
        self.path = path
        guard let object = document.document[path]?.object else {
            throw document.refusal(of: path, "must be an object")
        }
        self.object = object
    }

    /// Refuses the first field that is not among these.
    func allow(_ keys: [String]) throws(CommandFailure) {
        for key in object.keys where !keys.contains(key) {
            throw document.refusal(
                of: path.appending(.key(key)), "is unknown here; known: \(keys.joined(separator: ", "))",
                code: "UNKNOWN_FIELD")
        }
    }

    func refusal(_ key: String, _ problem: String) -> CommandFailure {
        document.refusal(of: path.appending(.key(key)), problem)
    }

    func has(_ key: String) -> Bool { object[key] != nil }

    private func value(_ key: String) throws(CommandFailure) -> JSONValue {
        guard let value = object[key] else {
            throw document.refusal(of: path.appending(.key(key)), "is missing", code: "MISSING_FIELD")
        }
        return value
    }

    /// A whole number, as a number or as a decimal string.
    func integer(
        _ key: String, in range: ClosedRange<UInt64> = 0...UInt64.max
    ) throws(CommandFailure) -> UInt64 {
        guard let number = Self.integer(try value(key)), range.contains(number) else {
            throw refusal(key, "must be \(Self.phrase(range))")
        }
        return number
    }

    /// A small whole number.
    func count(_ key: String, in range: ClosedRange<Int>) throws(CommandFailure) -> Int {
        Int(try integer(key, in: UInt64(range.lowerBound)...UInt64(range.upperBound)))
    }

    /// A finite number.
    func number(_ key: String, in range: ClosedRange<Double>) throws(CommandFailure) -> Double {
        let value = try value(key)
        let text =
            switch value {
            case .integer(let number): number.description
            case .decimal(let number): number.text
            case .string(let text): JSONDecimal(text)?.text ?? Self.integer(value).map { "\($0)" }
            default: nil as String?
            }
        guard let number = text.flatMap(Double.init), range.contains(number) else {
            throw refusal(key, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// 64 lower-case hexadecimal digits.
    func bytes32(_ key: String) throws(CommandFailure) -> Bytes32 {
        guard let bytes = try value(key).string.flatMap({ Digest(hex: $0) })?.bytes else {
            throw refusal(key, "must be 32 bytes in lower-case hexadecimal")
        }
        return bytes
    }

    func text(_ key: String) throws(CommandFailure) -> String {
        guard let text = try value(key).string else { throw refusal(key, "must be a string") }
        return text
    }

    func flag(_ key: String) throws(CommandFailure) -> Bool {
        guard let flag = try value(key).bool else { throw refusal(key, "must be true or false") }
        return flag
    }

    /// The elements of a list, each with its path for messages.
    private func elements(
        _ key: String, in counts: ClosedRange<Int>
    ) throws(CommandFailure) -> [(value: JSONValue, path: JSONPath)] {
        guard let array = try value(key).array else { throw refusal(key, "must be a list") }
        guard counts.contains(array.count) else {
            throw refusal(key, "must have \(counts.lowerBound) to \(counts.upperBound) elements")
        }
        let list = path.appending(.key(key))
        return array.enumerated().map { ($0.element, list.appending(.index($0.offset))) }
    }

    func records(_ key: String, in counts: ClosedRange<Int>) throws(CommandFailure) -> [InputRecord] {
        var records: [InputRecord] = []
        for element in try elements(key, in: counts) {
            records.append(try InputRecord(document, at: element.path))
        }
        return records
    }

    /// The object in a field.
    func record(_ key: String) throws(CommandFailure) -> InputRecord {
        _ = try value(key)
        return try InputRecord(document, at: path.appending(.key(key)))
    }

    /// Every field of an object whose keys are names and whose values are whole numbers, in order.
    func weights() throws(CommandFailure) -> [(voter: String, weight: UInt64)] {
        var weights: [(voter: String, weight: UInt64)] = []
        for key in object.keys { weights.append((key, try integer(key))) }
        return weights
    }

    /// Strings, in order.
    func strings(_ key: String, in counts: ClosedRange<Int>) throws(CommandFailure) -> [String] {
        var strings: [String] = []
        for element in try elements(key, in: counts) {
            guard let text = element.value.string else {
                throw document.refusal(of: element.path, "must be a string")
            }
            strings.append(text)
        }
        return strings
    }

    /// Different strings.
    func texts(_ key: String, in counts: ClosedRange<Int>) throws(CommandFailure) -> [String] {
        var texts: [String] = []
        var seen: Set<String> = []
        for element in try elements(key, in: counts) {
            guard let text = element.value.string, seen.insert(text).inserted else {
                throw document.refusal(of: element.path, "must be a string that stands there once")
            }
            texts.append(text)
        }
        return texts
    }

    func integers(_ key: String, in counts: ClosedRange<Int>) throws(CommandFailure) -> [UInt64] {
        var numbers: [UInt64] = []
        for element in try elements(key, in: counts) {
            guard let number = Self.integer(element.value) else {
                throw document.refusal(of: element.path, "must be \(Self.phrase(0...UInt64.max))")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Byte strings in hexadecimal, each of `length` bytes if one is given.
    func byteStrings(
        _ key: String, in counts: ClosedRange<Int>, length: Int? = nil
    ) throws(CommandFailure) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        for element in try elements(key, in: counts) {
            guard let bytes = element.value.string.flatMap({ Hex.decode($0) }),
                length == nil || bytes.count == length
            else {
                let size = length.map { "\($0) bytes" } ?? "bytes"
                throw document.refusal(of: element.path, "must be \(size) in lower-case hexadecimal")
            }
            strings.append(bytes)
        }
        return strings
    }

    private static func integer(_ value: JSONValue) -> UInt64? {
        if let number = value.uint64 { return number }
        guard let text = value.string, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text == "0" || text.utf8.first != 0x30
        else { return nil }
        return UInt64(text)
    }

    private static func phrase(_ range: ClosedRange<UInt64>) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
}
