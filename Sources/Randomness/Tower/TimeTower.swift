internal import Crypto
public import Primitives

/// Sequential hashing with chaotic look-ups: slow to make, checked in parallel (`mathematics.md` 6).
///
/// Q_0 = SHA-256^X(h_0); Q_j = SHA-256^X(Q_{j-1} + h_K) with K = index(Q_{j-1}, H, N); the output is the sum of
/// Q_1 to Q_M. Sums are of big-endian 256-bit integers modulo 2^256.
public struct TimeTower: Sendable, Hashable, Canonical {
    /// Q_0 to Q_M: publishing them lets others check the M + 1 segments independently.
    public let checkpoints: [Bytes32]

    /// Wraps published checkpoints without proving anything yet; nil unless there are 2 to 65,536.
    public init?(checkpoints: [Bytes32]) {
        let count = UInt32(clamping: checkpoints.count)
        guard count > 0, TowerProfile.lookupLimits.contains(count - 1) else { return nil }
        self.checkpoints = checkpoints
    }

    /// Builds the whole tower on the calling thread; `TowerBuilder` does the same in slices.
    public init(over input: TowerInput, profile: TowerProfile) {
        var builder = TowerBuilder(over: input, profile: profile)
        builder.advance(by: .max)
        checkpoints = builder.checkpoints
    }

    init(complete checkpoints: [Bytes32]) { self.checkpoints = checkpoints }

    /// R: the sum of all checkpoints but the first.
    public var output: Bytes32 {
        checkpoints.dropFirst().reduce(.zero) { $0.addingModulo256($1) }
    }

    /// K_1 to K_M: which values were looked up, if the checkpoints are right.
    public func picks(in input: TowerInput) -> [Int] { checkpoints.dropLast().map(input.pick) }

    /// The pieces to check, in order; each is independent of the others and takes X hashes.
    ///
    /// The caller may spread them over threads. The tower is right when every segment is.
    public func segments(
        over input: TowerInput, profile: TowerProfile
    ) throws(TowerRejection) -> [TowerSegment] {
        guard checkpoints.count == profile.segmentCount else {
            throw .wrongCount(expected: profile.segmentCount, got: checkpoints.count)
        }
        return checkpoints.indices.map { index in
            guard index > 0 else {
                return TowerSegment(
                    index: 0, start: input.values[0], hashes: profile.hashes, end: checkpoints[0])
            }
            let before = checkpoints[index - 1]
            let start = before.addingModulo256(input.values[input.pick(after: before)])
            return TowerSegment(index: index, start: start, hashes: profile.hashes, end: checkpoints[index])
        }
    }

    /// Checks every segment on the calling thread.
    public func verify(over input: TowerInput, profile: TowerProfile) throws(TowerRejection) {
        for segment in try segments(over: input, profile: profile) { try segment.verify() }
    }

    /// Checks `count` segments that the seed names; a false segment is found with probability `count` / (M + 1).
    public func verifySample(
        of count: Int, seed: Bytes32, over input: TowerInput, profile: TowerProfile
    ) throws(TowerRejection) {
        let segments = try segments(over: input, profile: profile)
        for index in Self.sample(of: count, from: segments.count, seed: seed) { try segments[index].verify() }
    }

    private static let sampleTag = HashTag("ETM/tower-sample/1")

    /// Which of `segments` pieces to check: `count` different ones in rising order, or all when there are fewer.
    ///
    /// The seed must be unknown to whoever made the tower; a checker draws it for itself.
    public static func sample(of count: Int, from segments: Int, seed: Bytes32) -> [Int] {
        guard count < segments else { return Array(0..<max(0, segments)) }
        var stream = HashStream(seed: seed, tag: sampleTag)
        var order = Array(0..<segments)
        for place in 0..<max(0, count) {
            order.swapAt(place, place + Int(stream.below(UInt64(segments - place))))
        }
        return order.prefix(max(0, count)).sorted()
    }

    /// Writes a count and 32 bytes for each checkpoint.
    public func encode(to writer: inout ByteWriter) {
        writer.write(UInt32(checkpoints.count))
        for checkpoint in checkpoints { writer.write(checkpoint) }
    }

