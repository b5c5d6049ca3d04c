internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// The JSON forms of what an account asks for.
enum AccountShape {
    /// Null for an account whose own key is enough.
    static func policy(of address: Address, in snapshot: ChainSnapshot) -> JSONValue {
        guard let policy = AccountPolicy.of(address, in: snapshot.state) else { return .null }
        return [
            "secondKey": policy.second.map(key) ?? .null,
            "group": policy.group.map(group) ?? .null,
            "lockedUntil": Shape.integer(policy.lockedUntil.value),
            // As the next block will see it.
            "locked": .bool(snapshot.finalHeader.height < policy.lockedUntil),
        ]
    }

    /// A group, its keys ascending; the account's own is not listed.
    static func group(_ group: AccountPolicy.Group) -> JSONValue {
        ["least": JSONValue(UInt64(group.least)), "keys": .array(group.keys.map(key))]
    }

    /// A key with the address of the account that it would have.
    static func key(_ key: PublicKey) -> JSONValue {
        ["key": .string(key.hex), "address": .string(Address(of: key).description)]
    }
}
