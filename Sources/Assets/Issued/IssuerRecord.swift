public import Ledger
public import Primitives

/// An account that may make assets.
public struct IssuerRecord: Sendable, Hashable, Canonical {
    /// Its name as it was registered.
    public let name: String
    /// The account.
    public let owner: Address
    /// What it says of itself.
    public let description: String
    /// When it registered.
    public let registered: Height

    /// The record of a name; capital letters make no difference.
    public static func key(_ name: String) -> StateKey {
        StateKey(.issuers, Array(name.lowercased().utf8))
    }

    /// The record of an account's issuer, which holds its name.
    public static func ownerKey(_ owner: Address) -> StateKey { StateKey(.issuerOwners, owner.array) }

    init(name: String, owner: Address, description: String, registered: Height) {
        self.name = name
        self.owner = owner
        self.description = description
        self.registered = registered
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(owner)
        writer.write(description)
        writer.write(registered)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: AssetNames.longestIssuer)
        owner = try reader.read()
        description = try reader.readString(most: AssetNames.longestDescription)
        registered = try reader.read()
    }
}

/// The name of an account's issuer, as the state keeps it under the account.
public struct IssuerName: Sendable, Hashable, Canonical {
    /// The name as it was registered.
    public let name: String

    init(_ name: String) { self.name = name }

    /// Writes the name.
    public func encode(to writer: inout ByteWriter) { writer.write(name) }

    /// Reads the name.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: AssetNames.longestIssuer)
    }
}
