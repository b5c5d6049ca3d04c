/// Which target may know which: arrows point down, sideways only where the table says so.
enum LayerRules {
    static let layers: [String: Int] = [
        "CSQLite": 0, "CSodium": 0, "COpenSSL": 0, "CJavaScriptCore": 0, "CWebSockets": 0, "CCurl": 0,
        "CSeccomp": 0, "CLinux": 0,
        "Primitives": 1, "JSON": 1, "Curve25519": 1, "Crypto": 1,
        "Ledger": 2, "Randomness": 2, "Analysis": 2, "Consensus": 2, "Sidechains": 2, "Staking": 2,
        "Assets": 2,
        "Storage": 3, "Transport": 3, "DAppRuntime": 3, "API": 3, "TestKit": 3,
        "Node": 4, "DAppTesting": 4,
        "CLI": 5, "etm": 5, "DAppWorker": 5, "Benchmarks": 5,
    ]

    /// Domain targets do not know one another; these are the exceptions.
    static let sideways: [String: Set<String>] = [
        "Crypto": ["Primitives", "Curve25519"],
        "Consensus": ["Ledger", "Randomness"],
        "Sidechains": ["Ledger"],
        "Staking": ["Ledger", "Randomness"],
        "Assets": ["Ledger"],
        "API": ["Transport"],
        "etm": ["CLI"],
    ]

    /// The targets that may touch each C library: nothing of it leaves them.
    static let rooms: [String: Set<String>] = [
        "CSodium": ["Crypto"], "COpenSSL": ["Crypto"], "CSQLite": ["Storage"],
        "CWebSockets": ["Transport"], "CCurl": ["Transport"],
        "CJavaScriptCore": ["DAppWorker"], "CSeccomp": ["DAppWorker"],
        "CLinux": ["DAppRuntime", "DAppWorker", "CLI", "Benchmarks"],
    ]

    /// The modules of the toolchain that targets may import; layers 1 and 2 import none, but for logarithms.
    static let toolchain: [String: Set<String>] = [
        "Analysis": ["Glibc"],
        "Storage": ["Glibc", "Synchronization"], "Transport": ["Glibc", "Synchronization"],
        "DAppRuntime": ["Glibc", "Synchronization"], "API": ["Synchronization", "Dispatch"],
        "Node": ["Glibc", "Synchronization", "Dispatch", "Foundation"], "CLI": ["Glibc", "Synchronization"],
        "etm": ["Glibc"],
        "DAppWorker": ["Glibc", "Synchronization"], "Benchmarks": ["Glibc", "Synchronization"],
    ]

    static let all = [placed, arrows, imports, folders]

    private static func sample(_ targets: String, _ files: [SourceFile] = []) -> SourceTree {
        SourceTree([SourceFile("Package.swift", "    targets: [\n\(targets)\n    ]\n")] + files)
    }

    static let placed = HouseRule(
        "every target has a layer", bad: [sample("library(\"Stray\", []),")],
        good: [sample("library(\"Ledger\", []),")]
    ) { tree in
        (tree.manifest?.targets ?? []).filter { $0.kind != .tests && layers[$0.name] == nil }
            .map { Finding(path: "Package.swift", line: $0.line, message: "\($0.name) has no layer") }
    }

    static let arrows = HouseRule(
        "dependencies point down",
        bad: [
            sample("library(\"Ledger\", [\"Storage\"]),"), sample("library(\"Ledger\", [\"Consensus\"]),"),
            sample("library(\"Node\", [\"CSQLite\"]),"), sample("library(\"Node\", [\"TestKit\"]),"),
            sample("library(\n    \"Node\",\n    [\n        \"Primitives\", \"CLI\",\n    ]),"),
        ],
        good: [sample("library(\"Consensus\", [\"Ledger\"]),\ntests(\"NodeTests\", [\"TestKit\"]),")]
    ) { tree in
        (tree.manifest?.targets ?? []).filter { $0.kind != .tests }.flatMap { target in
            target.dependencies.filter { !mayKnow(target.name, $0) }.map {
                Finding(
                    path: "Package.swift", line: target.line, message: "\(target.name) may not know \($0)")
            }
        }
    }

    static let imports = HouseRule(
        "imports are declared and allowed",
        bad: [
            sample("library(\"Ledger\", []),", [SourceFile("Sources/Ledger/A.swift", "import Crypto")]),
            sample("library(\"Ledger\", []),", [SourceFile("Sources/Ledger/A.swift", "import Foundation")]),
            sample(
                "library(\"Node\", []),", [SourceFile("Sources/Node/A.swift", "internal import Testing.Q")]),
        ],
        good: [
            sample(
                "library(\"Node\", [\"Ledger\"]),",
                [SourceFile("Sources/Node/A.swift", "internal import Glibc\npublic import Ledger")])
        ]
    ) { tree in
        guard let manifest = tree.manifest else { return [] }
        return tree.sources.flatMap { file in
            let target = file.target ?? ""
            let known = Set(manifest[target]?.dependencies ?? []).union(toolchain[target] ?? [])
            return importedModules(of: file).filter { !known.contains($0.module) }
                .map { file.finding($0.line, "\(target) may not import \($0.module)") }
        }
    }

    static let folders = HouseRule(
        "targets and folders agree",
        bad: [
            sample("library(\"Ledger\", []),"),
            sample("", [SourceFile("Sources/Ledger/A.swift", "")]),
            sample("", [SourceFile("Tests/LedgerTests/A.swift", "")]),
        ],
        good: [
            sample(
                "library(\"Ledger\", []),\ntests(\"LedgerTests\", []),",
                [SourceFile("Sources/Ledger/A.swift", ""), SourceFile("Tests/LedgerTests/A.swift", "")])
        ]
    ) { tree in
        let targets = tree.manifest?.targets ?? []
        let named = Set(targets.filter { $0.kind != .tests }.map { "Sources/\($0.name)" })
            .union(targets.filter { $0.kind == .tests }.map { "Tests/\($0.name)" })
        let present = Set(tree.names(in: "Sources").map { "Sources/\($0)" })
            .union(tree.names(in: "Tests").filter { !$0.hasPrefix(".") }.map { "Tests/\($0)" })
        return named.symmetricDifference(present).sorted().map {
            Finding(path: $0, line: 1, message: "it is a target or a folder, not both")
        }
    }

    private static func mayKnow(_ target: String, _ other: String) -> Bool {
        if other == "TestKit" { return target == "Benchmarks" }
        if let room = rooms[other] { return room.contains(target) }
        guard let own = layers[target], let below = layers[other] else { return false }
        return below < own || sideways[target, default: []].contains(other)
    }

    private static func importedModules(of file: SourceFile) -> [(module: String, line: Int)] {
        file.words.indices.dropLast().filter { file.words[$0].text == "import" }
            .map { (file.words[$0 + 1].text, file.words[$0].line) }
    }
}
