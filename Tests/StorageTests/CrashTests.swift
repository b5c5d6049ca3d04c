import Glibc
import Ledger
import Primitives
import Storage
import Testing

@Suite struct CrashTests {
    private static let frame = 4_096 + 24

    /// A database whose log holds every commit, the model after each commit and the log's size at its return.
    private func history(
        _ path: String, seed: UInt64, commits: Int
    ) throws -> (image: Image, models: [ChainModel], sizes: [Int]) {
        var model = ChainModel(seed: seed)
        let database = try create(path, model)
        try database.checkpoint()
        var models = [model]
        var sizes = [0]
        for _ in 0..<commits {
            try database.commit(model.step())
            models.append(model)
            sizes.append(Scratch.bytes(path + "-wal").count)
        }
        return (Image(of: path), models, sizes)
    }

    /// The number of commits that survive when the log ends after `length` bytes.
    private func survivors(
        _ image: Image, _ length: Int, _ models: [ChainModel], _ scratch: Scratch
    ) throws -> Int? {
        var cut = image
        cut.log = Array(image.log.prefix(length))
        let path = try scratch.place(cut, as: "cut.db")
        defer { scratch.clear("cut.db") }
        let database = try open(path)
        let contents = try database.restore().contents
        try database.verify()
        return models.lastIndex { $0.contents == contents }
    }

    @Test(arguments: [31, 32] as [UInt64])
    func aLogCutAnywhereGivesThePrefixOfAllCommitsThatHadReturned(seed: UInt64) throws {
        let scratch = try Scratch()
        let (image, models, sizes) = try history(scratch.path(), seed: seed, commits: 12)
        var generator = SeededGenerator(seed: seed)
        let boundaries = stride(from: 32, through: image.log.count, by: CrashTests.frame)
        let offsets = (0..<60).map { _ in Int(generator.below(UInt64(image.log.count) + 1)) }
        for length in Array(boundaries) + offsets {
            let durable = sizes.lastIndex { $0 <= length } ?? 0
            #expect(try survivors(image, length, models, scratch) == durable, "cut at \(length)")
        }
    }

    @Test func copiesTakenBetweenCommitsAndCheckpointsAreComplete() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 41)
        let database = try create(scratch.path(), model)
        for round in 0..<30 {
            try database.commit(model.step())
            if round % 7 == 6 { try database.flush() }
            if round % 5 == 4 { try database.checkpoint() }
            let path = try scratch.place(Image(of: scratch.path()), as: "copy.db")
            let contents = try open(path).restore().contents
            #expect(contents == model.contents)
            scratch.clear("copy.db")
        }
    }

    @Test(arguments: [51, 52, 53] as [UInt64])
    func aKilledProcessLosesNothingThatCommitReturnedFor(seed: UInt64) async throws {
        let scratch = try Scratch()
        let path = scratch.path()
        let progress = scratch.path("progress")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, progress = progress as String, seed = seed as UInt64] in
            try killedWhileCommitting(path, progress, seed)
        }
        let returned = Scratch.bytes(progress).count
        #expect(returned > 0)
        let contents = try open(path).restore().contents
        var model = ChainModel(seed: seed)
        for _ in 0..<returned { _ = model.step(transactions: 30) }
        let atReturn = model.contents
        _ = model.step(transactions: 30)
        // A commit that was cut short may still have become durable as a whole.
        #expect(contents == atReturn || contents == model.contents)
    }
}

/// Commits without end while another thread kills the process as soon as the log has a seeded size.
private func killedWhileCommitting(_ path: String, _ progress: String, _ seed: UInt64) throws {
    var model = ChainModel(seed: seed)
    let database = try create(path, model)
    let descriptor = unsafe creat(progress, 0o600)
    var generator = SeededGenerator(seed: seed)
    let target = Int(500_000 + generator.below(3_000_000))
    Task.detached {
        var status = stat()
        while unsafe stat(path + "-wal", &status) != 0 || status.st_size < target { sched_yield() }
        kill(getpid(), SIGKILL)
    }
    while true {
        try database.commit(model.step(transactions: 30))
        unsafe _ = write(descriptor, [1], 1)
    }
}
