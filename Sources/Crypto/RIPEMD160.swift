internal import COpenSSL

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
}
