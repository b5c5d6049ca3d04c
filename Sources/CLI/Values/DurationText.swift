package import Primitives

/// Reads and writes lengths of time as people type them: `500ms`, `3s`, `2m`, `1h`.
package enum DurationText {
    private static let units: [(suffix: String, milliseconds: UInt64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// A whole number with a unit, or nil; a number without a unit is refused.
    package static func parse(_ text: String) -> Instant.Span? {
        for unit in units where text.hasSuffix(unit.suffix) {
            let digits = text.dropLast(unit.suffix.count)
            guard isNumber(digits), let count = UInt64(digits) else { continue }
            let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
            return overflow ? nil : Instant.Span(milliseconds: product)
        }
        return nil
    }

    /// The largest unit that divides the span, such as "3s".
    package static func format(_ span: Instant.Span) -> String {
        for unit in units.reversed()
        where span.milliseconds > 0 && span.milliseconds.isMultiple(of: unit.milliseconds) {
            return "\(span.milliseconds / unit.milliseconds)\(unit.suffix)"
        }
        return "0s"
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
