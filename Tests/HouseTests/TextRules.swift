import Foundation

/// Every text file is clean, speaks of the project alone and points at things that exist.
enum TextRules {
    static let all = [whitespace, promises, machines, decoration, readme, links]

    static let whitespace = HouseRule(
        "lines are clean", at: "docs/sample.md",
        bad: ["a\tb\n", "a \n", "a", "a\n\n", "a\r\n"], good: ["a\n", ""]
    ) { file in
        let tabs = file.name == "Makefile" || file.name.hasPrefix(".git")
        var findings = file.lines.indices.compactMap { index -> Finding? in
            let line = file.lines[index]
            if line.last == " " { return file.finding(index + 1, "spaces at the end") }
            if line.utf8.contains(13) { return file.finding(index + 1, "a carriage return") }
            return !tabs && line.contains("\t") ? file.finding(index + 1, "a tab") : nil
        }
        if !file.text.isEmpty, !file.text.hasSuffix("\n") || file.text.hasSuffix("\n\n") {
            findings.append(file.finding(file.lineCount, "a file ends with exactly one newline"))
        }
        return findings
    }

    // Put together here so that the rule does not find itself.
    private static let promised = ["TO" + "DO", "FIX" + "ME"]

    static let promises = HouseRule(
        "nothing is left for later", at: "Sources/Node/Sample.swift",
        bad: ["// TO" + "DO: later", "let a = 1 // FIX" + "ME"], good: ["// A method list.\n"]
    ) { file in
        find(promised, in: file, "it is done or it is not there")
    }

    private static let paths = [
        "/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/tm" + "p/repo",
    ]

    static let machines = HouseRule(
        "no file knows a machine", at: "docs/sample.md",
        bad: ["see /wo" + "rk/x", "in `/ho" + "me/me`", "/ro" + "ot/a"],
        good: ["see Sources/Node\n", "\\(scratch)/ho" + "me/a\n"]
    ) { file in
        guard paths.contains(where: file.text.contains) else { return [] }
        return file.lines.indices.filter { index in paths.contains { begins($0, in: file.lines[index]) } }
            .map { file.finding($0 + 1, "a path of one machine") }
    }

    // A path within another path is nobody's machine.
    private static func begins(_ path: String, in line: Substring) -> Bool {
        line.ranges(of: path).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            return " \"'`(=:<>,".contains(line[line.index(before: range.lowerBound)])
        }
    }

    static let decoration = HouseRule(
        "comments are sentences", at: "Sources/Node/Sample.swift",
        bad: ["// ======", "// ------ part"], good: ["// A sentence - with a dash.\n"]
    ) { file in
        file.commentLines.indices.filter { index in
            let text = file.commentLines[index]
            return text.contains("// ==") || text.contains("// --")
        }
        .map { file.finding($0 + 1, "decoration") }
    }

    private static let longestReadme = 150

    static let readme = HouseRule(
        "the README is short", at: "README.md",
        bad: [String(repeating: "a\n", count: longestReadme + 1)],
        good: [String(repeating: "a\n", count: longestReadme)]
    ) { file in
        guard file.path == "README.md", file.lineCount > longestReadme else { return [] }
        return [file.finding(longestReadme, "\(file.lineCount) lines, at most \(longestReadme)")]
    }

    static let links = HouseRule(
        "links lead somewhere",
        bad: [
            SourceTree([SourceFile("docs/a.md", "see [b](b.md)\n")]),
            SourceTree([SourceFile("README.md", "see [b](docs/b.md#part)\n")]),
        ],
        good: [
            SourceTree([
                SourceFile("docs/a.md", "see [b](../README.md), [c](#part), [d](https://e.f), [g](./)\n"),
                SourceFile("README.md", "see [a](docs/a.md#part) and [docs](docs/)\n"),
            ])
        ]
    ) { tree in
        let known = Set(tree.files.map(\.path)).union(tree.files.flatMap { prefixes(of: $0.path) })
        return tree.files.filter { $0.path.hasSuffix(".md") }.flatMap { file in
            file.lines.indices.flatMap { line in
                targets(in: file.lines[line])
                    .filter { !known.contains(resolve($0, from: file.folders.map(String.init))) }
                    .map { file.finding(line + 1, "there is no \($0)") }
            }
        }
    }

    private static func find(_ words: [String], in file: SourceFile, _ message: String) -> [Finding] {
        guard words.contains(where: file.text.contains) else { return [] }
        return file.lines.indices.filter { index in words.contains { file.lines[index].contains($0) } }
            .map { file.finding($0 + 1, message) }
    }

    private static func prefixes(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return (0..<parts.count).map { parts.prefix($0).joined(separator: "/") }
    }

    // The relative targets of a line's links, without their fragments.
    private static func targets(in line: Substring) -> [String] {
        line.components(separatedBy: "](").dropFirst().compactMap { part in
            guard let end = part.firstIndex(of: ")") else { return nil }
            let target = part[..<end].prefix { $0 != "#" }
            return target.isEmpty || target.contains(":") ? nil : String(target)
        }
    }

    private static func resolve(_ target: String, from folders: [String]) -> String {
        var parts = folders
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}
