// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

// Arithmetic is fifty times slower unoptimised, and every network in a test checks thousands of signatures.
let optimised: SwiftSetting = .unsafeFlags(["-O"], .when(configuration: .debug))

func library(
    _ name: String, _ dependencies: [String], _ settings: [SwiftSetting] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies.map { .init(stringLiteral: $0) },
        resources: resources,
        swiftSettings: house + settings
    )
}

func tests(_ name: String, _ dependencies: [String], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies.map { .init(stringLiteral: $0) },
        resources: resources,
        swiftSettings: house
    )
}

func system(_ name: String, _ package: String, _ debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: package, providers: [.apt([debian])])
}

let package = Package(
    name: "entanmo",
    products: [
        .executable(name: "etm", targets: ["etm"]),
        .executable(name: "etm-dapp-worker", targets: ["DAppWorker"]),
        .executable(name: "etm-benchmarks", targets: ["Benchmarks"]),
    ],
    targets: [
        // Layer 0: system libraries.
        system("CSQLite", "sqlite3", "libsqlite3-dev"),
        system("CSodium", "libsodium", "libsodium-dev"),
        system("COpenSSL", "libcrypto", "libssl-dev"),
        system("CJavaScriptCore", "javascriptcoregtk-4.1", "libjavascriptcoregtk-4.1-dev"),
        system("CWebSockets", "libwebsockets", "libwebsockets-dev"),
        system("CCurl", "libcurl", "libcurl4-openssl-dev"),
        system("CSeccomp", "libseccomp", "libseccomp-dev"),
        .systemLibrary(name: "CLinux"),

        // Layer 1: vocabulary.
        library("Primitives", []),
        library("JSON", []),
        library("Curve25519", [], [optimised]),
        library("Crypto", ["Primitives", "Curve25519", "CSodium", "COpenSSL"]),

        // Layer 2: one chain's rules, pure and synchronous.
        library("Ledger", ["Primitives", "Crypto"]),
        library("Randomness", ["Primitives", "Crypto"]),
        library("Analysis", ["Primitives"]),
        library("Consensus", ["Primitives", "Crypto", "Ledger", "Randomness"]),
        library("Sidechains", ["Primitives", "Crypto", "Ledger"]),
        library("Staking", ["Primitives", "Crypto", "Ledger", "Randomness"]),
        library("Assets", ["Primitives", "Crypto", "Ledger"]),

        // Layer 3: edges.
        library("Storage", ["Primitives", "Crypto", "Ledger", "CSQLite"]),
        library("Transport", ["Primitives", "JSON", "CWebSockets", "CCurl"]),
        library("DAppRuntime", ["Primitives", "JSON", "CLinux"]),
        library(
            "API",
            [
                "Primitives", "Crypto", "JSON", "Ledger", "Randomness", "Sidechains", "Staking", "Assets",
                "Transport",
            ]),

        // Layer 4: composition.
        library(
            "Node",
            [
                "Primitives", "Crypto", "JSON", "Ledger", "Randomness", "Consensus", "Sidechains", "Staking",
                "Assets", "Storage", "Transport", "DAppRuntime", "API",
            ]),

        library("DAppTesting", ["Primitives", "Crypto", "JSON", "DAppRuntime"]),

        // Layer 5: programs.
        library(
            "CLI",
            [
                "Primitives", "Crypto", "JSON", "Ledger", "Randomness", "Analysis", "Sidechains", "Staking",
                "Assets", "Transport", "DAppRuntime", "DAppTesting", "API", "Node", "CLinux",
            ],
            resources: [.embedInCode("Editor")]),
        .executableTarget(name: "etm", dependencies: ["CLI"], swiftSettings: house),
        .executableTarget(
            name: "DAppWorker",
            dependencies: [
                "Primitives", "Crypto", "JSON", "DAppRuntime", "CJavaScriptCore", "CSeccomp", "CLinux",
            ],
            resources: [.embedInCode("JavaScript")],
            swiftSettings: house
        ),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Primitives", "Crypto", "JSON", "Ledger", "Randomness", "Sidechains", "Staking",
                "Consensus", "Storage", "DAppRuntime", "Node", "TestKit", "CLinux",
            ],
            swiftSettings: house
        ),

        // Never a product: a network of replicas in one process.
        library(
            "TestKit",
            ["Primitives", "Crypto", "Ledger", "Randomness", "Consensus", "Sidechains", "Staking", "Assets"]),

        tests("PrimitivesTests", ["Primitives"]),
        tests("JSONTests", ["JSON", "TestKit"]),
        tests("Curve25519Tests", ["Curve25519"], resources: [.copy("Fixtures")]),
        tests("CryptoTests", ["Crypto", "Primitives", "JSON"], resources: [.copy("Fixtures")]),
        tests(
            "LedgerTests", ["Ledger", "Primitives", "Crypto", "JSON", "TestKit"],
            resources: [.copy("Fixtures")]),
        tests(
            "RandomnessTests", ["Randomness", "Primitives", "Crypto", "JSON", "TestKit"],
            resources: [.copy("Fixtures")]),
        tests("AnalysisTests", ["Analysis"], resources: [.copy("Fixtures")]),
        tests("ConsensusTests", ["Consensus", "Ledger", "Randomness", "Primitives", "Crypto", "TestKit"]),
        tests("SidechainsTests", ["Sidechains", "Ledger", "Primitives", "Crypto", "TestKit"]),
        tests(
            "StakingTests", ["Staking", "Ledger", "Randomness", "Primitives", "Crypto", "JSON"],
            resources: [.copy("Fixtures")]),
        tests("AssetsTests", ["Assets", "Ledger", "Primitives", "Crypto", "TestKit"]),
        tests("StorageTests", ["Storage", "Ledger", "Primitives", "Crypto"]),
        tests("TransportTests", ["Transport", "JSON", "Primitives"]),
        tests("DAppRuntimeTests", ["DAppRuntime", "Randomness", "Crypto", "Primitives", "JSON", "TestKit"]),
        tests("DAppTestingTests", ["DAppTesting", "DAppRuntime", "Primitives"]),
        tests(
            "APITests",
            ["API", "Transport", "JSON", "Ledger", "Randomness", "Assets", "Crypto", "Primitives"]),
        tests(
            "NodeTests",
            [
                "Node", "Consensus", "Randomness", "Sidechains", "Staking", "Storage", "Ledger",
                "DAppRuntime", "Primitives", "Crypto", "JSON",
            ]),
        tests(
            "CLITests",
            [
                "CLI", "JSON", "Crypto", "Primitives", "Ledger", "Randomness", "Staking", "Assets",
                "Transport",
            ],
            resources: [.copy("Fixtures")]),
        tests("SimulationTests", ["TestKit", "Consensus", "Ledger", "Sidechains", "Primitives", "Crypto"]),
        tests("IntegrationTests", ["JSON", "Primitives", "CLinux"]),
        tests("HouseTests", []),
    ],
    swiftLanguageModes: [.v6]
)

// The simulator is tested optimised as well; to build every other test that way would cost minutes for nothing.
if let only = Context.environment["ETM_TESTS"] {
    package.targets.removeAll { $0.type == .test && $0.name != only }
}
