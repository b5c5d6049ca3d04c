package import JSON
package import Primitives

/// An amount as typed: exact digits and, after them, an optional currency symbol.
package struct AmountText: Sendable, Equatable {
    /// The decimal digits.
    package let digits: String
    /// The symbol in upper case, or nil when none was typed.
    package let symbol: String?

    /// Splits `10`, `10etm`, `0.05BTC`; nil when it is no such text.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let rest = text.dropFirst(digits.count)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }), digits.utf8.count <= 64,
            rest.isEmpty || (3...6).contains(rest.count), rest.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return nil }
        self.digits = String(digits)
        symbol = rest.isEmpty ? nil : rest.uppercased()
    }

    /// The base units of `currency`.
    package func amount(of currency: Currency = .etm) throws(CommandFailure) -> Amount {
        if let symbol, symbol != currency.symbol.uppercased() {
            throw .usage(
                "WRONG_CURRENCY", "this takes \(currency.symbol), not \(symbol)",
                hint: "write \(digits) or \(digits)\(currency.symbol)")
        }
        guard let amount = Amount(decimal: digits, decimals: currency.decimals) else {
            throw .usage(
                "BAD_AMOUNT",
                "\(digits) is no amount of \(currency.symbol): it has at most \(currency.decimals) decimal places and "
                    + "fits into 64 bits of them",
                hint: "amounts are exact decimals such as 10 or 0.5")
        }
        return amount
    }
}

/// A unit of account: how its amounts are shown.
package struct Currency: Sendable, Equatable {
    /// What stands behind the number.
    package var symbol: String
    /// Decimal places.
    package var decimals: Int

    /// Joins the parts.
    package init(symbol: String, decimals: Int) {
        self.symbol = symbol
        self.decimals = decimals
    }

    /// The main chain's own.
    package static let etm = Currency(symbol: "ETM", decimals: Amount.decimals)

    /// For people: "9,999.90000000 ETM".
    package func display(_ amount: Amount) -> String { "\(amount.formatted(decimals: decimals)) \(symbol)" }

    /// For programs: base units as a string, and the display beside it.
    package func json(_ amount: Amount) -> JSONValue {
        ["units": .string(amount.description), "display": .string(display(amount))]
    }
}
