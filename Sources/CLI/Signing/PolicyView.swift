internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// What a node says of an account's policy.
enum PolicyView {
    /// Reads the member "policy" of an account; nil when the account asks for nothing but its own key.
    static func read(_ account: JSONValue) throws(CommandFailure) -> AccountPolicy? {
        guard let policy = account["policy"], !policy.isNull else { return nil }
        var group: AccountPolicy.Group?
        if let given = policy["group"], !given.isNull {
            let keys = (given["keys"]?.array ?? []).compactMap { key($0) }
            guard let least = given["least"]?.uint64.flatMap({ UInt8(exactly: $0) }),
                let sound = AccountPolicy.Group(least: least, keys: keys)
            else { throw .bug("the node described a group that cannot be") }
            group = sound
        }
        return AccountPolicy(
            second: policy["secondKey"].flatMap(key), group: group,
            lockedUntil: Height(policy["lockedUntil"]?.uint64 ?? 0))
    }

    private static func key(_ value: JSONValue) -> PublicKey? {
        value["key"]?.string.flatMap { PublicKey(hex: $0) }
    }

    /// Lines for people.
    static func lines(
        _ policy: AccountPolicy?, of own: String, at height: UInt64, _ names: KeyNames
    ) -> [(String, String)] {
        guard let policy else { return [("signs", "\(own), nobody else is asked")] }
        var pairs: [(String, String)] = []
        if let group = policy.group {
            pairs.append(("signs", "\(group.least) of these \(group.keys.count + 1)"))
            pairs += ([own] + group.keys.map(names.name)).map { ("", $0) }
        } else {
            pairs.append(("signs", own))
        }
        if let second = policy.second {
            pairs.append(("second key", "\(names.name(second)), whenever \(own) signs"))
        }
        let until = policy.lockedUntil.value
        if until > height {
            pairs.append(("locked", "up to height \(until.grouped); now \(height.grouped)"))
        } else if until > 0 {
            pairs.append(("locked", "no more, since height \(until.grouped)"))
        }
        return pairs
    }
}
