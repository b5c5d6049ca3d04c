internal import Crypto
public import Primitives

/// Version 0 bytes as the historical network carried them, taken apart up to the amount.
///
/// They are little-endian and have no lengths: a requester's key may or may not stand there, and an address
/// may end at several places. What follows the amount belongs to the kind.
public struct HistoricalBytes: Sendable, Equatable {
    /// The kind.
    public let kind: HistoricalKind
    /// Seconds since the historical epoch.
    public let timestamp: UInt32
    /// Whose transaction it is.
    public let sender: PublicKey
    /// The group's member that signs instead of the sender.
    public let requester: PublicKey?
    /// Who receives; nil for eight zero bytes.
    public let recipient: Address?
    /// Base units of ETM.
    public let amount: Amount
    /// Message, arguments and asset.
    public let rest: [UInt8]

    private static let fixed = 1 + 4 + 32
    // "A" and the Base58 form of 24 bytes: from all zero to all ones.
    private static let addressLengths = 25...34

    /// Every way to take bytes without signatures apart; at most 22.
    public static func readings(of bytes: [UInt8]) -> [HistoricalBytes] {
        guard bytes.count >= fixed + 16, let kind = HistoricalKind(rawValue: bytes[0]),
            let sender = PublicKey(bytes: bytes[5..<fixed])
        else { return [] }
        let timestamp = UInt32(littleEndian(bytes[1..<5]))
        var readings: [HistoricalBytes] = []
        for start in [fixed, fixed + 32] {
            let requester = start == fixed ? nil : PublicKey(bytes: bytes.prefix(start).dropFirst(fixed))
            guard start == fixed || requester != nil else { continue }
            for (recipient, end) in recipients(in: bytes, at: start) where end + 8 <= bytes.count {
                readings.append(
                    HistoricalBytes(
                        kind: kind, timestamp: timestamp, sender: sender, requester: requester,
                        recipient: recipient, amount: Amount(units: littleEndian(bytes[end..<end + 8])),
                        rest: Array(bytes[(end + 8)...])))
            }
        }
        return readings
    }

    private static func recipients(in bytes: [UInt8], at start: Int) -> [(address: Address?, end: Int)] {
        guard start + 8 <= bytes.count else { return [] }
        if bytes[start..<start + 8].allSatisfy({ $0 == 0 }) { return [(nil, start + 8)] }
        guard bytes[start] == 0x41 else { return [] }
        return addressLengths.compactMap { length in
            guard start + length <= bytes.count else { return nil }
            let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
            return Address(text: text).map { ($0, start + length) }
        }
    }

    private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension HistoricalTransaction {
    /// Every transaction that has these bytes to sign, without signatures, whatever the rules say of its fields.
    ///
    /// Texts in a row have many splits: of those no more than 64 are given, and of a registered DApp none.
    public static func forms(of bytes: [UInt8]) -> [HistoricalTransaction] {
        forms(of: bytes) { _ in true }
    }

    /// True when the signed bytes can be read in no other way that a chain would carry out.
    ///
    /// They carry no lengths (`etm-formats.md` 8.1, 14): a signature covers whatever else has the same bytes,
    /// under the same id. Where an address less its last characters is an address too, for example, it also
    /// covers a transfer of about 256 times the amount to that one; such addresses take seconds to find.
    public var hasOneReading: Bool {
        let readings = HistoricalTransaction.forms(of: bytesToSign) { form in
            var form = form
            form.endorsements = endorsements
            return (try? form.checkFields()) != nil
        }
        guard readings.count == 1 else { return false }
        var own = self
        own.signature = .zero
        own.second = nil
        own.endorsements = []
        return readings[0] == own
    }

    // Whoever asks wants to know whether there is one.
    private static let mostForms = 64

    private static func forms(
        of bytes: [UInt8], where isKept: (HistoricalTransaction) -> Bool
    ) -> [HistoricalTransaction] {
        var forms: [HistoricalTransaction] = []
        for head in HistoricalBytes.readings(of: bytes) {
            for tail in HistoricalTail.readings(of: head.rest, head.kind) {
                var form = HistoricalTransaction(
                    tail.content, timestamp: head.timestamp, sender: head.sender, recipient: head.recipient,
                    amount: head.amount, arguments: tail.arguments)
                form.requester = head.requester
                form.message = tail.message
                guard isKept(form) else { continue }
                forms.append(form)
                guard forms.count < mostForms else { return forms }
            }
        }
        return forms
    }
}
