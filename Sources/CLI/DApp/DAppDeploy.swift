internal import JSON

/// `etm dapp deploy`: check, register, and wait until the chain runs.
enum DAppDeploy {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        throw CommandFailure("NOT_LINKED", "no manifest yet", exit: .environment)
    }
}
