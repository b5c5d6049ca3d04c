/// Unsafe code has an address, and nothing crashes by a shortcut.
enum SafetyRules {
    static let all = [unsafeRooms, unchecked, escapes, shortcuts, naps]

    /// The folders where C is called and `unsafe` may stand.
    private static let rooms = [
        "Sources/Crypto/", "Sources/Storage/", "Sources/Transport/", "Sources/DAppRuntime/",
        "Sources/DAppWorker/", "Sources/Benchmarks/Harness/", "Sources/CLI/System/",
        // Bytes of integers and identifiers, on the path of every hash.
        "Sources/Primitives/Bytes32.swift", "Sources/Primitives/Codec.swift",
        // System calls that have no other home.
        "Sources/CLI/Output/Streams.swift", "Sources/Node/SystemClock.swift",
        "Sources/Node/Devnet/DevnetFiles.swift", "Tests/",
    ]

    static let unsafeRooms = HouseRule(
        "unsafe stays in its rooms", at: "Sources/Ledger/Sample.swift", bad: ["let a = unsafe f()"],
        good: ["// unsafe\nlet text = \"unsafe\""]
    ) { file in
        guard file.isSwift, !rooms.contains(where: { file.path.hasPrefix($0) }) else { return [] }
        return file.words.filter { $0.text == "unsafe" }
            .map { file.finding($0.line, "unsafe code has its rooms, and this is none") }
    }

    /// The classes that own one C handle or one piece of memory each; the list may only get shorter.
    private static let handles: Set<String> = [
        "Sources/Crypto/SecretBytes.swift", "Sources/Storage/SQLite/Connection.swift",
        "Sources/Transport/CurlHandle.swift", "Sources/Transport/NamedThread.swift",
        "Sources/Node/Chains/QueryRunner.swift", "Tests/TransportTests/Sockets.swift",
        "Tests/DAppRuntimeTests/SandboxTests.swift",
    ]

    static let unchecked = HouseRule(
        "@unchecked Sendable stays with its handles",
        bad: [
            SourceTree([SourceFile("Sources/Node/A.swift", "final class A: @unchecked Sendable {}")]),
            SourceTree([
                SourceFile(
                    "Sources/Crypto/SecretBytes.swift",
                    "class A: @unchecked Sendable {}\nclass B: @unchecked Sendable {}")
            ]),
        ],
        good: [
            SourceTree([
                SourceFile(
                    "Sources/Crypto/SecretBytes.swift",
                    "/// Owned by one thread.\nfinal class A: @unchecked Sendable {}")
            ])
        ]
    ) { tree in
        tree.swift.flatMap { file in
            let lines = file.codeLines.indices.filter { file.codeLines[$0].contains("@unchecked") }
            let allowed = handles.contains(file.path) ? 1 : 0
            return lines.dropFirst(allowed).map {
                file.finding($0 + 1, "@unchecked Sendable is not for here")
            }
        }
    }

    // The one flag that does not check less: a test build optimises the arithmetic of signatures.
    private static let optimised =
        "let optimised: SwiftSetting = .unsafe" + "Flags([\"-O\"], .when(configuration: .debug))"

    static let escapes = HouseRule(
        "no way around the checker", at: "Sources/Node/Sample.swift",
        bad: [
            "nonisolated(unsafe) var a = 1", "@preconcurrency import B", "@testable import C",
            "let fast = .unsafe" + "Flags([\"-Ounchecked\"])", optimised + "\n" + optimised,
        ],
        good: ["nonisolated func f() {}", optimised]
    ) { file in
        let excepted = file.lines.firstIndex { $0 == optimised }
        return file.codeLines.indices.filter { $0 != excepted }.flatMap { line in
            ["nonisolated(unsafe)", "@preconcurrency", "@testable", "unsafeFlags"]
                .filter { file.codeLines[line].contains($0) }
                .map { file.finding(line + 1, "\($0) goes around the checker") }
        }
    }

    static let shortcuts = HouseRule(
        "nothing crashes by a shortcut", at: "Sources/Node/Sample.swift",
        bad: ["let a = try! f()", "let b = c as! D", "fatalError(\"later\")", "let e: Int!"],
        good: ["precondition(a != b, \"a sentence\")\nlet c = d as? E\nif !f {}"]
    ) { file in
        guard file.isSwift else { return [] }
        return file.words.filter { word in
            switch word.text {
            case "try", "as": file.byte(after: word) == Byte.bang
            case "fatalError": true
            case "Int", "String", "Data", "URL": file.byte(after: word) == Byte.bang
            default: false
            }
        }
        .map { file.finding($0.line, "\($0.text) may crash here without saying why") }
    }

    static let naps = HouseRule(
        "no test sleeps", at: "Tests/NodeTests/Sample.swift",
        bad: [
            "sleep(1)", "usleep(5)", "try await Task.sleep(for: .seconds(1))",
            "Thread.sleep(forTimeInterval: 1)",
        ],
        good: ["let sleeper = 1", "machine.sleeps = true"]
    ) { file in
        guard file.isSwift, file.isTest || file.target == "TestKit" else { return [] }
        return file.words.filter { ["sleep", "usleep", "nanosleep"].contains($0.text) }
            .map { file.finding($0.line, "tests wait for events, never for time") }
    }
}
