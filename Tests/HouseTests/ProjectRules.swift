/// The project's parts are complete and in their places.
enum ProjectRules {
    static let all = [top, packages, decisions, evidence, templates, names, placeholders, ownNames, scripts]

    private static let allowedAtTop: Set<String> = [
        "Package.swift", "Sources", "Tests", "dapps", "templates", "README.md", "Makefile", ".ci",
        ".swift-format", "LICENSE", "docs", "CHANGELOG.md", ".editorconfig", ".gitignore",
        // What git and the package manager leave there.
        ".git", "Package.resolved",
    ]

    static let top = HouseRule(
        "the top level is fixed", bad: [SourceTree([SourceFile("scripts/a.sh", "")])],
        good: [SourceTree([SourceFile("docs/README.md", "")])]
    ) { tree in
        tree.names(in: "").subtracting(allowedAtTop).sorted()
            .map { Finding(path: $0, line: 1, message: "it does not belong at the top") }
    }

    /// What the build runs but no target links.
    private static let tools: Set<String> = ["node-acorn", "pkg-config"]

    static let packages = HouseRule(
        "Package.swift and the package list agree",
        bad: [
            packageSample("system(\"CSQLite\", \"sqlite3\", \"libsqlite3-dev\"),", "libssl-dev\n"),
            packageSample("", "libssl-dev\nnode-acorn\npkg-config\n"),
            packageSample("", "node-acorn\n"),
        ],
        good: [
            packageSample(
                "system(\"CSQLite\", \"sqlite3\", \"libsqlite3-dev\"),",
                "# why\nnode-acorn\npkg-config\nlibsqlite3-dev # state\n")
        ]
    ) { tree in
        guard let manifest = tree.manifest else { return [] }
        let declared = Set(manifest.targets.compactMap(\.package)).union(tools)
        let listed = (tree[".ci/packages.txt"]?.lines ?? []).compactMap {
            $0.prefix { $0 != "#" }.split(separator: " ").first.map(String.init)
        }
        return declared.symmetricDifference(listed).sorted().map {
            Finding(
                path: ".ci/packages.txt", line: 1, message: "\($0) is here or in Package.swift, not in both")
        }
    }

    static let decisions = HouseRule(
        "every decision is in the index",
        bad: [
            SourceTree([SourceFile("docs/decisions/0001-a.md", "# A\n")]),
            SourceTree([
                SourceFile("docs/decisions/README.md", "[1](0001-a.md)\n"),
                SourceFile("docs/decisions/0001-a.md", String(repeating: "a\n", count: 61)),
            ]),
        ],
        good: [
            SourceTree([
                SourceFile("docs/decisions/README.md", "[1](0001-a.md)\n"),
                SourceFile(
                    "docs/decisions/0001-a.md",
                    "## Context\n## Alternatives\n## Decision\n## Consequences\n"),
            ])
        ]
    ) { tree in
        let index = tree["docs/decisions/README.md"]?.text ?? ""
        return tree.files.filter { $0.path.hasPrefix("docs/decisions/0") }.flatMap { file in
            var findings: [Finding] = []
            if !index.contains("(\(file.name))") { findings.append(file.finding(1, "not in the index")) }
            if file.lineCount > 60 { findings.append(file.finding(61, "a note has at most 60 lines")) }
            for part in ["## Context", "## Alternatives", "## Decision", "## Consequences"]
            where !file.text.contains(part) {
                findings.append(file.finding(1, "it has no part \"\(part)\""))
            }
            return findings
        }
    }

    /// A page that says "closed, and this test shows it" names a test that is there.
    static let evidence = HouseRule(
        "the tests that the security page names exist",
        bad: [
            SourceTree([SourceFile("docs/security.md", "| 1 | `ATests/B.c` |")]),
            SourceTree([
                SourceFile("docs/security.md", "`ATests/B.c`"),
                SourceFile("Tests/ATests/B.swift", "func d() {}"),
            ]),
        ],
        good: [
            SourceTree([
                SourceFile("docs/security.md", "`ATests/B.c` and `etm help`"),
                SourceFile("Tests/ATests/More/B.swift", "@Test func c() {}"),
            ])
        ]
    ) { tree in
        guard let page = tree["docs/security.md"] else { return [] }
        return page.lines.enumerated().flatMap { index, line in
            line.split(separator: "`").compactMap { word -> Finding? in
                let parts = word.split(whereSeparator: { $0 == "/" || $0 == "." })
                guard parts.count == 3, parts[0].hasSuffix("Tests"), !word.contains(" ") else { return nil }
                let isThere = tree.tests.contains {
                    $0.path.hasPrefix("Tests/\(parts[0])/") && $0.path.hasSuffix("/\(parts[1]).swift")
                        && $0.text.contains("func \(parts[2])(")
                }
                return isThere ? nil : page.finding(index + 1, "there is no test \(word)")
            }
        }
    }

