package import Crypto
internal import Primitives

/// The folder of encrypted keys: folder 0700, one file 0600 a key, never half written.
package struct Keystore: Sendable {
    /// Where the files are.
    package let directory: String

    /// A keystore in a folder; nothing is created yet.
    package init(directory: String) { self.directory = directory }

    /// Where a key of this name is kept.
    package func path(of name: KeyName) -> String { "\(directory)/\(name).json" }

    /// All keys by name; a damaged file is refused by its path.
    package func keys() throws(CommandFailure) -> [EncryptedKey] {
        var keys: [EncryptedKey] = []
        for file in Files.list(directory) where file.hasSuffix(".json") {
            let path = "\(directory)/\(file)"
            if let bytes = try Files.read(path, most: KeystoreFile.longest) {
                keys.append(try Self.decode(bytes, path))
            }
        }
        return keys.sorted { $0.name < $1.name }
    }

    /// The key of this name.
    package func key(_ name: KeyName) throws(CommandFailure) -> EncryptedKey? {
        guard let bytes = try Files.read(path(of: name), most: KeystoreFile.longest) else { return nil }
        return try Self.decode(bytes, path(of: name))
    }

    /// Keeps a new key; refuses a name or an account that is there already.
    package func add(_ key: EncryptedKey) throws(CommandFailure) {
        for other in try keys() {
            if other.name == key.name {
                throw CommandFailure(
                    "NAME_TAKEN", "an account named \(key.name) exists already", hint: "--name ANOTHER",
                    exit: .conflict)
            }
            if other.publicKey == key.publicKey {
                throw CommandFailure(
                    "ACCOUNT_EXISTS", "this account is in the keystore already, as \(other.name)",
                    hint: "etm account show \(other.name)", exit: .conflict)
            }
        }
        try Files.makeDirectory(directory, mode: 0o700)
        try refuseOpenDoors()
        try Files.write(Array(KeystoreFile.encode(key).utf8), to: path(of: key.name), mode: 0o600)
    }

    /// Forgets a key.
    package func remove(_ name: KeyName) throws(CommandFailure) { try Files.remove(path(of: name)) }

    /// Reads the text of an encrypted key.
    package static func decode(_ bytes: [UInt8], _ path: String) throws(CommandFailure) -> EncryptedKey {
        do throws(KeystoreFileRejection) {
            return try KeystoreFile.decode(bytes)
        } catch {
            throw CommandFailure(
                "DAMAGED_KEY", "\(path) is no encrypted key: \(Self.sentence(error))",
                hint: "restore it from a backup, or: etm account import FILE", exit: .environment)
        }
    }

    private static func sentence(_ rejection: KeystoreFileRejection) -> String {
        switch rejection {
        case .tooLong(let got, let most): "it has \(got) bytes, at most \(most) are read"
        case .malformed(let line): "line \(line) departs from the format"
        case .unknownVersion(let got): "version \(got) is unknown to this program"
        case .invalid(let field): "the field \"\(field.rawValue)\" is out of its bounds"
        }
    }

    // Others who may write here could exchange a key for theirs.
    private func refuseOpenDoors() throws(CommandFailure) {
        guard let mode = Files.mode(of: directory), mode & 0o077 != 0 else { return }
        throw CommandFailure(
            "OPEN_KEYSTORE", "other users may enter \(directory)", hint: "chmod 700 \(directory)",
            exit: .locked)
    }
}
