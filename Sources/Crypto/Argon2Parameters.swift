internal import CSodium
public import Primitives

/// How hard a password is to guess: the cost of one try of Argon2id (RFC 9106) with one lane.
///
/// Argon2id rather than scrypt: it is the standard's first choice, its time and memory are set apart, and
/// its first half-pass reads memory in an order that leaks nothing about the password.
public struct Argon2Parameters: Sendable, Hashable, Canonical {
    /// How many times the memory is gone through, 1 to 16.
    public let passes: UInt32
    /// How much memory one try takes: 8 MiB to 256 MiB, so that a hostile file cannot exhaust a machine.
    public let memoryKiB: UInt32

    /// The bounds of `passes`.
    public static let passBounds: ClosedRange<UInt32> = 1...16
    /// The bounds of `memoryKiB`.
    public static let memoryBounds: ClosedRange<UInt32> = 8_192...262_144

    /// 128 MiB and three passes: as much memory as scrypt with N = 2^17, and a quarter of a second.
    public static let standard = Argon2Parameters(checkedPasses: 3, memoryKiB: 131_072)
    /// The least that is accepted, for throw-away networks and tests: 8 MiB, one pass.
    public static let lightest = Argon2Parameters(checkedPasses: 1, memoryKiB: 8_192)

    /// Nil when a value is out of its bounds.
    public init?(passes: UInt32, memoryKiB: UInt32) {
        guard Self.passBounds.contains(passes), Self.memoryBounds.contains(memoryKiB) else { return nil }
        self.init(checkedPasses: passes, memoryKiB: memoryKiB)
    }

    private init(checkedPasses passes: UInt32, memoryKiB: UInt32) {
        self.passes = passes
        self.memoryKiB = memoryKiB
    }

    /// Writes 8 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(passes)
        writer.write(memoryKiB)
    }

    /// Reads 8 bytes; values out of bounds are refused.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let passes = try reader.readInteger(UInt32.self)
        let memoryKiB = try reader.readInteger(UInt32.self)
        guard let checked = Argon2Parameters(passes: passes, memoryKiB: memoryKiB) else {
            throw .notCanonical(offset: start)
        }
        self = checked
    }

    static let saltBytes = 16

    /// The 32-byte key of a password, or nil when the memory cannot be had.
    func key(of password: SecretBytes, salt: [UInt8]) -> SecretBytes? {
        precondition(salt.count == Self.saltBytes, "a salt has 16 bytes")
        let key = SecretBytes(count: 32)
        let status = unsafe password.withBytes { text in
            unsafe key.withMutableBytes { target in
                unsafe crypto_pwhash(
                    target, 32, text, UInt64(password.count), salt, UInt64(passes), Int(memoryKiB) << 10,
                    crypto_pwhash_ALG_ARGON2ID13)
            }
        }
        return status == 0 ? key : nil
    }
}