    static let templates = HouseRule(
        "templates and DApps are whole",
        bad: [
            SourceTree([SourceFile("templates/a/README.md", "")]),
            SourceTree([SourceFile("dapps/a/etm.dapp.json", "")]),
        ],
        good: [
            SourceTree([
                SourceFile("templates/a/README.md", ""), SourceFile("templates/a/etm.dapp.json", ""),
                SourceFile("templates/README.md", ""),
            ])
        ]
    ) { tree in
        ["templates", "dapps"].flatMap { folder in
            tree.names(in: folder).filter { tree["\(folder)/\($0)"] == nil }.sorted().flatMap { name in
                ["etm.dapp.json", "README.md"].filter { tree["\(folder)/\(name)/\($0)"] == nil }
                    .map { Finding(path: "\(folder)/\(name)", line: 1, message: "it has no \($0)") }
            }
        }
    }

    private static let vague: Set<String> = [
        "Utils", "Utilities", "Common", "Helpers", "Core", "Base", "Models", "Protocols", "Extensions",
        "Misc", "Shared", "Managers",
    ]

    static let names = HouseRule(
        "folders are named after ideas",
        bad: [SourceTree([SourceFile("Sources/Node/Utils/A.swift", "")])],
        good: [SourceTree([SourceFile("Sources/Node/Replica/A.swift", "")])]
    ) { tree in
        (tree.sources + tree.tests).filter { file in file.folders.contains { vague.contains(String($0)) } }
            .map { $0.finding(1, "its folder says nothing") }
    }

    static let placeholders = HouseRule(
        "no placeholder stands beside real files",
        bad: [
            SourceTree([
                SourceFile("Sources/Node/Placeholder.swift", ""), SourceFile("Sources/Node/A.swift", ""),
            ])
        ],
        good: [SourceTree([SourceFile("Sources/Node/Placeholder.swift", "")])]
    ) { tree in
        tree.files.filter { $0.name == "Placeholder.swift" }
            .filter { file in tree.swift.contains { $0.target == file.target && $0.path != file.path } }
            .map { $0.finding(1, "the target has real files now") }
    }

    static let ownNames = HouseRule(
        "no type has its module's name", at: "Sources/Ledger/Sample.swift",
        bad: ["public struct Ledger {}", "enum Ledger {}"], good: ["struct LedgerView {}"]
    ) { file in
        guard file.isSource else { return [] }
        return zip(file.words, file.words.dropFirst())
            .filter { ["struct", "enum", "class", "protocol", "typealias"].contains($0.0.text) }
            .filter { $0.1.text == file.target }
            .map { file.finding($0.0.line, "Swift cannot name anything else in the module then") }
    }

    static let scripts = HouseRule(
        "scripts stop at the first error", at: ".ci/sample",
        bad: ["#!/bin/bash\necho a\n", "#!/bin/sh\nset -eu\n"], good: ["#!/bin/bash\nset -u\n", "a\n"]
    ) { file in
        guard file.text.hasPrefix("#!") else { return [] }
        guard file.lines[0] == "#!/bin/bash" else { return [file.finding(1, "scripts are for /bin/bash")] }
        let isStrict = file.lines.contains { $0.hasPrefix("set -") && $0.contains("u") }
        return isStrict ? [] : [file.finding(1, "set -u is missing")]
    }

    private static func packageSample(_ targets: String, _ list: String) -> SourceTree {
        SourceTree([
            SourceFile("Package.swift", "    targets: [\n\(targets)\n    ]\n"),
            SourceFile(".ci/packages.txt", list),
        ])
    }
}
