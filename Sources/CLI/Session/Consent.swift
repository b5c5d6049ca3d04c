/// Asks before something happens that cannot be undone.
enum Consent {
    /// A plain yes: --yes, or a person's answer.
    static func given(for question: String, _ session: Session) throws(CommandFailure) {
        if session.settings.consents { return }
        guard session.canAsk else {
            throw CommandFailure(
                "CONSENT_NEEDED", "this needs a yes and nobody can be asked", hint: "add --yes", exit: .locked
            )
        }
        guard session.terminal.confirm(question) else {
            throw CommandFailure("DECLINED", "nothing was done", exit: .interrupted)
        }
    }

    /// The name of the thing typed again, for what a plain yes is too light for.
    static func typed(
        _ name: String, for what: String, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) {
        if session.settings.isDryRun { return }
        if let typed = invocation.text("confirm") {
            guard typed == name else {
                throw .usage("WRONG_CONFIRMATION", "--confirm wants \"\(name)\"", hint: "--confirm \(name)")
            }
            return
        }
        guard session.canAsk else {
            throw CommandFailure(
                "CONSENT_NEEDED", "\(what) needs its name again and nobody can be asked",
                hint: "--confirm \(name)", exit: .locked)
        }
        guard session.terminal.ask("\(what) cannot be undone. Type \(name) to go on") == name else {
            throw CommandFailure("DECLINED", "nothing was done", exit: .interrupted)
        }
    }
}
