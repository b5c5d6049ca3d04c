internal import Crypto
public import Primitives

/// The chaotic producer index: who leads a slot, given a 32-byte value that nobody can choose.
///
/// A hyperchaotic map in Q3.60 fixed point with wrapping integers, so that it is a total function with
/// identical results on every machine (`mathematics.md` 5.2 and 5.3).
public enum ChaoticIndex {
    /// The bounds of `limit`.
    public static let limits = 1...65_536

    /// A number from 0 to `limit` - 1; a `limit` outside `limits` is a bug of the caller.
    public static func index(id: Bytes32, slot: UInt64, limit: Int) -> Int {
        trace(id: id, slot: slot, limit: limit).index
    }

    /// The index with every value on the way to it, for audits.
    public static func trace(id: Bytes32, slot: UInt64, limit: Int) -> Trace {
        precondition(limits.contains(limit), "an index needs 1 to 65536 outcomes")
        var hasher = SHA256()
        hasher.update(id)
        hasher.update(slot)
        let info = hasher.finish()
        let control = Control(info.bytes)
        let orbit = Orbit(info.array, control)
        let fraction = orbit.final[control.channel].magnitude & (1 << 48 - 1)
        return Trace(
            info: info, control: control, orbit: orbit, fraction48: fraction,
            index: Int((fraction * UInt64(limit)) >> 48))
    }

    /// Every intermediate value of one index.
    public struct Trace: Sendable, Hashable {
        /// SHA-256 of the id and the slot; every later value derives from it.
        public let info: Digest
        /// The short orbit that chooses the channel and the cut.
        public let control: Control
        /// The long orbit, whose end decides.
        public let orbit: Orbit
        /// The low 48 bits of the deciding coordinate.
        public let fraction48: UInt64
        /// The outcome.
        public let index: Int
    }

    /// The short orbit: it chooses the deciding channel and how the 32 bytes are cut.
    public struct Control: Sendable, Hashable {
        /// How many steps it runs, 3 to 13.
        public let steps: Int
        /// Which coordinate of the long orbit decides: 0, 1 or 2.
        public let channel: Int
        /// The three lengths in bytes: they add up to 32 and the last is at least 8.
        public let segments: [Int]

        init(_ info: Bytes32) {
            steps = 3 + (Int(info.a >> 56) * 11) >> 8
            var point = ChaoticPoint(
                x: ChaoticMap.start(info.a), y: ChaoticMap.start(info.b), z: ChaoticMap.start(info.c))
            for _ in 0..<steps { point = ChaoticMap.step(point, parameter: ChaoticMap.controlParameter) }
            channel = Int(ChaoticMap.scaled(point.x &+ point.y &+ point.z) % 3)
            let others = [[1, 2], [0, 2], [0, 1]][channel]
            let first = 1 + Int(ChaoticMap.scaled(point[others[0]]) % 12)
            let second = 1 + Int(ChaoticMap.scaled(point[others[1]]) % 12)
            segments = [first, second, 32 - first - second]
        }
    }

    /// The long orbit: 200 to 455 steps from one start value.
    public struct Orbit: Sendable, Hashable {
        /// The map's parameter, 1.65 to 1.6665 in Q3.60.
        public let parameter: Int64
        /// How many steps it runs.
        public let steps: Int
        /// The start value of all three coordinates, below 0.1 in Q3.60.
        public let start: Int64
        /// Where it ends.
        public let final: ChaoticPoint

        init(_ info: [UInt8], _ control: Control) {
            let (first, second) = (control.segments[0], control.segments[1])
            parameter = ChaoticMap.parameter(mean: Self.mean(info[..<first]))
            steps = 200 + Self.mean(info[first..<first + second])
            var word: UInt64 = 0
            for byte in info[first + second..<first + second + 8] { word = word << 8 | UInt64(byte) }
            start = ChaoticMap.start(word)
            var point = ChaoticPoint(x: start, y: start, z: start)
            for _ in 0..<steps { point = ChaoticMap.step(point, parameter: parameter) }
            final = point
        }

        private static func mean(_ bytes: ArraySlice<UInt8>) -> Int {
            var sum = 0
            for byte in bytes { sum += Int(byte) }
            return sum / bytes.count
        }
    }
}

/// A point of the map in Q3.60: each coordinate is its raw value divided by 2^60.
public struct ChaoticPoint: Sendable, Hashable {
    /// The coordinates.
    public let x, y, z: Int64

    /// The coordinate with number 0, 1 or 2.
    public subscript(channel: Int) -> Int64 {
        switch channel {
        case 0: x
        case 1: y
        default: z
        }
    }
}
