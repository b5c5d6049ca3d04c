internal import Crypto
internal import JSON
internal import Primitives

/// What the account commands do.
enum AccountActions {
    static func new(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try keyName(invocation.text("name") ?? "main")
        if try session.home.keystore.key(name) != nil {
            throw CommandFailure(
                "NAME_TAKEN", "an account named \(name) exists already",
                hint: "etm account new --name ANOTHER",
                exit: .conflict)
        }
        let password = try PasswordSource(session, invocation).new(for: name.description)
        let secret = AccountSecret.generate()
        let key = try seal(secret, name, password)
        // The words first: an account that is kept but whose words could not be written is a trap.
        let place = try deliver(secret, invocation, session)
        try session.home.keystore.add(key)
        var data = json(key, session)
        data["words"] = .string(place.word)
        return Outcome(
            data: .object(data),
            lines: ["created \(name)  \(key.address)"],
            notes: place.notes(name) + ["Next  etm account show \(name)"])
    }

    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let accounts = try AccountBook(session).all()
        let rows = accounts.map { [$0.name, $0.address.description, kind($0)] }
        let lines = accounts.isEmpty ? [] : TextLayout.table(["NAME", "ADDRESS", "KEY"], rows)
        return Outcome(
            data: ["accounts": .array(accounts.map { .object(json($0)) })], lines: lines,
            notes: accounts.isEmpty
                ? ["no accounts yet", "Next  etm account new --name main   or   etm devnet up"] : [])
    }

    static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let account = try AccountBook(session).account(try invocation.requiredArgument())
        var lines = [
            ("name", account.name), ("address", account.address.description),
            ("public key", account.publicKey.hex), ("key", kind(account)),
        ]
        if case .keystore(let key) = account.origin {
            lines.append(("file", session.home.keystore.path(of: key.name)))
        }
        return Outcome(data: .object(json(account)), lines: TextLayout.pairs(lines))
    }

    static func balance(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let book = AccountBook(session)
        let word: String
        if let argument = invocation.argument { word = argument } else { word = try book.sender().name }
        let (name, address) = try book.address(word)
        let data = try session.node.get("/v1/chains/\(session.chain.percentEncoded)/accounts/\(address)")
        let rows = (data["balances"]?.array ?? []).map {
            [$0["symbol"]?.string ?? "?", $0["display"]?.string ?? $0["units"]?.string ?? "?"]
        }
        let who = name.map { "\($0)  \(address)" } ?? address.description
        let lines = rows.isEmpty ? ["holds nothing"] : rows.map { $0[1] }
        return Outcome(data: data, lines: ["\(who)  on \(session.chain)"] + lines.map { "  \($0)" })
    }

    static func export(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let account = try AccountBook(session).account(try invocation.requiredArgument())
        guard account.isHere else { throw AccountBook.absent(account.name) }
        guard case .keystore(let key) = account.origin else {
            throw CommandFailure(
                "PUBLIC_TEST_KEY", "\(account.name) belongs to a devnet: its key is public and stays there",
                hint: "etm account new --name mine", exit: .refused)
        }
        let path = invocation.text("out") ?? "\(key.name).etm-key.json"
        try Files.create(Array(KeystoreFile.encode(key).utf8), at: path, mode: 0o600)
        return Outcome(
            data: ["name": .string(account.name), "file": .string(Files.absolute(path))],
            lines: ["wrote \(path)"], notes: ["Next  etm account import \(path)   (on the other machine)"])
    }

    static func remove(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let account = try AccountBook(session).account(try invocation.requiredArgument())
        guard account.isHere else { throw AccountBook.absent(account.name) }
        guard case .keystore(let key) = account.origin else {
            throw CommandFailure(
                "PUBLIC_TEST_KEY", "\(account.name) belongs to a devnet and goes with it",
                hint: "etm devnet reset", exit: .refused)
        }
        try Consent.typed(account.name, for: "removing \(account.name)", invocation, session)
        if session.settings.isDryRun {
            return Outcome(
                data: ["name": .string(account.name), "removed": false],
                lines: ["would remove \(account.name)"])
        }
        try session.home.keystore.remove(key.name)
        return Outcome(
            data: ["name": .string(account.name), "removed": true], lines: ["removed \(account.name)"])
    }
}

extension AccountActions {
    static func keyName(_ text: String) throws(CommandFailure) -> KeyName {
        if let name = KeyName(text), Address(text: text) == nil { return name }
        throw .usage(
            "BAD_VALUE", "--name wants 1 to 32 letters, digits, \".\", \"_\" or \"-\"", hint: "--name savings"
        )
    }

    static func seal(
        _ secret: AccountSecret, _ name: KeyName, _ password: SecretBytes
    ) throws(CommandFailure) -> EncryptedKey {
        do throws(KeystoreRejection) {
            return try EncryptedKey.seal(secret: secret, name: name, password: password)
        } catch {
            throw PasswordSource.failure(error, name: name.description)
        }
    }

    /// What became of the words of a new account.
    private enum WordsPlace {
        case shown, written(String), hidden

        var word: String {
            switch self {
            case .shown: "shown"
            case .written(let path): path
            case .hidden: "not shown"
            }
        }

        func notes(_ name: KeyName) -> [String] {
            guard case .hidden = self else { return [] }
            return [
                "the recovery words were not shown: that happens on a terminal or with --secret-file only",
                "back it up with  etm account export \(name)",
            ]
        }
    }

    private static func deliver(
        _ secret: AccountSecret, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> WordsPlace {
        if let path = invocation.text("secret-file") {
            var bytes = words(of: secret) + [0x0A]
            defer { for index in bytes.indices { bytes[index] = 0 } }
            try Files.create(bytes, at: path, mode: 0o600)
            return .written(path)
        }
        guard session.canAsk else { return .hidden }
        session.terminal.showSecret { write in
            write("Recovery words, shown once; write them down on paper:\n\n  ")
            write(String(decoding: words(of: secret), as: UTF8.self))
            write("\n\n")
        }
        return .shown
    }

    private static func words(of secret: AccountSecret) -> [UInt8] {
        secret.withUTF8 { span in
            var bytes: [UInt8] = []
            for index in span.indices { bytes.append(span[index]) }
            return bytes
        }
    }

    static func kind(_ account: Account) -> String {
        switch account.origin {
        case .keystore: "encrypted"
        case .devnet(_, let devnet): "public test key of devnet \(devnet)"
        case .elsewhere: "not on this machine"
        }
    }

    static func json(_ account: Account) -> JSONObject {
        var data = JSONObject()
        data["name"] = .string(account.name)
        data["address"] = .string(account.address.description)
        data["publicKey"] = .string(account.publicKey.hex)
        data["key"] = account.isPublicTestKey ? "public-test" : account.isHere ? "encrypted" : "elsewhere"
        return data
    }

    static func json(_ key: EncryptedKey, _ session: Session) -> JSONObject {
        var data = JSONObject()
        data["name"] = .string(key.name.description)
        data["address"] = .string(key.address.description)
        data["publicKey"] = .string(key.publicKey.hex)
        data["file"] = .string(session.home.keystore.path(of: key.name))
        return data
    }
}
