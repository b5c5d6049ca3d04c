/// A point in time in whole milliseconds since the Unix epoch; tests start at any value they like.
public struct Instant: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// Milliseconds since the Unix epoch.
    public let milliseconds: UInt64

    /// The epoch.
    public static let zero = Instant(milliseconds: 0)
    /// Later than any real time: "never".
    public static let distantFuture = Instant(milliseconds: .max)

    /// A number of milliseconds since the Unix epoch.
    public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

    /// This much later; stops at `distantFuture`.
    public func advanced(by span: Span) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(span.milliseconds)
        return overflow ? .distantFuture : Instant(milliseconds: sum)
    }

    /// How much later this is than `earlier`; zero when it is not later.
    public func since(_ earlier: Instant) -> Span {
        Span(milliseconds: milliseconds > earlier.milliseconds ? milliseconds - earlier.milliseconds : 0)
    }

    /// Milliseconds since the Unix epoch, in decimal.
    public var description: String { String(milliseconds) }

    /// By time.
    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// Writes 8 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(milliseconds) }

    /// Reads 8 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(milliseconds: try reader.readInteger())
    }

    /// A length of time in whole milliseconds.
    public struct Span: Sendable, Hashable, Comparable, Canonical {
        /// Milliseconds.
        public let milliseconds: UInt64

        /// No time.
        public static let zero = Span(milliseconds: 0)

        /// A number of milliseconds.
        public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

        /// A number of seconds; stops at the longest span.
        public static func seconds(_ count: UInt64) -> Span { Span(milliseconds: 1000).times(count) }

        /// `factor` times as long; stops at the longest span.
        public func times(_ factor: UInt64) -> Span {
            let (product, overflow) = milliseconds.multipliedReportingOverflow(by: factor)
            return Span(milliseconds: overflow ? .max : product)
        }

        /// By length.
        public static func < (left: Span, right: Span) -> Bool { left.milliseconds < right.milliseconds }

        /// Writes 8 bytes.
        public func encode(to writer: inout ByteWriter) { writer.write(milliseconds) }

        /// Reads 8 bytes.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            self.init(milliseconds: try reader.readInteger())
        }
    }
}
