internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// Who signs a transaction, who has signed it, and whom its account still waits for.
struct Signing {
    /// Whose signatures the account's chain asks for.
    let rule: SigningRule
    /// Those who sign here, the sender first when its key is here.
    let signers: [Account]
    /// Those whose signatures are there already.
    let earlier: [PublicKey]
    private let names: KeyNames

    /// Flags of every command that sends.
    static let flags: [Flag] = [
        .option("cosign", .name("NAME", .accounts), "another account that signs too; may be repeated"),
        .option("save", .file("FILE"), "write the signed transaction here and do not send it"),
    ]

    /// The most bytes of a file that is read: a DApp's registration in hexadecimal fits.
    static let largestFile = 2_000_000

    init(rule: SigningRule, signers: [Account], earlier: [PublicKey] = [], names: KeyNames) {
        self.rule = rule
        self.earlier = earlier
        self.names = names
        var keys = earlier
        self.signers = signers.filter { signer in
            defer { keys.append(signer.publicKey) }
            return !keys.contains(signer.publicKey)
        }
    }

    /// The signing of an order by its sender, by those it names, and by everyone that --cosign names.
    static func of(
        _ order: Order, by sender: Account, policy: AccountPolicy?, _ invocation: Invocation,
        _ session: Session
    ) throws(CommandFailure) -> Signing {
        let book = AccountBook(session)
        var signers = [sender] + order.cosigners
        for word in invocation.values("cosign") { signers.append(try book.account(word)) }
        return Signing(
            rule: SigningRule(sender: sender.publicKey, policy: policy, asked: order.asked),
            signers: signers.filter(\.isHere), names: KeyNames(try book.all()))
    }

    /// The keys that will have signed.
    var keys: [PublicKey] { earlier + signers.map(\.publicKey) }

    /// What the chain would object to; nil when the signatures are enough.
    ///
    /// A stranger comes first: nobody could send what it has signed.
    var objection: AdmissionRejection? {
        if let stranger = keys.first(where: { !rule.concerns($0) }) { return .strangeSignature(stranger) }
        do throws(AdmissionRejection) {
            try rule.check(keys)
            return nil
        } catch {
            return error
        }
    }

    /// What a plan says of signatures; nothing where one key is all there is to it.
    var facts: [Plan.Fact] {
        guard rule.policy?.group != nil || rule.policy?.second != nil || keys != [rule.sender] else {
            return []
        }
        var facts = [Plan.Fact("signed by", keys.isEmpty ? "nobody" : names.list(keys))]
        switch objection {
        case nil: break
        case .strangeSignature(let key)?:
            facts.append(Plan.Fact("refused", "\(names.name(key)) has no say in this transaction"))
        case let objection?: facts.append(Plan.Fact("missing", missing(objection)))
        }
        return facts
    }

    private func missing(_ objection: AdmissionRejection) -> String {
        switch objection {
        case .needsSignatures(let least, let got, let open): "\(least - got) more of \(names.list(open))"
        case .needsSecondSignature(let key): "the second key, \(names.name(key))"
        case .needsConsent(let open): names.list(open)
        default: objection.message
        }
    }

    /// The members for programs.
    var json: JSONValue {
        var object = JSONObject()
        object["signedBy"] = .array(keys.map { .string($0.hex) })
        object["least"] = JSONValue(rule.least)
        object["isComplete"] = .bool(objection == nil)
        if let objection {
            object["objection"] = [
                "code": .string(objection.code),
                "missing": .array(Signing.open(objection).map { .string($0.hex) }),
            ]
        }
        return .object(object)
    }

    private static func open(_ objection: AdmissionRejection) -> [PublicKey] {
        switch objection {
        case .needsSignatures(_, _, let open), .needsConsent(let open): open
        case .needsSecondSignature(let key): [key]
        default: []
        }
    }

    /// Throws when somebody signs who has no say.
    func refuseStrangers() throws(CommandFailure) {
        if case .strangeSignature? = objection, let objection { throw failure(objection) }
    }

    /// The failure of sending what is not signed by enough, with the words that complete the command.
    func failure(_ objection: AdmissionRejection, file: String? = nil) -> CommandFailure {
        var facts = JSONObject()
        facts["signing"] = json
        if case .strangeSignature(let key) = objection {
            return CommandFailure(
                objection.code, "\(names.name(key)) has no say in this transaction",
                hint: "leave its signature out", exit: .refused, facts: facts)
        }
        return CommandFailure(
            objection.code, "not signed by enough yet; missing: \(missing(objection))",
            hint: hint(objection, file), exit: .refused, facts: facts)
    }

    // Accounts of this machine sign at once; for others the transaction travels as a file.
    private func hint(_ objection: AdmissionRejection, _ file: String?) -> String {
        let open = Signing.open(objection)
        let here = open.compactMap { names.local($0) }
        var needed = open.count
        if case .needsSignatures(let least, let got, _) = objection { needed = least - got }
        if let file {
            return here.isEmpty
                ? "give \(file) to a member:  etm tx sign \(file) --from NAME"
                : here.prefix(needed).map { "etm tx sign \(file) --from \($0)" }.joined(separator: " && ")
        }
        let flags = here.prefix(needed).map { "--cosign \($0)" }
        if flags.count == needed { return "add " + flags.joined(separator: " ") }
        let save = "--save FILE, then where the other keys are: etm tx sign FILE --from NAME"
        return (["add"] + flags + [save]).joined(separator: " ")
    }

    /// The transaction with the signatures of everyone who signs here; asks for their passwords.
    func sign(
        _ transaction: Transaction, seal: ((KeyPair) throws(CommandFailure) -> [UInt8])?,
        _ passwords: PasswordSource, _ session: Session
    ) throws(CommandFailure) -> SignedTransaction {
        let book = AccountBook(session)
        var transaction = transaction
        var pairs: [KeyPair] = []
        for signer in signers { pairs.append(try book.unlock(signer, passwords)) }
        if let seal {
            guard let own = pairs.first(where: { $0.publicKey == rule.sender }) else {
                throw AccountBook.absent("the account's own key")
            }
            transaction.payload = try seal(own)
        }
        let digest = transaction.signingDigest
        let list = pairs.map { Authorization(key: $0.publicKey, signature: $0.sign(digest)) }
        guard let signed = SignedTransaction(transaction, authorizations: list) else {
            throw .usage(
                "NOBODY_SIGNS",
                "a transaction takes 1 to \(Authorizations.most) signatures, not \(list.count)",
                hint: "--cosign NAME")
        }
        return signed
    }
}

/// What keys are called on this machine.
struct KeyNames {
    private let accounts: [Account]

    init(_ accounts: [Account]) { self.accounts = accounts }

    /// The account of this machine that a key belongs to.
    func local(_ key: PublicKey) -> String? { accounts.first { $0.publicKey == key }?.name }

    /// A name, or the whole key: it has to be copied.
    func name(_ key: PublicKey) -> String { local(key) ?? key.hex }

    /// Names side by side.
    func list(_ keys: [PublicKey]) -> String { keys.map(name).joined(separator: ", ") }
}
