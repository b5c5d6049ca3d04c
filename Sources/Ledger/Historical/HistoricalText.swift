internal import Primitives

/// The forms that texts of version 0 transactions may have.
enum HistoricalText {
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }

    static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte) || (0x61...0x7a).contains(byte) }

    /// `[1-9][0-9]*` of at most so many digits.
    static func isNumber(_ bytes: some Collection<UInt8>, most: Int) -> Bool {
        (1...most).contains(bytes.count) && bytes.first != 0x30 && bytes.allSatisfy(isDigit)
    }

    /// The value of `[1-9][0-9]*` where it fits 64 bits.
    static func number(_ text: String) -> UInt64? {
        isNumber(text.utf8, most: 20) ? UInt64(text) : nil
    }

    /// At most 10^48: an amount of a user-issued asset.
    static func isAssetAmount(_ bytes: some Collection<UInt8>) -> Bool {
        isNumber(bytes, most: 48) || bytes.elementsEqual("1\(String(repeating: "0", count: 48))".utf8)
    }

    /// `[A-Za-z]{1,16}`.
    static func isIssuer(_ bytes: some Collection<UInt8>) -> Bool {
        (1...16).contains(bytes.count) && bytes.allSatisfy(isLetter)
    }

    /// An issuer, a point and `[A-Z]{3,6}`.
    static func isCurrency(_ bytes: some Collection<UInt8>) -> Bool {
        guard let point = bytes.firstIndex(of: 0x2e) else { return false }
        let symbol = bytes[point...].dropFirst()
        return isIssuer(bytes[..<point]) && (3...6).contains(symbol.count) && symbol.allSatisfy(isUpper)
    }

    /// `[a-z0-9!@$&_.]{1,20}`, and not only digits.
    static func isUsername(_ bytes: some Collection<UInt8>) -> Bool {
        (1...20).contains(bytes.count) && !bytes.allSatisfy(isDigit)
            && bytes.allSatisfy { byte in
                isDigit(byte) || (0x61...0x7a).contains(byte) || "!@$&_.".utf8.contains(byte)
            }
    }

    /// 64 lower-case hexadecimal digits.
    static func isID(_ text: String) -> Bool { text.utf8.count == 64 && Hex.decode(text) != nil }

    /// UTF-8 of at most so many UTF-16 units; nil for anything else.
    static func text(_ bytes: ArraySlice<UInt8>, units: Int) -> String? {
        guard bytes.count <= 3 * units, let text = String(validating: bytes, as: UTF8.self),
            text.utf16.count <= units
        else { return nil }
        return text
    }
}