    /// Reads 2 to 65,536 checkpoints.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let count = try reader.readCount(most: Int(TowerProfile.lookupLimits.upperBound) + 1)
        guard count >= 2 else { throw .notCanonical(offset: start) }
        guard count * 32 <= reader.remaining else {
            throw .truncated(offset: reader.offset, needed: count * 32)
        }
        var checkpoints: [Bytes32] = []
        checkpoints.reserveCapacity(count)
        for _ in 0..<count { checkpoints.append(try reader.readBytes32()) }
        self.checkpoints = checkpoints
    }
}

/// One independently checkable piece of a tower: X hashes from one value to the next checkpoint.
public struct TowerSegment: Sendable, Hashable {
    /// The number of the checkpoint where it ends, from 0.
    public let index: Int
    /// The value that is hashed first.
    public let start: Bytes32
    /// X.
    public let hashes: UInt64
    /// The checkpoint that it must reach.
    public let end: Bytes32

    /// True when hashing leads from the start to the end.
    public var isValid: Bool { SHA256.iterate(start, count: hashes) == end }

    /// Throws unless hashing leads from the start to the end.
    public func verify() throws(TowerRejection) {
        let got = SHA256.iterate(start, count: hashes)
        guard got == end else { throw .brokenSegment(index: index, expected: got, got: end) }
    }
}

/// Why a tower was refused.
///
/// Blame: whoever published it. Consequence: it is discarded and the sender penalised.
public enum TowerRejection: Error, Equatable, Sendable {
    /// The profile asks for another number of checkpoints.
    case wrongCount(expected: Int, got: Int)
    /// Hashing leads to `expected` where the transcript has `got` as checkpoint `index`.
    case brokenSegment(index: Int, expected: Bytes32, got: Bytes32)
}

/// Builds a tower in slices, so that an edge can run it beside other work and stop at any time.
public struct TowerBuilder: Sendable {
    private let input: TowerInput
    private let profile: TowerProfile
    private var state: Bytes32
    // Hashes left in the segment under work.
    private var left: UInt64
    /// The checkpoints reached so far.
    public private(set) var checkpoints: [Bytes32] = []

    /// Starts at the first value; no hash is done yet.
    public init(over input: TowerInput, profile: TowerProfile) {
        self.input = input
        self.profile = profile
        state = input.values[0]
        left = profile.hashes
        checkpoints.reserveCapacity(profile.segmentCount)
    }

    /// True when every checkpoint is reached.
    public var isComplete: Bool { checkpoints.count == profile.segmentCount }

    /// Hashes still to be done.
    public var remainingHashes: UInt64 {
        guard !isComplete else { return 0 }
        return UInt64(profile.segmentCount - checkpoints.count - 1) * profile.hashes + left
    }

    /// The finished tower, or nil while hashes remain.
    public var tower: TimeTower? { isComplete ? TimeTower(complete: checkpoints) : nil }

    /// Does at most `hashes` hashes; true when the tower is finished.
    @discardableResult
    public mutating func advance(by hashes: UInt64) -> Bool {
        var budget = hashes
        while !isComplete, budget > 0 {
            let count = min(left, budget)
            state = SHA256.iterate(state, count: count)
            left -= count
            budget -= count
            if left == 0 { reachCheckpoint() }
        }
        return isComplete
    }

    private mutating func reachCheckpoint() {
        checkpoints.append(state)
        guard !isComplete else { return }
        state = state.addingModulo256(input.values[input.pick(after: state)])
        left = profile.hashes
    }
}

extension Bytes32 {
    /// The sum of two big-endian unsigned integers modulo 2^256 (`mathematics.md` 6, D-16).
    func addingModulo256(_ other: Bytes32) -> Bytes32 {
        func add(_ x: UInt64, _ y: UInt64, _ carry: inout UInt64) -> UInt64 {
            let (first, overflow) = x.addingReportingOverflow(y)
            let (sum, second) = first.addingReportingOverflow(carry)
            carry = overflow || second ? 1 : 0
            return sum
        }
        var carry: UInt64 = 0
        let d = add(self.d, other.d, &carry)
        let c = add(self.c, other.c, &carry)
        let b = add(self.b, other.b, &carry)
        let a = add(self.a, other.a, &carry)
        return Bytes32(a, b, c, d)
    }
}
