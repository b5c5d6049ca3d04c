/// Decimals as people write them: digits, at most one point, nothing else.
enum DecimalText {
    /// The digits of a decimal counted in its last place; nil for signs, exponents, or more than `decimals` places.
    static func digits(of text: some StringProtocol, decimals: Int) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, fraction.utf8.count <= decimals else { return nil }
        let padding = [UInt8](repeating: 0x30, count: decimals - fraction.utf8.count)
        var digits = Array(whole.utf8) + Array(fraction.utf8) + padding
        for index in digits.indices {
            guard (0x30...0x39).contains(digits[index]) else { return nil }
            digits[index] -= 0x30
        }
        return digits
    }

    /// A whole number's digits with a point before the last `decimals`, and commas between thousands.
    static func grouped(_ digits: String, decimals: Int) -> String {
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        let whole = Array(padded.dropLast(decimals))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return decimals == 0 ? grouped : grouped + "." + padded.suffix(decimals)
    }
}
