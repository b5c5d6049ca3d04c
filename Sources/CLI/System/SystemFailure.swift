internal import Glibc

/// An operating system call that failed: which one, on what, and the system's own words.
struct SystemFailure: Error, Sendable, Equatable {
    /// What was attempted, as a verb: "read".
    let attempt: String
    /// On which file or address.
    let subject: String
    /// The system's error number.
    let number: Int32

    /// Takes the error number of the call that just failed.
    init(_ attempt: String, _ subject: String, number: Int32 = errno) {
        self.attempt = attempt
        self.subject = subject
        self.number = number
    }

    /// The system's words for the error number.
    var reason: String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }

    /// For people: no permission is exit 4, everything else is the environment's fault.
    var failure: CommandFailure {
        let denied = number == EACCES || number == EPERM
        return CommandFailure(
            denied ? "PERMISSION_DENIED" : "FILE_FAILURE", "cannot \(attempt) \(subject): \(reason)",
            hint: "ls -ld \(subject)", exit: denied ? .locked : .environment)
    }
}
