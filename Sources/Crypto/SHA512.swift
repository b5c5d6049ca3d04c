internal import COpenSSL
internal import Curve25519
internal import Primitives

/// SHA-512 (FIPS 180-4) by OpenSSL's direct functions, for signatures only.
struct SHA512: ~Copyable {
    private var context = SHA512_CTX()

    /// Starts an empty message.
    init() { unsafe SHA512_Init(&context) }

    /// Appends 32 bytes to the message.
    mutating func update(_ value: Bytes32) {
        unsafe value.withBytes { unsafe _ = SHA512_Update(&context, $0, 32) }
    }

    /// Appends bytes to the message.
    mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe _ = SHA512_Update(&context, $0.baseAddress, $0.count) }
    }

    /// Ends the message and returns its digest.
    consuming func finish() -> WideHash {
        var out: InlineArray<8, UInt64> = .init(repeating: 0)
        var span = out.mutableSpan
        unsafe span.withUnsafeMutableBytes { raw in
            unsafe _ = SHA512_Final(raw.bindMemory(to: UInt8.self).baseAddress, &context)
        }
        return WideHash(
            low: Encoded(littleEndian: out[0], out[1], out[2], out[3]),
            high: Encoded(littleEndian: out[4], out[5], out[6], out[7]))
    }
}

extension Encoded {
    /// From words as they lie in memory.
    fileprivate init(littleEndian w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
        self.init(w0.littleEndian, w1.littleEndian, w2.littleEndian, w3.littleEndian)
    }
}
