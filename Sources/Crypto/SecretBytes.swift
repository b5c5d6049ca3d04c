internal import CSodium

/// Secret bytes in memory that is locked against swapping, zeroed on release and never printed.
///
/// Not copyable by accident: it is a class, and every copy of its contents is made inside `Crypto`.
@safe
public final class SecretBytes: @unchecked Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    // Sendable because the memory is written only before the value is shared.
    private let memory: UnsafeMutablePointer<UInt8>

    /// How many bytes.
    public let count: Int

    /// Zeros, to be filled by `withUnsafeMutableBytes`.
    init(count: Int) {
        guard sodium_init() >= 0, let raw = unsafe sodium_malloc(max(1, count)) else {
            preconditionFailure("no memory for a secret of \(count) bytes")
        }
        unsafe sodium_memzero(raw, max(1, count))
        unsafe memory = raw.bindMemory(to: UInt8.self, capacity: max(1, count))
        self.count = count
    }

    /// Takes a copy of `bytes` and zeroes the caller's buffer.
    public convenience init(zeroing bytes: inout [UInt8]) {
        self.init(count: bytes.count)
        unsafe withMutableBytes { target in
            for index in bytes.indices { unsafe target[index] = bytes[index] }
        }
        unsafe sodium_memzero(&bytes, bytes.count)
    }

    deinit { unsafe sodium_free(memory) }

    /// Random bytes from the operating system.
    public static func random(count: Int) -> SecretBytes {
        let secret = SecretBytes(count: count)
        unsafe secret.withMutableBytes { unsafe randombytes_buf($0, count) }
        return secret
    }

    /// SHA-256 of the contents, itself secret.
    public func sha256() -> SecretBytes {
        let digest = SecretBytes(count: 32)
        unsafe withBytes { source in
            unsafe digest.withMutableBytes { unsafe _ = crypto_hash_sha256($0, source, UInt64(count)) }
        }
        return digest
    }

    /// True when both hold the same bytes; takes the same time wherever they differ.
    public func isEqual(to other: SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(memory, other.memory, count) == 0
    }

    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafePointer(memory))
    }

    func withMutableBytes<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
        unsafe body(memory)
    }

    /// Never the contents.
    public var description: String { "<secret>" }
    /// Never the contents.
    public var debugDescription: String { "<secret>" }
}
