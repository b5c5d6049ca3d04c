/// A counted position with its own type, so that heights, rounds and views cannot be mixed.
public protocol Ordinal: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// The number.
    var value: UInt64 { get }
    /// Wraps the number.
    init(_ value: UInt64)
}

extension Ordinal {
    /// The first position.
    public static var zero: Self { Self(0) }
    /// The position after this one; the counter of a real chain never reaches its end.
    public var next: Self { Self(value &+ 1) }
    /// The position before this one, or nil at zero.
    public var previous: Self? { value == 0 ? nil : Self(value - 1) }
    /// The number in decimal.
    public var description: String { String(value) }
    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
    /// Writes 8 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(value) }
    /// Reads 8 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) { self.init(try reader.readInteger()) }
}

/// Distance of a block from its chain's genesis, which has height 0.
public struct Height: Ordinal {
    /// The number.
    public let value: UInt64
    /// Wraps the number.
    public init(_ value: UInt64) { self.value = value }
}

/// A run of consecutive heights with one member list; rounds count from 1.
public struct Round: Ordinal {
    /// The number.
    public let value: UInt64
    /// Wraps the number.
    public init(_ value: UInt64) { self.value = value }
}

/// A numbered attempt, within a round, to add one block; views count from 1.
public struct View: Ordinal {
    /// The number.
    public let value: UInt64
    /// Wraps the number.
    public init(_ value: UInt64) { self.value = value }
}
