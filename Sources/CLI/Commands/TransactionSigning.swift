internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// What `etm tx sign` and `etm tx send` do.
enum TransactionSigning {
    static func sign(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let file = try OrderFile.read(try invocation.requiredArgument())
        let book = AccountBook(session)
        let account = try book.sender()
        guard account.isHere else { throw AccountBook.absent(account.name) }
        guard !file.signed.signers.contains(account.publicKey) else {
            throw CommandFailure(
                "SIGNED_ALREADY", "\(account.name) has signed \(file.path)", hint: "etm tx send \(file.path)",
                exit: .refused)
        }
        let chain = try chain(of: file, session)
        let signing = try signing(file, by: [account], on: chain, session)
        if chain != nil { try signing.refuseStrangers() }
        let facts = describe(file, signing, chain)
        if session.settings.isDryRun {
            return outcome(file, file.signed, signing, chain, facts, signed: false)
        }
        session.terminal.notes(["Sign \(file.path)"] + TextLayout.pairs(facts, indent: 2))
        try Consent.given(for: "Sign it?", session)
        let key = try book.unlock(account, PasswordSource(session, invocation))
        guard let signed = file.signed.cosigned(by: key) else {
            throw CommandFailure(
                "TOO_MANY_SIGNATURES", "a transaction takes at most \(Authorizations.most) signatures",
                hint: "etm tx send \(file.path)", exit: .refused)
        }
        try file.replace(by: signed)
        return outcome(file, signed, signing, chain, facts, signed: true)
    }

    private static func outcome(
        _ file: OrderFile, _ signed: SignedTransaction, _ signing: Signing, _ chain: ChainView?,
        _ facts: [(String, String)], signed isSigned: Bool
    ) -> Outcome {
        var data = JSONObject()
        data["file"] = .string(Files.absolute(file.path))
        data["id"] = .string(signed.id.hex)
        data["signing"] = chain == nil ? .null : signing.json
        data["dryRun"] = .bool(!isSigned)
        let lines = isSigned ? ["signed \(file.path)  \(signed.id)"] : TextLayout.pairs(facts, indent: 2)
        return Outcome(data: .object(data), lines: lines, notes: next(file.path, signing, chain))
    }

    private static func next(_ path: String, _ signing: Signing, _ chain: ChainView?) -> [String] {
        guard chain != nil else {
            return ["no node answers, so it is not known what is missing", "Next  etm tx send \(path)"]
        }
        guard let objection = signing.objection else { return ["Next  etm tx send \(path)"] }
        let failure = signing.failure(objection, file: path)
        return [failure.message, "Next  \(failure.hint)"]
    }

    static func send(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let path = try invocation.requiredArgument()
        if let document = try HistoricalSending.document(path, session) {
            return try HistoricalSending.send(document, invocation, session)
        }
        let file = try OrderFile.read(path)
        guard let chain = try chain(of: file, session) else {
            throw CommandFailure(
                "UNREACHABLE", "no node answers", hint: "etm status", exit: .unreachable)
        }
        let signing = try signing(file, by: [], on: chain, session)
        if let objection = signing.objection { throw signing.failure(objection, file: file.path) }
        let facts = describe(file, signing, chain)
        if session.settings.isDryRun {
            return outcome(file, file.signed, signing, chain, facts, signed: false)
        }
        session.terminal.notes(["Send \(file.path)"] + TextLayout.pairs(facts, indent: 2))
        try Consent.given(for: "Send it?", session)
        let sent = try Sender(session, invocation).submit(file.signed, plan: nil, on: chain)
        return Outcome(data: .object(sent.data), lines: sent.lines)
    }

    // Nil when nothing answers: a key may be kept on a machine without a network.
    private static func chain(of file: OrderFile, _ session: Session) throws(CommandFailure) -> ChainView? {
        do throws(CommandFailure) {
            return try ChainView.load(file.transaction.chain.hex, session)
        } catch {
            guard error.exit == .unreachable else { throw error }
            return nil
        }
    }

    private static func signing(
        _ file: OrderFile, by signers: [Account], on chain: ChainView?, _ session: Session
    ) throws(CommandFailure) -> Signing {
        let policy = try chain?.standing(of: Address(of: file.transaction.sender), session).policy
        return Signing(
            rule: SigningRule(
                sender: file.transaction.sender, policy: policy,
                asked: AccountHandlers.cosigners(of: file.transaction)),
            signers: signers, earlier: file.signed.signers, names: KeyNames(try AccountBook(session).all()))
    }

    private static func describe(
        _ file: OrderFile, _ signing: Signing, _ chain: ChainView?
    ) -> [(String, String)] {
        file.facts(on: chain)
            + (chain == nil
                ? [("signed by", "\(file.signed.signers.count) keys")]
                : signing.facts.map { ($0.label, $0.value) })
    }
}
