internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// The JSON forms of a chain's values.
enum Shape {
    /// Base units as text, and a form for people.
    static func amount(_ amount: Amount, _ asset: AssetSpec) -> JSONValue {
        [
            "units": .string(amount.description),
            "display": .string("\(amount.formatted(decimals: Int(asset.decimals))) \(asset.symbol)"),
        ]
    }

    /// A whole number; beyond 2^53 - 1 as text, because many readers would round it (RFC 8259 section 6).
    static func integer(_ value: UInt64) -> JSONValue {
        value < 1 << 53 ? JSONValue(value) : .string(String(value))
    }

    /// A place in a DApp's source; nil when there is none.
    static func place(_ error: ReceiptError) -> JSONValue? {
        guard !error.file.isEmpty else { return nil }
        return [
            "file": .string(error.file), "line": JSONValue(UInt64(error.line)),
            "column": JSONValue(UInt64(error.column)),
        ]
    }

    // An answer wraps a DApp's text a few levels deep and must still be readable within the standard bounds.
    private static let inner = JSONLimits(maximumDepth: JSONLimits.standard.maximumDepth - 16)

    /// Bytes that should be JSON text; shown as text when they are not, or are nested too deeply.
    static func json(_ bytes: [UInt8]) -> JSONValue {
        (try? JSONParser.parse(bytes, limits: inner)) ?? .string(String(decoding: bytes, as: UTF8.self))
    }

    /// A receipt.
    static func receipt(_ receipt: Receipt, in spec: ChainSpec) -> JSONValue {
        var object = JSONObject()
        object["status"] = receipt.error == nil ? "ok" : "failed"
        if let error = receipt.error { object["error"] = failure(error) }
        object["feePaid"] = amount(receipt.fee, spec.feeAsset)
        object["gasUsed"] = integer(receipt.gasUsed)
        object["events"] = .array(
            receipt.events.map { ["name": .string($0.name), "data": json($0.data)] })
        if !receipt.returned.isEmpty { object["returned"] = json(receipt.returned) }
        return .object(object)
    }

    static func failure(_ error: ReceiptError) -> JSONValue {
        var object = JSONObject()
        object["code"] = .string(error.code)
        object["message"] = .string(error.message)
        if let place = place(error) { object["at"] = place }
        return .object(object)
    }

    /// The changed records that an answer shows: at most 500, of which each value's beginning.
    static func changes(_ set: ChangeSet, in object: inout JSONObject) {
        object["changes"] = .array(set.changes.prefix(500).map(change))
        if set.changes.count > 500 { object["changesLeftOut"] = JSONValue(UInt64(set.changes.count - 500)) }
    }

    /// One changed record.
    private static func change(_ change: Change) -> JSONValue {
        [
            "key": .string(Hex.encode(change.key.bytes)),
            "table": .string(tableName(change.key)),
            "old": change.old.map { value($0, at: change.key) } ?? .null,
            "new": change.new.map { value($0, at: change.key) } ?? .null,
        ]
    }

    private static func tableName(_ key: StateKey) -> String {
        StateTable(rawValue: key.table).map { "\($0)" } ?? "unknown"
    }

    // Amounts and DApp rows have a readable form; everything else is shown as bytes.
    private static func value(_ bytes: [UInt8], at key: StateKey) -> JSONValue {
        switch StateTable(rawValue: key.table) {
        case .balances:
            if let amount = try? Amount(decoding: bytes) { return .string(amount.description) }
            return .string(Hex.encode(bytes))
        case .dapp where bytes.count <= 4_096: return json(bytes)
        default: return .string(Hex.encode(bytes.prefix(512)))
        }
    }
}

extension ChainSpec {
    /// The token that fees are paid in.
    var feeAsset: AssetSpec { asset(fees.currency) }

    /// A token of the chain.
    func asset(_ number: AssetNumber) -> AssetSpec {
        assets.indices.contains(Int(number.number)) ? assets[Int(number.number)] : .etm
    }
}
