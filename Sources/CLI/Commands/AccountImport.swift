internal import Crypto
internal import JSON
internal import Primitives

/// `etm account import`: from an exported file, or from the words.
enum AccountImport {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let key: EncryptedKey
        if let file = invocation.argument {
            key = try exported(file, invocation, session)
        } else {
            key = try words(invocation, session)
        }
        try session.home.keystore.add(key)
        return Outcome(
            data: .object(AccountActions.json(key, session)), lines: ["imported \(key.name)  \(key.address)"],
            notes: ["Next  etm account balance \(key.name)"])
    }

    // The password is asked for even though the file could be copied without it: better now than when it matters.
    private static func exported(
        _ file: String, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> EncryptedKey {
        guard let bytes = try Files.read(file, most: KeystoreFile.longest) else {
            throw CommandFailure(
                "NO_FILE", "there is no file \(file)", hint: "etm account import FILE", exit: .notFound)
        }
        let key = try Keystore.decode(bytes, file)
        let password = try PasswordSource(session, invocation).existing(for: key.name.description)
        let secret = try AccountBook.open(key, password)
        guard let text = invocation.text("name"), text != key.name.description else { return key }
        return try AccountActions.seal(secret, try AccountActions.keyName(text), password)
    }

    private static func words(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> EncryptedKey {
        let name = try AccountActions.keyName(invocation.text("name") ?? "main")
        let secret = try secret(invocation, session)
        if !secret.isMnemonic {
            try Consent.given(
                for: "These are not twelve words with a right checksum. Import this secret nevertheless?",
                session)
        }
        return try AccountActions.seal(
            secret, name, try PasswordSource(session, invocation).new(for: name.description))
    }

    private static func secret(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> AccountSecret {
        var line = try line(invocation, session)
        do throws(AccountSecretRejection) {
            return try AccountSecret(importing: &line)
        } catch {
            let problem =
                switch error {
                case .empty: "is empty"
                case .tooLong(let got, let most): "has \(got) bytes, at most \(most) are taken"
                case .notUTF8: "is not UTF-8"
                }
            throw CommandFailure(
                "BAD_SECRET", "the secret \(problem)", hint: "put the words on one line", exit: .environment)
        }
    }

    private static func line(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> [UInt8] {
        if let file = invocation.text("secret-file") {
            if file == "-" { return Descriptor.readLine(Descriptor.input, most: 4096) ?? [] }
            guard let bytes = try Files.read(file, most: 65_536) else {
                throw CommandFailure(
                    "NO_FILE", "there is no file \(file)", hint: "--secret-file FILE", exit: .notFound)
            }
            return Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
        }
        guard session.canAsk else {
            throw CommandFailure(
                "SECRET_NEEDED", "a file or the words are needed and nobody can be asked",
                hint: "etm account import FILE, or --secret-file FILE", exit: .locked)
        }
        return session.terminal.askHidden("Recovery words") ?? []
    }
}
