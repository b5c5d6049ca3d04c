/// The targets that Package.swift declares, read as text: the house writes them in one form only.
struct Manifest: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case library = "library("
        case tests = "tests("
        case system = "system("
        case program = ".executableTarget("
        case header = ".systemLibrary(name:"
    }

    struct Target: Sendable {
        let kind: Kind
        let name: String
        let dependencies: [String]
        /// The Debian package of a system library.
        let package: String?
        let line: Int
    }

    let targets: [Target]

    init(_ file: SourceFile) {
        let start = file.lines.firstIndex { $0.contains("targets: [") && !$0.contains("]") } ?? 0
        var targets: [Target] = []
        for index in file.lines.indices.dropFirst(start) {
            let line = file.lines[index].drop { $0 == " " }
            guard let kind = Kind.allCases.first(where: { line.hasPrefix($0.rawValue) }) else { continue }
            let body = Manifest.call(from: index, in: file.lines)
            let strings = Manifest.strings(in: body)
            guard let name = strings.first else { continue }
            targets.append(
                Target(
                    kind: kind, name: name, dependencies: Manifest.strings(in: Manifest.firstList(of: body)),
                    package: kind == .system ? strings.last : nil, line: index + 1))
        }
        self.targets = targets
    }

    subscript(name: String) -> Target? { targets.first { $0.name == name } }

    // The text of a call from its line up to the parenthesis that closes it.
    private static func call(from start: Int, in lines: [Substring]) -> String {
        var body = ""
        var depth = 0
        for line in lines[start...] {
            for character in line {
                body.append(character)
                if character == "(" { depth += 1 }
                if character == ")" {
                    depth -= 1
                    if depth == 0 { return body }
                }
            }
        }
        return body
    }

    private static func firstList(of text: String) -> String {
        guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
            return ""
        }
        return String(text[open...close])
    }

    private static func strings(in text: String) -> [String] {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.indices.filter { !$0.isMultiple(of: 2) }.map { String(parts[$0]) }
    }
}

extension SourceTree {
    var manifest: Manifest? { self["Package.swift"].map(Manifest.init) }
}
