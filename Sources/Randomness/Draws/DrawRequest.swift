internal import Crypto
public import Primitives

/// What is to be drawn, fixed before anybody can know the beacon (`mathematics.md` 0 and 6).
///
/// The whole request enters the seed: two requests on one beacon give unrelated numbers.
public struct DrawRequest: Sendable, Hashable, Canonical {
    /// Tells draws on one beacon apart: 1 to 128 bytes of UTF-8 without control characters.
    public let label: String
    /// The smallest outcome.
    public let minimum: UInt64
    /// The largest outcome.
    public let maximum: UInt64
    /// How many numbers, 1 to 10,000.
    public let count: UInt32
    /// True when no number may come twice.
    public let isUnique: Bool

    /// The bounds of a label in bytes.
    public static let labelLengths = 1...128
    /// The bounds of the count.
    public static let counts: ClosedRange<UInt32> = 1...10_000

    /// Joins the parts.
    public init(
        label: String, from minimum: UInt64, to maximum: UInt64, count: UInt32, unique: Bool
    ) throws(DrawRejection) {
        guard Self.labelLengths.contains(label.utf8.count),
            label.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else { throw .badLabel(bytes: label.utf8.count) }
        guard minimum <= maximum else { throw .emptyRange(minimum: minimum, maximum: maximum) }
        guard Self.counts.contains(count) else { throw .badCount(got: count, most: Self.counts.upperBound) }
        guard !unique || UInt64(count) - 1 <= maximum - minimum else {
            throw .tooFewOutcomes(outcomes: maximum - minimum + 1, count: count)
        }
        self.label = label
        self.minimum = minimum
        self.maximum = maximum
        self.count = count
        isUnique = unique
    }

    private static let commitmentTag = HashTag("ETM/random-request/1")
    private static let seedTag = HashTag("ETM/random-seed/1")
    private static let streamTag = HashTag("ETM/random-draw/1")

    /// The tagged hash of the request: what is published before the beacon exists.
    public var commitment: Bytes32 { Self.commitmentTag.hash(self).bytes }

    /// The numbers that the beacon of a round gives, in the order drawn.
    ///
    /// Unique numbers are a partial shuffle of all outcomes, so that every ordered choice is equally likely.
    public func values(beacon: Bytes32) -> [UInt64] {
        var state = Self.seedTag.begin()
        state.update(beacon)
        state.update(encoded)
        var stream = HashStream(seed: state.finish().bytes, tag: Self.streamTag)
        let span = maximum - minimum
        guard isUnique else { return (0..<count).map { _ in minimum + stream.upTo(span) } }
        // Who stands at a place that a draw has touched; all other places hold their own number.
        var moved: [UInt64: UInt64] = [:]
        return (0..<UInt64(count)).map { place in
            let chosen = place + stream.upTo(span - place)
            let value = moved[chosen] ?? chosen
            moved[chosen] = moved[place] ?? place
            return minimum + value
        }
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(label)
        writer.write(minimum)
        writer.write(maximum)
        writer.write(count)
        writer.write(isUnique)
    }

    /// Reads the parts and checks them.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let label = try reader.readString(most: Self.labelLengths.upperBound)
        let minimum: UInt64 = try reader.readInteger()
        let maximum: UInt64 = try reader.readInteger()
        let count: UInt32 = try reader.readInteger()
        let unique = try reader.readBool()
        do {
            self = try DrawRequest(label: label, from: minimum, to: maximum, count: count, unique: unique)
        } catch {
            throw .notCanonical(offset: start)
        }
    }
}

/// Why a request is no draw.
///
/// Blame: the caller. Consequence: nothing is drawn.
public enum DrawRejection: Error, Equatable, Sendable {
    /// The label is empty, too long or has control characters.
    case badLabel(bytes: Int)
    /// The smallest outcome is above the largest.
    case emptyRange(minimum: UInt64, maximum: UInt64)
    /// The count is 0 or too large.
    case badCount(got: UInt32, most: UInt32)
    /// There are fewer outcomes than different numbers asked for.
    case tooFewOutcomes(outcomes: UInt64, count: UInt32)
}

extension HashStream {
    // A uniform number from 0 to `last`; a word as it is when every word is an outcome.
    fileprivate mutating func upTo(_ last: UInt64) -> UInt64 { last == .max ? next() : below(last + 1) }
}
