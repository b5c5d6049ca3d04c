/// What a command tells the shell; the numbers are part of the interface (`etm help exit-codes`).
public enum ExitCode: Int32, Sendable, CaseIterable {
    /// The command did what it was asked.
    case done = 0
    /// A bug: a report file was written.
    case bug = 1
    /// The command line is wrong.
    case usage = 2
    /// The configuration or the environment is wrong.
    case environment = 3
    /// A key is locked, a password is wrong, or a consent is missing.
    case locked = 4
    /// The node or the network does not answer.
    case unreachable = 5
    /// The thing named does not exist.
    case notFound = 6
    /// The rules of a chain or a DApp refuse it.
    case refused = 7
    /// Tests, checks or verification found something.
    case checksFailed = 8
    /// Something else holds the port, the lock or the name.
    case conflict = 9
    /// Waiting took too long; the work may still finish.
    case timedOut = 10
    /// The user interrupted it.
    case interrupted = 130

    /// A few words for the help page.
    package var meaning: String {
        switch self {
        case .done: "done"
        case .bug: "unexpected failure (a bug; prints where the report file is)"
        case .usage: "wrong usage"
        case .environment: "config or environment wrong"
        case .locked: "key locked, wrong password, no permission, consent missing"
        case .unreachable: "node or network unreachable"
        case .notFound: "not found"
        case .refused: "refused by chain or DApp rules"
        case .checksFailed: "tests, checks or verification failed"
        case .conflict: "conflict: port, lock, name, already running"
        case .timedOut: "timed out waiting; work may still finish"
        case .interrupted: "interrupted"
        }
    }
}
