import Curve25519
import Foundation
import Testing

/// Reads the values that `make_curve25519.py` computed with Python's integers.
enum Fixture {
    /// The rows of one list.
    static func rows(_ name: String) throws -> [[Any]] {
        let folder = try #require(Bundle.module.resourceURL)
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/curve25519.json"))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(object[name] as? [[Any]])
    }

    /// The little-endian words of hexadecimal digits.
    static func words(_ value: Any) throws -> [UInt64] {
        let digits = Array(try #require(value as? String).utf8)
        var words = [UInt64](repeating: 0, count: digits.count / 16)
        for index in 0..<digits.count / 2 {
            let text = String(decoding: digits[2 * index..<2 * index + 2], as: UTF8.self)
            let byte = try #require(UInt64(text, radix: 16))
            words[index / 8] |= byte << UInt64(index % 8 * 8)
        }
        return words
    }

    /// The 32 bytes of hexadecimal digits.
    static func encoded(_ value: Any) throws -> Encoded {
        let words = try words(value)
        return Encoded(words[0], words[1], words[2], words[3])
    }
}
