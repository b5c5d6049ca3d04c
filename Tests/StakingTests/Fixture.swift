import Foundation
import Primitives
import Testing

/// Reads the files that independent programs made.
enum Fixture {
    static func object(_ name: String) throws -> [String: Any] {
        let folder = try #require(Bundle.module.resourceURL)
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/etm-\(name).json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    static func list(_ file: String, _ name: String) throws -> [[String: Any]] {
        try #require(try object(file)[name] as? [[String: Any]])
    }
}

extension [String: Any] {
    /// A whole number, written as a number or as decimal text.
    func number(_ name: String) throws -> UInt64 {
        if let text = self[name] as? String { return try #require(UInt64(text)) }
        return try #require((self[name] as? NSNumber)?.uint64Value)
    }

    func amount(_ name: String) throws -> Amount { Amount(units: try number(name)) }

    func digest(_ name: String) throws -> Digest { try #require(Digest(hex: try text(name))) }

    func text(_ name: String) throws -> String { try #require(self[name] as? String) }
}
