package import Crypto

/// Where a password comes from: a file, a descriptor, the service manager, or a person at a terminal.
///
/// Never a flag's value, an argument or a variable: those end up in process lists, histories and logs.
package struct PasswordSource {
    private let session: Session
    private let invocation: Invocation

    /// The most bytes of a password.
    package static let longest = 1_000

    /// Looks at the flags of an invocation.
    package init(_ session: Session, _ invocation: Invocation) {
        self.session = session
        self.invocation = invocation
    }

    /// The password of an existing key.
    package func existing(for name: String) throws(CommandFailure) -> SecretBytes {
        if let given = try given() { return given }
        return try ask("Password of \(name)")
    }

    /// The password for a new key: asked twice at a terminal.
    package func new(for name: String) throws(CommandFailure) -> SecretBytes {
        if let given = try given() { return given }
        let first = try ask("New password for \(name)")
        guard first.isEqual(to: try ask("The same again")) else {
            throw CommandFailure(
                "PASSWORDS_DIFFER", "the two passwords differ", hint: "run the command again", exit: .locked)
        }
        return first
    }

    private func given() throws(CommandFailure) -> SecretBytes? {
        if let file = invocation.text("password-file") {
            if file == "-" {
                return try secret(Descriptor.readLine(Descriptor.input, most: Self.longest), "standard input")
            }
            return try secret(firstLine(of: file), file)
        }
        if let number = invocation.text("password-fd").flatMap({ Int32($0) }) {
            return try secret(Descriptor.readLine(number, most: Self.longest), "descriptor \(number)")
        }
        if let folder = session.environment["CREDENTIALS_DIRECTORY"], Files.exists("\(folder)/etm-password") {
            return try secret(firstLine(of: "\(folder)/etm-password"), "\(folder)/etm-password")
        }
        return nil
    }

    private func ask(_ question: String) throws(CommandFailure) -> SecretBytes {
        guard session.canAsk else {
            throw CommandFailure(
                "PASSWORD_NEEDED", "a password is needed and nobody can be asked",
                hint: "--password-file FILE", exit: .locked)
        }
        return try secret(session.terminal.askHidden(question), "the terminal")
    }

    private func firstLine(of path: String) throws(CommandFailure) -> [UInt8]? {
        guard let bytes = try Files.read(path, most: 65_536) else {
            throw CommandFailure(
                "NO_PASSWORD_FILE", "there is no file \(path)", hint: "--password-file FILE",
                exit: .environment)
        }
        let line = Array(bytes.prefix { $0 != 0x0A })
        return line.last == 0x0D ? line.dropLast() : line
    }

    private func secret(_ line: [UInt8]?, _ place: String) throws(CommandFailure) -> SecretBytes {
        guard var line, (1...Self.longest).contains(line.count) else {
            throw CommandFailure(
                "NO_PASSWORD", "\(place) holds no password of 1 to \(Self.longest) bytes",
                hint: "put the password on the first line", exit: .locked)
        }
        return SecretBytes(zeroing: &line)
    }

    /// The failure of making or opening a key.
    package static func failure(_ rejection: KeystoreRejection, name: String) -> CommandFailure {
        switch rejection {
        case .cannotOpen:
            CommandFailure(
                "CANNOT_UNLOCK", "\(name) does not open",
                hint: "try the password again, or restore a backup of the key",
                exit: .locked)
        case .passwordLength(_, let most):
            CommandFailure(
                "NO_PASSWORD", "a password has 1 to \(most) bytes", hint: "choose another password",
                exit: .locked)
        case .outOfMemory(let needed):
            CommandFailure(
                "OUT_OF_MEMORY", "unlocking takes \(needed) KiB of memory, which this machine does not give",
                hint: "free memory and try again", exit: .environment)
        }
    }
}
