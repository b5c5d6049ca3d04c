internal import Primitives

/// Bounds and shapes of manifest values, shared by the text parser and the decoder.
enum ManifestRules {
    static let interval: ClosedRange<UInt64> = 200...60_000
    static let heartbeat: ClosedRange<UInt64> = 1_000...86_400_000
    static let transactions: ClosedRange<UInt64> = 1...10_000
    static let bytes: ClosedRange<UInt64> = 1_024...16_777_216
    static let gas: ClosedRange<UInt64> = 100_000...1_000_000_000

    /// `[a-z][a-z0-9-]{1,31}`.
    static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, (2...32).contains(bytes.count), (0x61...0x7A).contains(first) else {
            return false
        }
        return bytes.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
    }

    /// `[A-Z]{3,6}`.
    static func isSymbol(_ text: String) -> Bool {
        (3...6).contains(text.utf8.count) && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    /// The shape of an address; the host checks its checksum.
    static func looksLikeAddress(_ text: String) -> Bool {
        text.utf8.first == 0x41 && (21...40).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    /// Milliseconds of a text such as "200ms", "1s", "10m", "24h".
    static func milliseconds(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = UInt64(digits), digits.count <= 9 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return count
        case "s": return count * 1_000
        case "m": return count * 60_000
        case "h": return count * 3_600_000
        default: return nil
        }
    }
}
