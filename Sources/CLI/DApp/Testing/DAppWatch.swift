/// `etm dapp test --watch`: runs again whenever a file of the DApp changes, until Ctrl-C or until nobody reads.
struct DAppWatch {
    private let invocation: Invocation
    private let session: Session
    private let path: String
    private static let pause: UInt64 = 200
    private static let mostFiles = 10_000

    init(_ invocation: Invocation, _ session: Session) throws(CommandFailure) {
        self.invocation = invocation
        self.session = session
        path = invocation.argument ?? "."
        guard !session.terminal.manner.isJSON else {
            throw .usage("BAD_FLAGS", "--watch is for people and has no --json", hint: "etm dapp test --json")
        }
        _ = try DAppFolder.open(invocation.argument)
    }

    func run() throws(CommandFailure) -> Outcome {
        var seen: [String: UInt64] = [:]
        while session.terminal.isOutputOpen {
            let now = stamps()
            if now != seen {
                seen = now
                report()
                session.terminal.notes(["watching \(path == "." ? "this folder" : path) · Ctrl-C ends"])
            }
            Clock.pause(milliseconds: Self.pause)
        }
        return .printed
    }

    // A mistake in a file is shown and waited out.
    private func report() {
        do throws(CommandFailure) {
            session.terminal.finish(try DAppTest.run(try DAppFolder.open(path), invocation, session))
        } catch {
            session.terminal.fail(error)
        }
    }

    /// When each file of the DApp last changed, in nanoseconds.
    private func stamps() -> [String: UInt64] {
        var found: [String: UInt64] = [:]
        let manifest = "\(path)/\(DAppFolder.manifestName)"
        found[manifest] = Files.changed(manifest)
        for folder in ["contract", "interface", "lib", "model", DAppTest.folder] {
            collect("\(path)/\(folder)", into: &found)
        }
        return found
    }

    private func collect(_ folder: String, into found: inout [String: UInt64]) {
        for name in Files.list(folder) where !name.hasPrefix(".") && found.count < Self.mostFiles {
            let inner = "\(folder)/\(name)"
            if Files.linkTarget(inner) == nil, Files.isDirectory(inner) {
                collect(inner, into: &found)
            } else if name.hasSuffix(".js") {
                found[inner] = Files.changed(inner)
            }
        }
    }
}
