public import Primitives

/// Amounts of issued assets: whole base units from 1 to 10^48 (`etm-formats.md` 1.2).
public enum AssetAmount {
    /// The most base units that anybody may name at once.
    public static let most = UInt256(
        high: 2_938_735_877, low: 18_960_114_910_927_365_649_471_927_446_130_393_088)

    /// Reads decimal digits of which the first is not zero; nil for anything else and above the most.
    ///
    /// It is the form that historical transactions carry.
    public static func read(_ text: String) -> UInt256? {
        guard text.utf8.first != 0x30, text.utf8.count <= 49, let value = UInt256(decimal: text),
            defect(value) == nil
        else { return nil }
        return value
    }

    /// What is wrong with an amount, or nil.
    static func defect(_ amount: UInt256) -> String? {
        if amount == .zero { return "the amount is zero" }
        return amount > most ? "the amount is above 10^48 base units" : nil
    }
}
