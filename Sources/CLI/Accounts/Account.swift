package import Crypto
internal import JSON
package import Primitives

/// An account that this machine can sign for.
package struct Account: Sendable {
    /// What its owner calls it.
    package let name: String
    /// Its address.
    package let address: Address
    /// The key that its signatures are checked with.
    package let publicKey: PublicKey
    /// Where its secret is.
    package let origin: Origin

    /// Where an account's secret is.
    package enum Origin: Sendable {
        /// In the keystore, under a password.
        case keystore(EncryptedKey)
        /// In a devnet's own file: everybody may know it.
        case devnet(AccountSecret, devnet: String)
        /// Not here: only its public key was given.
        case elsewhere
    }

    /// True when this machine holds its secret.
    package var isHere: Bool {
        if case .elsewhere = origin { return false }
        return true
    }

    /// True when no password is needed because the key is public anyway.
    package var isPublicTestKey: Bool {
        if case .devnet = origin { return true }
        return false
    }
}

/// The accounts that names stand for.
package struct AccountBook {
    private let session: Session

    /// The accounts of a session's home, and of the devnet it speaks to.
    package init(_ session: Session) { self.session = session }

    /// All accounts: the keystore's by name, then the devnet's in its order.
    package func all() throws(CommandFailure) -> [Account] {
        let stored = try session.home.keystore.keys().map {
            Account(
                name: $0.name.description, address: $0.address, publicKey: $0.publicKey, origin: .keystore($0)
            )
        }
        return stored + (try devnetAccounts())
    }

    /// The devnet's accounts, when the node spoken to is that devnet: anywhere else its keys are a trap.
    package func devnetAccounts() throws(CommandFailure) -> [Account] {
        let devnet = session.home.devnet(session.settings.profile)
        guard let record = try devnet.record(), try session.node.url == record.url else { return [] }
        return try devnet.accounts()
    }

    /// The account of this name, address or public key; fails with a suggestion.
    ///
    /// A public key needs no secret here: whoever holds it signs elsewhere.
    package func account(_ word: String) throws(CommandFailure) -> Account {
        let accounts = try all()
        let found = accounts.filter { $0.name == word || $0.address.description == word }
        if found.count > 1 {
            throw .usage(
                "AMBIGUOUS_ACCOUNT", "\"\(word)\" is an account of the keystore and of the devnet",
                hint: "say the address: " + found.map(\.address.description).joined(separator: " or "))
        }
        if let account = found.first { return account }
        if let key = PublicKey(hex: word) {
            return accounts.first { $0.publicKey == key }
                ?? Account(
                    name: "\(word.prefix(8))…", address: Address(of: key), publicKey: key, origin: .elsewhere)
        }
        throw CommandFailure(
            "NO_ACCOUNT",
            "no account \"\(word)\" on this machine"
                + Suggestion.phrase(for: word, among: accounts.map(\.name)),
            hint: "etm account list", exit: .notFound)
    }

    /// Who sends: --from, the settings, the devnet's first account, or the only one there is.
    package func sender() throws(CommandFailure) -> Account {
        if let word = session.settings.sender { return try account(word) }
        if let first = try devnetAccounts().first { return first }
        let accounts = try all()
        if accounts.count == 1 { return accounts[0] }
        throw .usage(
            "WHICH_ACCOUNT",
            accounts.isEmpty ? "there is no account yet" : "there are \(accounts.count) accounts",
            hint: accounts.isEmpty ? "etm account new --name mine" : "--from \(accounts[0].name)")
    }

    /// The address that a name or an address text stands for.
    package func address(_ word: String) throws(CommandFailure) -> (name: String?, address: Address) {
        if let address = Address(text: word) {
            return (try all().first { $0.address == address }?.name, address)
        }
        if word.hasPrefix("A"), word.utf8.count > 24 {
            throw .usage(
                "BAD_ADDRESS", "\(word) is no address: its checksum is wrong",
                hint: "copy the whole address again")
        }
        let account = try account(word)
        return (account.name, account.address)
    }

    /// The signing key; asks for the password of a key in the keystore.
    package func unlock(_ account: Account, _ passwords: PasswordSource) throws(CommandFailure) -> KeyPair {
        switch account.origin {
        case .devnet(let secret, _): return secret.keyPair
        case .elsewhere: throw Self.absent(account.name)
        case .keystore(let key):
            return try Self.open(key, try passwords.existing(for: account.name)).keyPair
        }
    }

    /// The failure of signing with a key that is not here.
    static func absent(_ name: String) -> CommandFailure {
        CommandFailure(
            "KEY_ELSEWHERE", "this machine does not hold the key of \(name)", hint: "etm account list",
            exit: .locked)
    }

    /// Decrypts a key; the failure never says which part was wrong.
    package static func open(
        _ key: EncryptedKey, _ password: SecretBytes
    ) throws(CommandFailure) -> AccountSecret {
        do throws(KeystoreRejection) {
            return try key.open(password: password)
        } catch {
            throw PasswordSource.failure(error, name: key.name.description)
        }
    }
}
