package import Primitives

/// Reads points in time as people type them, in universal time: `2026-12-24 18:00`, `2026-12-24T18:00:30Z`.
package enum TimeText {
    /// The time, or nil: a date that exists, a time of day with or without seconds, or Unix milliseconds.
    package static func parse(_ text: String) -> Instant? {
        if text.utf8.count >= 12, isNumber(text[...]), let count = UInt64(text) {
            return Instant(milliseconds: count)
        }
        let text = text.hasSuffix("Z") ? text.dropLast() : text[...]
        guard let middle = text.firstIndex(where: { $0 == "T" || $0 == " " }),
            let date = numbers(text[..<middle], separator: "-", widths: [4, 2, 2]),
            let clock = numbers(
                text[text.index(after: middle)...], separator: ":", widths: [2, 2, 2], least: 2),
            let day = day(year: date[0], month: date[1], day: date[2])
        else { return nil }
        let second = clock.count == 3 ? clock[2] : 0
        guard clock[0] < 24, clock[1] < 60, second < 60 else { return nil }
        return Instant(milliseconds: (day * 86_400 + clock[0] * 3_600 + clock[1] * 60 + second) * 1_000)
    }

    private static func numbers(
        _ text: Substring, separator: Character, widths: [Int], least: Int? = nil
    ) -> [UInt64]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count <= widths.count, parts.count >= least ?? widths.count,
            zip(parts, widths).allSatisfy({ $0.utf8.count == $1 && isNumber($0) })
        else { return nil }
        return parts.compactMap { UInt64($0) }
    }

    /// Days since the Unix epoch; nil for a date before it, or one that is in no calendar.
    private static func day(year: UInt64, month: UInt64, day: UInt64) -> UInt64? {
        let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
        let lengths: [UInt64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1970, (1...12).contains(month), (1...lengths[Int(month) - 1]).contains(day) else {
            return nil
        }
        let past = year - 1
        // Leap days since the year 1, less those before 1970.
        let leaps = past / 4 - past / 100 + past / 400 - 477
        return (year - 1970) * 365 + leaps + lengths[..<(Int(month) - 1)].reduce(0, +) + day - 1
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
