internal import JSON

/// The templates that `dapp new` copies: plain folders beside this program.
struct Templates {
    /// One template.
    struct Template: Equatable {
        let name: String
        let path: String
        let summary: String
    }

    private let environment: Environment

    /// Looks from where this program is.
    init(_ environment: Environment) { self.environment = environment }

    /// The folder that holds them: ETM_TEMPLATES, `../share/etm/templates`, or `templates` in a folder above.
    func directory() throws(CommandFailure) -> String {
        if let chosen = environment["ETM_TEMPLATES"] { return chosen }
        var folder = Files.directory(of: environment.executable)
        let installed = "\(folder)/../share/etm/templates"
        if Files.isDirectory(installed) { return installed }
        while folder != "/", folder != "." {
            if Files.exists("\(folder)/Package.swift"), Files.isDirectory("\(folder)/templates") {
                return "\(folder)/templates"
            }
            folder = Files.directory(of: folder)
        }
        throw CommandFailure(
            "NO_TEMPLATES", "there are no templates beside \(environment.executable)",
            hint: "ETM_TEMPLATES=/path/to/templates etm dapp new …", exit: .environment)
    }

    /// All of them by name.
    func all() throws(CommandFailure) -> [Template] {
        let directory = try directory()
        var found: [Template] = []
        for name in Files.list(directory)
        where Files.exists("\(directory)/\(name)/\(DAppFolder.manifestName)") {
            let path = "\(directory)/\(name)"
            found.append(Template(name: name, path: path, summary: Self.summary(path)))
        }
        return found
    }

    /// The template of this name; fails with the list and a suggestion.
    func template(_ name: String) throws(CommandFailure) -> Template {
        let all = try all()
        if let found = all.first(where: { $0.name == name }) { return found }
        var facts = JSONObject()
        facts["templates"] = .array(all.map { .string($0.name) })
        throw CommandFailure(
            "NO_TEMPLATE",
            "there is no template \"\(name)\"\(Suggestion.phrase(for: name, among: all.map(\.name)))"
                + " (there are: \(all.map(\.name).joined(separator: ", ")))",
            hint: "etm dapp new --list", exit: .notFound, facts: facts)
    }

    private static func summary(_ path: String) -> String {
        let bytes = ((try? Files.read("\(path)/\(DAppFolder.manifestName)", most: 65_536)) ?? nil) ?? []
        return (try? JSONParser.parse(bytes))?["description"]?.string ?? ""
    }
}
