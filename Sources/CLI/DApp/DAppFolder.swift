internal import DAppRuntime
internal import JSON

/// An author's folder: where it is, its manifest, its modules.
struct DAppFolder {
    static let manifestName = "etm.dapp.json"

    let path: String
    let manifestText: [UInt8]

    /// The name that the manifest gives, whatever else is wrong with it.
    var manifestName: JSONValue? { (try? JSONParser.parse(manifestText))?["name"] }

    /// The folder of this path, or the one that the command is run in.
    static func open(_ path: String?) throws(CommandFailure) -> DAppFolder {
        let path = path ?? "."
        let file = "\(path)/\(manifestName)"
        guard let bytes = try Files.read(file, most: 65_536) else {
            throw CommandFailure(
                "NO_DAPP", "there is no \(manifestName) in \(path == "." ? "this folder" : path)",
                hint: "etm dapp new hello --template hello", exit: .notFound)
        }
        return DAppFolder(path: path, manifestText: bytes)
    }

    /// The DApp that a command is about: --dapp, --chain, or the manifest in this folder.
    static func name(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> String {
        if let name = invocation.text("dapp") ?? session.settings.chain { return name }
        guard Files.exists(manifestName) else {
            throw .usage(
                "WHICH_DAPP", "there is no \(manifestName) in this folder to tell which DApp is meant",
                hint: "--dapp NAME (see: etm dapp list)")
        }
        guard let name = try open(nil).manifestName?.string else {
            throw CommandFailure(
                "BAD_MANIFEST", "\(manifestName) has no name", hint: "etm dapp check", exit: .checksFailed)
        }
        return name
    }

    /// Every file that belongs in a bundle, by its path in the folder.
    func modules() throws(CommandFailure) -> [(path: String, bytes: [UInt8])] {
        var found: [(path: String, bytes: [UInt8])] = []
        for folder in ["contract", "interface", "lib", "model"] { try collect(folder, into: &found) }
        return found
    }

    /// The files that test it: test/**/*.js.
    func tests() throws(CommandFailure) -> [DAppModule] {
        var found: [(path: String, bytes: [UInt8])] = []
        try collect(DAppTest.folder, into: &found)
        return found.map { DAppModule(path: $0.path, source: $0.bytes) }
    }

    private func collect(
        _ folder: String, into found: inout [(path: String, bytes: [UInt8])]
    ) throws(CommandFailure) {
        for name in Files.list("\(path)/\(folder)") where !name.hasPrefix(".") {
            let inner = "\(folder)/\(name)"
            if Files.isDirectory("\(path)/\(inner)") {
                if ["lib", DAppTest.folder].contains(String(folder.prefix { $0 != "/" })) {
                    try collect(inner, into: &found)
                }
            } else if name.hasSuffix(".js"), let bytes = try Files.read("\(path)/\(inner)") {
                found.append((inner, bytes))
            }
        }
    }

    /// The rule of a DApp's name, which is a chain's and a folder's as well.
    static func checkName(_ name: String) throws(CommandFailure) {
        let bytes = Array(name.utf8)
        let isPlain = bytes.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        let startsWell = bytes.first.map { (0x61...0x7A).contains($0) } ?? false
        guard isPlain, startsWell, (2...32).contains(bytes.count), name != "main" else {
            throw .usage(
                "BAD_NAME",
                "a DApp's name is 2 to 32 of a-z, 0-9 and \"-\", beginning with a letter, not \"main\"",
                hint: "etm dapp new hello --template hello")
        }
    }
}
