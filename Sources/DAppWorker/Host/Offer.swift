internal import DAppRuntime

/// What a bundle offers, read from the lines that the runtime's `open` writes.
struct Offer {
    private(set) var findings: [Diagnostic] = []
    private(set) var contracts: [ContractEntry] = []
    private(set) var models: [ModelEntry] = []
    private(set) var routes: [RouteEntry] = []

    init(text: String, realm: Realm) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            switch (fields.first, fields.count) {
            case ("contract", 5):
                contracts.append(
                    ContractEntry(
                        contract: fields[1], method: fields[2], arguments: Self.types(fields[4]),
                        fee: fields[3] == "-" ? nil : fields[3]))
            case ("model", 6):
                models.append(
                    ModelEntry(
                        name: fields[1], key: fields[2], fields: Self.types(fields[3]),
                        unique: Self.names(fields[4]), index: Self.names(fields[5])))
            case ("route", 4):
                routes.append(RouteEntry(name: fields[1], path: fields[2], parameters: Self.types(fields[3])))
            default: addFinding(fields, realm)
            }
        }
    }

    private mutating func addFinding(_ fields: [String], _ realm: Realm) {
        guard fields.count >= 4, findings.count < CheckReport.mostDiagnostics else { return }
        let place = realm.position(of: Int(fields[1]) ?? -1)
        let message = fields[3].isEmpty ? "Evaluating the module throws \(fields[2])." : fields[3]
        findings.append(
            Diagnostic(
                file: place.file, line: place.line, column: place.column, code: "declaration",
                message: message.cut(toBytes: 1024)))
    }

    private static func names(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

    private static func types(_ text: String) -> [TypedName] {
        names(text).compactMap { item in
            let parts = item.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 ? TypedName(name: parts[0], type: parts[1]) : nil
        }
    }
}
