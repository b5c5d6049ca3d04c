internal import JSON

/// `etm dapp new`: copies a template and puts the name in.
enum DAppNew {
    /// What stands for the name in a template's text files.
    static let mark = "{{name}}"

    private static let mostFiles = 1_000

    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let templates = Templates(session.environment)
        if invocation.has("list") { return try list(templates) }
        let name = try invocation.requiredArgument()
        try DAppFolder.checkName(name)
        let template = try templates.template(invocation.text("template") ?? "hello")
        let target = "\(Files.absolute(invocation.text("dir") ?? "."))/\(name)"
        guard !Files.exists(target) || (Files.isDirectory(target) && Files.list(target).isEmpty) else {
            throw CommandFailure(
                "FOLDER_EXISTS", "\(name) exists already and is not empty",
                hint: "etm dapp new ANOTHER --template \(template.name)",
                exit: .conflict)
        }
        let own = try files(in: template.path)
        let added = editorFiles.filter { !own.contains($0.name) }
        let files = (own + added.map(\.name)).sorted()
        if session.settings.isDryRun {
            return outcome(name, template, files, target, verb: "would create")
        }
        try Files.makeDirectory(target)
        for file in own { try copy("\(template.path)/\(file)", to: "\(target)/\(file)", name: name) }
        for file in added { try Files.write(file.bytes, to: "\(target)/\(file.name)") }
        return outcome(name, template, files, target, verb: "created")
    }

    // What editors read in every DApp; a template may bring its own.
    private static let editorFiles: [(name: String, bytes: [UInt8])] = [
        ("etm-dapp.d.ts", PackageResources.etm_dapp_d_ts), ("jsconfig.json", PackageResources.jsconfig_json),
    ]

    private static func list(_ templates: Templates) throws(CommandFailure) -> Outcome {
        let all = try templates.all()
        let width = all.map(\.name.count).max() ?? 0
        return Outcome(
            data: [
                "templates": .array(
                    all.map { ["name": .string($0.name), "description": .string($0.summary)] })
            ],
            lines: all.flatMap { TextLayout.entry($0.name, $0.summary, column: width, indent: 0) },
            notes: ["Next  etm dapp new NAME --template \(all.first?.name ?? "hello")"])
    }

    private static func outcome(
        _ name: String, _ template: Templates.Template, _ files: [String], _ target: String, verb: String
    ) -> Outcome {
        Outcome(
            data: [
                "name": .string(name), "template": .string(template.name), "directory": .string(target),
                "files": .array(files.map { .string($0) }),
            ],
            lines: [
                "\(verb) \(files.count) files in \(name) from template \"\(template.name)\" · no network used"
            ],
            notes: ["Next  cd \(name) && etm dapp test && etm dapp deploy"])
    }

    // Paths inside the template, in byte order; links and hidden files stay behind.
    private static func files(in folder: String, prefix: String = "") throws(CommandFailure) -> [String] {
        var found: [String] = []
        for name in Files.list(folder) where !name.hasPrefix(".") {
            let path = "\(folder)/\(name)"
            if Files.linkTarget(path) != nil { continue }
            if Files.isDirectory(path) {
                found += try files(in: path, prefix: "\(prefix)\(name)/")
            } else {
                found.append(prefix + name)
            }
        }
        guard found.count <= mostFiles else {
            throw CommandFailure(
                "TEMPLATE_TOO_LARGE", "\(folder) has more than \(mostFiles) files",
                hint: "etm dapp new --list",
                exit: .environment)
        }
        return found
    }

    private static func copy(_ source: String, to target: String, name: String) throws(CommandFailure) {
        guard let bytes = try Files.read(source) else {
            throw CommandFailure(
                "NO_FILE", "\(source) has gone", hint: "run the command again", exit: .environment)
        }
        try Files.makeDirectory(Files.directory(of: target))
        let isManifest = target.hasSuffix("/\(DAppFolder.manifestName)")
        let named = isManifest ? renamed(bytes, name: name) : bytes
        try Files.write(filled(named, name: name), to: target)
    }

    /// A template's manifest is a whole manifest with a name of its own, so that the template can be checked as it is.
    static func renamed(_ manifest: [UInt8], name: String) -> [UInt8] {
        guard let document = try? JSONParser.parseWithPositions(manifest),
            let old = document.value["name"]?.string,
            let start = document.position(of: ["name"])?.offset
        else { return manifest }
        let end = start + JSONWriter.compact(.string(old)).count
        guard end <= manifest.count else { return manifest }
        return manifest[..<start] + JSONWriter.compact(.string(name)) + manifest[end...]
    }

    /// The file with the name put in; a file that is no text stays as it is.
    static func filled(_ bytes: [UInt8], name: String) -> [UInt8] {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else { return bytes }
        let mark = Array(mark.utf8)
        var out: [UInt8] = []
        var start = 0
        while start < bytes.count {
            if bytes[start] == mark[0], bytes[start...].starts(with: mark) {
                out += Array(name.utf8)
                start += mark.count
            } else {
                out.append(bytes[start])
                start += 1
            }
        }
        return out
    }
}
