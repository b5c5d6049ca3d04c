/// Reads a write-ahead log before SQLite does (file format: sqlite.org/walformat.html).
///
/// SQLite ends a log at its first bad frame and calls the rest a torn write. That is right for the
/// last transaction of a crashed process only: each commit is synchronised before the next begins,
/// so a bad frame with two commits after it is damage, and going on would forget what was signed.
struct LogInspection {
    /// Commits that SQLite will replay.
    private(set) var commits = 0
    /// Commits of the same generation behind the first bad frame.
    private(set) var lostCommits = 0
    /// True when the log's own header is broken.
    private(set) var hasBrokenHeader = false

    private static let headerSize = 32
    private static let frameHeaderSize = 24
    private static let frameSize = 24 + Schema.pageSize
    private static let framesAtOnce = 256

    private var sums: (UInt32, UInt32) = (0, 0)
    private var isBigEndian = false
    private var isIntact = true
    private var salt: [UInt8] = []

    /// Reads the log of a database; a missing or empty log is fine.
    init(of file: String) throws(StorageFailure) {
        let path = file + "-wal"
        guard let size = try FileSystem.size(path), size >= LogInspection.headerSize else { return }
        let header = try FileSystem.read(path, from: 0, count: LogInspection.headerSize)
        guard header.count == LogInspection.headerSize, readHeader(header) else {
            // A header alone may be torn; with a frame behind it, it was once durable.
            hasBrokenHeader = size > LogInspection.headerSize + LogInspection.frameSize
            return
        }
        var offset = LogInspection.headerSize
        while size - offset >= LogInspection.frameSize {
            let chunk = try FileSystem.read(
                path, from: offset, count: LogInspection.framesAtOnce * LogInspection.frameSize)
            guard chunk.count >= LogInspection.frameSize else { break }
            readFrames(chunk)
            offset += chunk.count / LogInspection.frameSize * LogInspection.frameSize
        }
    }

    private mutating func readHeader(_ header: [UInt8]) -> Bool {
        let magic = LogInspection.bigEndian(header, 0)
        guard magic & ~1 == 0x377f_0682, LogInspection.bigEndian(header, 4) == 3_007_000,
            LogInspection.bigEndian(header, 8) == UInt32(Schema.pageSize)
        else { return false }
        isBigEndian = magic & 1 == 1
        salt = Array(header[16..<24])
        sum(header, 0..<24)
        return sums == (LogInspection.bigEndian(header, 24), LogInspection.bigEndian(header, 28))
    }

    private mutating func readFrames(_ chunk: [UInt8]) {
        var start = 0
        while chunk.count - start >= LogInspection.frameSize {
            readFrame(chunk, at: start)
            start += LogInspection.frameSize
        }
    }

    private mutating func readFrame(_ chunk: [UInt8], at start: Int) {
        let isOfThisGeneration = chunk[start + 8..<start + 16].elementsEqual(salt)
        let isCommit = LogInspection.bigEndian(chunk, start + 4) != 0
        if isIntact {
            sum(chunk, start..<start + 8)
            sum(chunk, start + LogInspection.frameHeaderSize..<start + LogInspection.frameSize)
            let stored = (
                LogInspection.bigEndian(chunk, start + 16), LogInspection.bigEndian(chunk, start + 20)
            )
            isIntact = isOfThisGeneration && sums == stored
            if isIntact, isCommit { commits += 1 }
        }
        if !isIntact, isOfThisGeneration, isCommit { lostCommits += 1 }
    }

    private mutating func sum(_ bytes: [UInt8], _ range: Range<Int>) {
        var (first, second) = sums
        let isBigEndian = isBigEndian
        unsafe bytes.withUnsafeBytes { raw in
            var offset = range.lowerBound
            while offset < range.upperBound {
                let a = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                let b = unsafe raw.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                first = first &+ (isBigEndian ? UInt32(bigEndian: a) : UInt32(littleEndian: a)) &+ second
                second = second &+ (isBigEndian ? UInt32(bigEndian: b) : UInt32(littleEndian: b)) &+ first
                offset += 8
            }
        }
        sums = (first, second)
    }

    private static func bigEndian(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
