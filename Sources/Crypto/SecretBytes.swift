internal import CSodium

/// Libsodium, set up once; nothing in this module may run without it.
enum Sodium {
    private static let isReady: Bool = sodium_init() >= 0

    /// Stops the process when the library cannot find a source of entropy.
    static func require() { precondition(isReady, "libsodium found no source of entropy") }
}

/// Secret bytes in memory that is locked against swapping, zeroed on release and never printed.
///
/// Not copyable by accident: it is a class, and its contents are lent only through `reveal`.
@safe
public final class SecretBytes: @unchecked Sendable {
    // Sendable because the memory is written only before the value is shared.
    private let memory: UnsafeMutablePointer<UInt8>

    /// How many bytes.
    public let count: Int

    /// Zeros, to be filled before the value is shared.
    init(count: Int) {
        Sodium.require()
        guard let raw = unsafe sodium_malloc(max(1, count)) else {
            preconditionFailure("no memory for a secret of \(count) bytes")
        }
        unsafe sodium_memzero(raw, max(1, count))
        unsafe memory = raw.bindMemory(to: UInt8.self, capacity: max(1, count))
        self.count = count
    }

    /// Takes a copy of `bytes` and zeroes the caller's buffer, which nothing else may share.
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
    public func sha256() -> SecretBytes { sha256(prefix: count) }

    /// SHA-256 of the first bytes, itself secret.
    func sha256(prefix: Int) -> SecretBytes {
        precondition(prefix <= count, "a prefix is not longer than the whole")
        let digest = SecretBytes(count: 32)
        unsafe withBytes { source in
            unsafe digest.withMutableBytes { unsafe _ = crypto_hash_sha256($0, source, UInt64(prefix)) }
        }
        return digest
    }

    /// True when both hold the same bytes; takes the same time wherever they differ.
    public func isEqual(to other: SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(memory, other.memory, count) == 0
    }

    /// Lends the contents to `body`, which answers for every copy it makes.
    public func reveal<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let buffer = unsafe UnsafeBufferPointer(start: memory, count: count)
        return try body(unsafe buffer.span)
    }

    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafePointer(memory))
    }

    func withMutableBytes<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
        unsafe body(memory)
    }

    /// Lets `body` write the contents, before the value is shared.
    func fill(_ body: (inout MutableSpan<UInt8>) -> Void) {
        let buffer = unsafe UnsafeMutableBufferPointer(start: memory, count: count)
        var span = unsafe buffer.mutableSpan
        body(&span)
    }
}

extension SecretBytes: Redacted {}

/// A value that every form of printing shows as "<secret>", reflection included.
public protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    /// Never the contents.
    public var description: String { "<secret>" }
    /// Never the contents.
    public var debugDescription: String { "<secret>" }
    /// Without children, so that `dump` and test reports have nothing to show.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
