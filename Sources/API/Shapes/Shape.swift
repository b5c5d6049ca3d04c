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

    /// A place in a DApp's source; nil when there is none.
    static func place(_ error: ReceiptError) -> JSONValue? {
        guard !error.file.isEmpty else { return nil }
        return [
            "file": .string(error.file), "line": JSONValue(UInt64(error.line)),
            "column": JSONValue(UInt64(error.column)),
        ]
    }

    /// Bytes that should be JSON text; shown as text when they are not.
    static func json(_ bytes: [UInt8]) -> JSONValue {
        (try? JSONParser.parse(bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
    }

    /// A receipt.
    static func receipt(_ receipt: Receipt, in spec: ChainSpec) -> JSONValue {
        var object = JSONObject()
        object["status"] = receipt.error == nil ? "ok" : "failed"
        if let error = receipt.error { object["error"] = failure(error) }
        object["feePaid"] = amount(receipt.fee, spec.feeAsset)
        object["gasUsed"] = JSONValue(receipt.gasUsed)
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

    /// One changed record.
    static func change(_ change: Change) -> JSONValue {
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
        case .dapp: return json(bytes)
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
