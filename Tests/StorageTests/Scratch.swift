import Foundation
import Primitives
import Storage

/// A directory that goes away with its owner.
final class Scratch {
    let directory: String

    init() throws {
        // In memory where there is such a file system: hundreds of tests' synchronised commits would wait for the disk.
        let memory = "/dev/shm/"
        let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        directory = base + "storage-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String = "chain.db") -> String { directory + "/" + name }

    static func bytes(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map { Array($0) } ?? []
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// Writes a copy of a database and its log under a new name.
    func place(_ image: Image, as name: String) throws -> String {
        try Scratch.write(image.main, to: path(name))
        if !image.log.isEmpty { try Scratch.write(image.log, to: path(name) + "-wal") }
        return path(name)
    }

    func clear(_ name: String) {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: path(name) + suffix)
        }
    }
}

/// What is on the disk at some instant.
struct Image {
    var main: [UInt8]
    var log: [UInt8]

    init(of path: String) {
        main = Scratch.bytes(path)
        log = Scratch.bytes(path + "-wal")
    }
}

func open(_ path: String) throws -> ChainDatabase {
    try ChainDatabase(path: path, chain: ChainModel.chain, genesis: ChainModel.genesis)
}

/// A new database with the model's genesis state.
func create(_ path: String, _ model: ChainModel) throws -> ChainDatabase {
    let database = try open(path)
    try database.flush(changesUpTo: .zero, records: model.genesisState)
    return database
}
