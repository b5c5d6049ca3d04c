internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// `etm storage …`: short contents that the chain keeps.
enum StorageCommands {
    static let group = CommandGroup("storage", "keep short contents on the chain", [put, get])

    private static let put = Command(
        "storage put", "store a file of at most 4,096 bytes on the main chain",
        argument: .required("FILE", .file("FILE")), flags: Sender.flags,
        examples: [
            .init("etm storage put note.txt", "asks first"),
            .init("etm storage put note.txt --from alice --yes", "for scripts"),
        ],
        details: "It is public and cannot be taken back. It costs a base fee for every 200 bytes begun.",
        handler: StorageActions.put)

    private static let get = Command(
        "storage get", "show or write what a transaction stored", argument: .required("ID", .text("ID")),
        flags: [.option("out", .file("FILE"), "write the bytes to this file, which must not exist")],
        examples: [
            .init("etm storage get ID", "when it is text"),
            .init("etm storage get ID --out copy.bin", "whatever it is"),
        ], handler: StorageActions.get)
}

/// What the storage commands do.
enum StorageActions {
    static func put(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let path = try invocation.requiredArgument()
        // The size first: nobody wants a film in memory to learn that it is too long.
        guard !Files.isDirectory(path), let size = Files.size(of: path) else {
            throw CommandFailure("NO_FILE", "there is no file \(path)", hint: "ls", exit: .notFound)
        }
        guard (1...StoragePayload.largest).contains(size), let content = try Files.read(path),
            (1...StoragePayload.largest).contains(content.count)
        else {
            throw .usage(
                "BAD_SIZE", "\(path) has \(size) bytes; 1 to \(StoragePayload.largest) can be stored",
                hint: "store its SHA-256 instead")
        }
        let order = Order(
            title: "Store a file", kind: .storage, payload: StoragePayload(content: content).encoded,
            leaves: [],
            facts: [
                ("file", path), ("bytes", UInt64(content.count).grouped),
                ("sha256", SHA256.hash(content).hex), ("public", "for everybody, for ever"),
            ])
        let chain = try AssetView.chain(session)
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: ["stored \(path)"] + sent.lines,
            notes: ["Next  etm storage get \(sent.id)\(session.flags())"])
    }

    static func get(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        let id = try invocation.requiredArgument().lowercased()
        guard TransactionID(hex: id) != nil else {
            throw .usage("BAD_ID", "a transaction's id has 64 hexadecimal digits", hint: "etm tx show --last")
        }
        let data = try session.node.get("/v1/storage/\(id)")
        guard let content = data["content"]?.string.flatMap({ Hex.decode($0) }),
            SHA256.hash(content).hex == data["sha256"]?.string
        else {
            throw CommandFailure(
                "WRONG_CONTENT", "the content does not have the hash that the chain keeps",
                hint: "ask another node", exit: .checksFailed)
        }
        if let path = invocation.text("out") {
            try Files.create(content, at: path, mode: 0o644)
            return Outcome(data: data, lines: ["wrote \(UInt64(content.count).grouped) bytes to \(path)"])
        }
        let lines = session.terminal.manner.isJSON ? [] : try text(content, id)
        return Outcome(data: data, lines: lines)
    }

    // Control characters would run in the terminal of whoever looks at a stranger's content.
    private static func text(_ content: [UInt8], _ id: String) throws(CommandFailure) -> [String] {
        guard let text = String(validating: content, as: UTF8.self),
            text.unicodeScalars.allSatisfy({
                $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control
            })
        else {
            throw CommandFailure(
                "NOT_TEXT", "the \(content.count) bytes are no plain text",
                hint: "etm storage get \(id) --out FILE", exit: .refused)
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // A line ends where its line feed is; printing adds one.
        if lines.count > 1, lines.last == "" { lines.removeLast() }
        return lines
    }
}
