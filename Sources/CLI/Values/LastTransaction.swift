internal import JSON

/// The transaction that this home sent last, for `--last`.
struct LastTransaction {
    var chain: String
    var id: String
    var node: String

    /// Remembers it; a home that cannot be written is no reason to fail a sent transaction.
    func write(_ session: Session) {
        let value: JSONValue = ["chain": .string(chain), "id": .string(id), "node": .string(node)]
        try? Files.makeDirectory(session.home.path)
        try? Files.write(JSONWriter.pretty(value) + [0x0A], to: session.home.lastTransaction)
    }

    /// The last one, or a failure that says that there is none.
    static func read(_ session: Session) throws(CommandFailure) -> LastTransaction {
        let bytes = try Files.read(session.home.lastTransaction, most: 65_536) ?? []
        guard let value = try? JSONParser.parse(bytes), let chain = value["chain"]?.string,
            let id = value["id"]?.string, let node = value["node"]?.string
        else {
            throw CommandFailure(
                "NO_TRANSACTION", "nothing was sent from this home yet", hint: "etm tx show ID",
                exit: .notFound)
        }
        return LastTransaction(chain: chain, id: id, node: node)
    }
}
