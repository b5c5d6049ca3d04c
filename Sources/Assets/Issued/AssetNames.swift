/// The names of issuers and of their assets (`etm-formats.md` 1.2).
public enum AssetNames {
    /// The most letters of an issuer's name.
    public static let longestIssuer = 16
    /// The most bytes of a currency: an issuer, a point and a symbol.
    public static let longestCurrency = longestIssuer + 1 + 6
    /// The most bytes of a description.
    public static let longestDescription = 4_096

    /// True for 1 to 16 letters of the English alphabet.
    public static func isIssuer(_ name: some StringProtocol) -> Bool {
        (1...longestIssuer).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) }
    }

    /// The issuer of a currency such as "Bank.GOLD"; nil unless it is an issuer's name, a point and 3 to 6 capitals.
    public static func issuer(of currency: String) -> String? {
        let parts = currency.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, isIssuer(parts[0]), (3...6).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x41...0x5a).contains($0) })
        else { return nil }
        return String(parts[0])
    }

    /// What is wrong with a currency's name, or nil.
    static func defect(_ currency: String) -> String? {
        issuer(of: currency) == nil
            ? "a currency is an issuer's name, a point, and 3 to 6 capital letters" : nil
    }
}
