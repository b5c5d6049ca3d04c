import Foundation
import Ledger
import Node
import Primitives
import Testing

@Suite(.serialized) struct DevnetTests {
    private func options(_ name: String) throws -> DevnetOptions {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("etm-\(name)-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var options = DevnetOptions(name: name, directory: directory.path, workerPath: "/nonexistent")
        options.port = 0
        options.blockTime = .init(milliseconds: 200)
        return options
    }

    @Test func fourValidatorsMakeFinalBlocksAndGoOnAfterARestart() throws {
        let options = try options("restart")
        defer { try? FileManager.default.removeItem(atPath: options.directory) }
        let first = try Devnet(options) { print($0) }
        try first.start()
        let height = first.summary.height
        #expect(height > .zero)
        first.stop()
        let second = try Devnet(options) { print($0) }
        try second.start()
        #expect(second.summary.height > height)
        #expect(second.summary.chain == first.summary.chain)
        second.stop()
    }
}
