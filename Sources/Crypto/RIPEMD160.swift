internal import COpenSSL
internal import Primitives

/// RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996), used only by historical addresses.
///
/// The direct functions cannot fail; the generic interface answers nothing where the administrator
/// disabled old hashes, and every address would come out equal.
public enum RIPEMD160 {
    /// The 20-byte digest of one buffer.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var context = RIPEMD160_CTX()
        var out = [UInt8](repeating: 0, count: 20)
        unsafe RIPEMD160_Init(&context)
        unsafe RIPEMD160_Update(&context, bytes, bytes.count)
        unsafe RIPEMD160_Final(&out, &context)
        return out
    }

    /// The digest of another digest's 32 bytes, as an address.
    static func address(of digest: Digest) -> Address {
        var context = RIPEMD160_CTX()
        // The last four bytes stay unused.
        var out: (UInt64, UInt64, UInt64) = (0, 0, 0)
        unsafe RIPEMD160_Init(&context)
        unsafe digest.bytes.withBytes { unsafe _ = RIPEMD160_Update(&context, $0, 32) }
        unsafe withUnsafeMutableBytes(of: &out) { raw in
            unsafe _ = RIPEMD160_Final(raw.bindMemory(to: UInt8.self).baseAddress, &context)
        }
        return Address(
            out.0.bigEndian, out.1.bigEndian, UInt32(truncatingIfNeeded: out.2.bigEndian >> 32))
    }
}
