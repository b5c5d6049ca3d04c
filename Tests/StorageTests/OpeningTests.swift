import Glibc
import Primitives
import Storage
import Testing

@Suite struct OpeningTests {
    @Test func aNewFileBelongsToItsOwnerAlone() throws {
        let scratch = try Scratch()
        let database = try open(scratch.path())
        for name in ["chain.db", "chain.db-wal", "chain.db-shm", "chain.db.lock"] {
            var status = stat()
            #expect(unsafe stat(scratch.path(name), &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
        #expect(try database.restore().finalHeight == .zero)
        #expect(try database.restore().snapshotHeight == nil)
    }

    @Test func aMissingDirectoryIsNamed() {
        #expect(
            throws: StorageFailure.system(
                operation: "create its lock file", file: "/nonexistent/chain.db", code: ENOENT)
        ) { try open("/nonexistent/chain.db") }
    }

    @Test func aSecondOpeningIsRefusedWhileTheFirstLives() throws {
        let scratch = try Scratch()
        do {
            let first = try open(scratch.path())
            #expect(throws: StorageFailure.locked(file: scratch.path(), holder: getpid())) {
                try open(scratch.path())
            }
            try first.checkpoint()
        }
        _ = try open(scratch.path())
    }

    @Test func anotherProcessIsRefusedAndToldWhoHoldsTheFile() async throws {
        let scratch = try Scratch()
        let database = try open(scratch.path())
        let path = scratch.path()
        let holder = getpid()
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String, holder = holder as Int32] in
            do {
                _ = try open(path)
            } catch let failure as StorageFailure {
                exit(failure == .locked(file: path, holder: holder) ? 42 : 1)
            }
        }
        try database.checkpoint()
    }

    @Test func aFileOfAnotherChainIsRefused() throws {
        let scratch = try Scratch()
        do { _ = try open(scratch.path()) }
        let other = ChainID(Bytes32(9, 9, 9, 9))
        let failure = StorageFailure.wrongChain(file: scratch.path(), expected: other, got: ChainModel.chain)
        #expect(throws: failure) {
            try ChainDatabase(path: scratch.path(), chain: other, genesis: ChainModel.genesis)
        }
        #expect(throws: failure) { try ChainReader(path: scratch.path(), chain: other) }
    }

    @Test func aFileOfAnotherGenesisIsRefused() throws {
        let scratch = try Scratch()
        do { _ = try open(scratch.path()) }
        let other = BlockID(Bytes32(9, 9, 9, 9))
        #expect(
            throws: StorageFailure.wrongGenesis(
                file: scratch.path(), expected: other, got: ChainModel.genesis)
        ) { try ChainDatabase(path: scratch.path(), chain: ChainModel.chain, genesis: other) }
    }

    @Test func aNewerFormatIsRefusedAndTheOwnOneIsRead() throws {
        let scratch = try Scratch()
        do { _ = try open(scratch.path()) }
        do { _ = try open(scratch.path()) }
        var bytes = Scratch.bytes(scratch.path())
        bytes[63] = 2
        try Scratch.write(bytes, to: scratch.path())
        #expect(throws: StorageFailure.newerFormat(file: scratch.path(), supported: 1, got: 2)) {
            try open(scratch.path())
        }
    }

    @Test func someOtherFileIsRefusedAndLeftAsItIs() throws {
        let scratch = try Scratch()
        let text = [UInt8](repeating: 0x61, count: 10_000)
        try Scratch.write(text, to: scratch.path())
        #expect(throws: StorageFailure.damaged(file: scratch.path(), .header(offset: 0))) {
            try open(scratch.path())
        }
        #expect(Scratch.bytes(scratch.path()) == text)
    }

    @Test func aLogWithoutItsDatabaseIsNotReplayedIntoANewOne() throws {
        let scratch = try Scratch()
        try Scratch.write([1, 2, 3], to: scratch.path("chain.db-wal"))
        #expect(throws: StorageFailure.damaged(file: scratch.path(), .orphanLog)) { try open(scratch.path()) }
    }

    @Test func aHalfMadeDraftOfAKilledProcessIsReplaced() throws {
        let scratch = try Scratch()
        try Scratch.write([1, 2, 3], to: scratch.path("chain.db.new"))
        #expect(try open(scratch.path()).restore().finalHeight == .zero)
    }
}
