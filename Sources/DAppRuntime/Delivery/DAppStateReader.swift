/// A DApp's view of the state before a delivery; the host puts its own prefix before every key.
public protocol DAppStateReader {
    /// The value of a record, or nil when there is none.
    func value(forKey key: [UInt8]) -> [UInt8]?
    /// At most `limit` records whose key begins with `prefix` and is above `after`, ascending by key.
    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])]
    /// Base units of an asset that an account holds; nil when the text is not a valid address.
    func balance(of address: String, asset: UInt8) -> UInt64?
    /// Records that the delivery is likely to read, to save a round trip; a wrong guess costs only bytes.
    func likelyKeys(for delivery: Delivery) -> [[UInt8]]
}

extension DAppStateReader {
    /// No guess.
    public func likelyKeys(for delivery: Delivery) -> [[UInt8]] { [] }
}
