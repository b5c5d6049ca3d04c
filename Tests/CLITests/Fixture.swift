import Foundation
import Testing

/// Reads the files that independent programs made.
enum Fixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = try #require(Bundle.module.resourceURL)
        return try [UInt8](Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)")))
    }

    static func object(_ name: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(bytes(name)))
        return try #require(value as? [String: Any])
    }
}
