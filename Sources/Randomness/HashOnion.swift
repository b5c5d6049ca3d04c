public import Crypto
public import Primitives

/// A producer's chain of preimages: the anchor is SHA-256 applied K times to a secret (`mathematics.md` 5.5).
///
/// Each block reveals the next preimage, which one hash checks and nobody else can compute. The prover
/// keeps about sqrt(K) evenly spaced values in secret memory, so it needs 32 KiB and at most 1024 hashes a
/// reveal for the usual length of 2^20.
public struct HashOnion: Sendable, Redacted {
    /// K for members of real chains: a block every 3 s for 36 days without pause.
    public static let standardLength: UInt64 = 1 << 20

    /// The lengths that may be asked for; the longest takes 2^16 checkpoints, 2 MiB.
    public static let lengths: ClosedRange<UInt64> = 1...1 << 32

    /// What the producer registers: the hash of its first reveal.
    public let anchor: Bytes32

    /// How many reveals there are.
    public let length: UInt64

    private let spacing: UInt64
    private let checkpoints: SecretBytes

    /// Computes the anchor with `length` hashes; nil unless the secret has 32 bytes and `lengths` has the length.
    public init?(secret: SecretBytes, length: UInt64 = HashOnion.standardLength) {
        guard secret.count == 32, Self.lengths.contains(length) else { return nil }
        self.length = length
        spacing = Self.spacing(for: length)
        var layer = secret.reveal { Self.layer(at: 0, in: $0) }
        var kept: [UInt8] = []
        kept.reserveCapacity(32 * Int(length / spacing + 1))
        var depth: UInt64 = 0
        while length - depth > spacing {
            layer.append(to: &kept)
            layer = SHA256.iterate(layer, count: spacing)
            depth += spacing
        }
        layer.append(to: &kept)
        checkpoints = SecretBytes(zeroing: &kept)
        anchor = SHA256.iterate(layer, count: length - depth)
    }

    /// The reveal with a given number, from 0; nil once the onion is used up.
    ///
    /// SHA-256 of reveal 0 is the anchor and SHA-256 of each other reveal is the one before it. A reveal
    /// may be asked for again: a proposal that did not become final shows the same one as its successor.
    public func reveal(at index: UInt64) -> Bytes32? {
        guard index < length else { return nil }
        let depth = length - 1 - index
        let start = checkpoints.reveal { Self.layer(at: Int(depth / spacing), in: $0) }
        return SHA256.iterate(start, count: depth % spacing)
    }

    /// The smallest power of two whose square is at least `length`.
    private static func spacing(for length: UInt64) -> UInt64 {
        var spacing: UInt64 = 1
        while spacing * spacing < length { spacing <<= 1 }
        return spacing
    }

    private static func layer(at index: Int, in bytes: Span<UInt8>) -> Bytes32 {
        func word(_ place: Int) -> UInt64 {
            var word: UInt64 = 0
            for offset in 0..<8 { word = word << 8 | UInt64(bytes[32 * index + 8 * place + offset]) }
            return word
        }
        return Bytes32(word(0), word(1), word(2), word(3))
    }
}

/// What a chain remembers of a producer's onion: the last value seen.
public struct OnionVerifier: Sendable, Hashable, Canonical {
    /// The anchor, or the last reveal accepted.
    public private(set) var last: Bytes32

    /// How many reveals were accepted: the number of the reveal that comes next.
    public private(set) var revealed: UInt64

    /// Starts at a registered anchor.
    public init(anchor: Bytes32) {
        last = anchor
        revealed = 0
    }

    /// True when `reveal` is the next one.
    public func isNext(_ reveal: Bytes32) -> Bool { SHA256.hash(reveal).bytes == last }

    /// Moves past the next reveal.
    public mutating func accept(_ reveal: Bytes32) throws(OnionRejection) {
        let hash = SHA256.hash(reveal).bytes
        guard hash == last else { throw .notNext(expected: last, got: hash) }
        last = reveal
        revealed += 1
    }

    /// Writes 40 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(last)
        writer.write(revealed)
    }

    /// Reads 40 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        last = try reader.readBytes32()
        revealed = try reader.readInteger()
    }
}

/// Why a reveal was refused.
///
/// Blame: the producer of the block. Consequence: the block is invalid.
public enum OnionRejection: Error, Equatable, Sendable {
    /// The reveal hashes to `got`, not to the last value of its producer.
    case notNext(expected: Bytes32, got: Bytes32)
}
