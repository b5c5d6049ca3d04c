public import Primitives

/// A decoder that meets a stranger's bytes, with samples to start from.
public struct FuzzTarget: Sendable, CustomStringConvertible {
    /// The type's name.
    public let name: String
    /// Bytes that it accepts.
    public let samples: [[UInt8]]
    /// The bytes that a decoded value is written as; nil when they are refused.
    public let recode: @Sendable ([UInt8]) -> [UInt8]?

    /// A canonical type and values of it.
    public init<Value: Canonical & SendableMetatype>(_ values: [Value]) {
        name = "\(Value.self)"
        samples = values.map(\.encoded)
        recode = { (try? Value(decoding: $0))?.encoded }
    }

    /// Any reader; what it accepts is written again in its one form.
    public init(
        _ name: String, samples: [[UInt8]], recode: @escaping @Sendable ([UInt8]) -> [UInt8]?
    ) {
        self.name = name
        self.samples = samples
        self.recode = recode
    }

    /// The name.
    public var description: String { name }
}

/// How long to fuzz and from which seed: `ETM_FUZZ` altered inputs a decoder, `ETM_FUZZ_SEED`.
public struct FuzzPlan: Sendable {
    /// Altered inputs a decoder.
    public let iterations: Int
    /// Where chance starts; each decoder has a stream of its own.
    public let seed: UInt64
    /// True when somebody asked for more than the fast tests do.
    public let isLong: Bool

    /// Two thousand inputs from a fixed seed unless the environment asks for others.
    public init(_ environment: [String: String], seed: UInt64) {
        let asked = environment["ETM_FUZZ"].flatMap { Int($0) }
        iterations = max(1, asked ?? 2_000)
        isLong = asked != nil
        self.seed = environment["ETM_FUZZ_SEED"].flatMap { UInt64($0) } ?? seed
    }

    /// The command that does the same again, with `filter` naming the suite.
    public func reproduction(filter: String) -> String {
        "ETM_FUZZ=\(iterations) ETM_FUZZ_SEED=\(seed) swift test --filter \(filter)"
    }

    /// Feeds a decoder altered samples and gives what was wrong, at most ten.
    ///
    /// What a canonical decoder accepts must be written as it was read; any other one's must be stable once written.
    public func failures(of target: FuzzTarget, isCanonical: Bool = true) -> [String] {
        var found = target.samples.filter { target.recode($0) != $0 && isCanonical }.map {
            "sample \(hex($0))"
        }
        let salt = target.name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        var random = SeededGenerator(seed: seed ^ salt)
        for number in 0..<iterations where found.count < 10 {
            var bytes = target.samples[number % target.samples.count]
            for _ in 0...random.below(4) { Self.alter(&bytes, &random) }
            guard let again = target.recode(bytes) else { continue }
            let isRight = isCanonical ? again == bytes : target.recode(again) == again
            if !isRight { found.append("input \(number): \(hex(bytes))") }
        }
        return found
    }

    private func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes.prefix(4_096)) }

    /// One change: cut, insert, delete, overwrite with extremes, repeat, or flip a bit.
    public static func alter(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return bytes = noise(&random, most: 40) }
        let place = Int(random.below(UInt64(bytes.count)))
        switch random.below(8) {
        case 0: bytes.removeLast(place)
        case 1: bytes.insert(contentsOf: noise(&random, most: 8), at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 8))
        case 3: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xff }
        case 4: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0 }
        case 5: bytes += bytes.prefix(min(place, 65_536))
        case 6: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        default: bytes[place] ^= 1 << UInt8(random.below(8))
        }
    }

    private static func noise(_ random: inout SeededGenerator, most: UInt64) -> [UInt8] {
        (0..<random.below(most + 1)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
