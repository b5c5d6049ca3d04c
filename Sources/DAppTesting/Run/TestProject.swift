package import DAppRuntime

/// A DApp and the files that test it.
package struct TestProject: Sendable {
    /// The manifest: pace and gas of blocks, assets.
    package let manifest: DAppManifest
    /// What would be deployed.
    package let bundle: DAppBundle
    /// `test/**/*.js`, by path.
    package let tests: [DAppModule]

    /// Joins a DApp and its tests.
    package init(manifest: DAppManifest, bundle: DAppBundle, tests: [DAppModule]) {
        self.manifest = manifest
        self.bundle = bundle
        self.tests = tests
    }

    /// The lines of a file of the bundle or of the tests; nil when there is none of this path.
    package func lines(of path: String) -> [Substring]? {
        let module = tests.first { $0.path == path } ?? bundle.modules.first { $0.path == path }
        return module.map {
            String(decoding: $0.source, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
        }
    }
}

/// How a run is to go.
package struct TestOptions: Sendable {
    /// What all chance follows from.
    package var seed: UInt64
    /// Only tests whose file or name holds this text.
    package var filter: String?
    /// Longest time for one test in milliseconds.
    package var limit: UInt64
    /// Whether the first failure ends the run.
    package var stopsAtFailure = false
    /// Whether lines and branches are counted.
    package var isCovering = false

    /// A run of every test.
    package init(seed: UInt64, limit: UInt64 = 30_000) {
        self.seed = seed
        self.limit = limit
    }
}

/// How one test ended.
package struct TestVerdict: Sendable, Equatable {
    /// Path of the file.
    package let file: String
    /// Names of the groups and the test; the path again when a whole file is meant.
    package let name: String
    /// What it is.
    package let kind: Kind
    /// How long it took.
    package let milliseconds: UInt64
    /// Gas of all its calls together.
    package let gas: UInt64
    /// Why it failed; nil when it passed.
    package let failure: TestFailure?

    /// The kinds of tests.
    package enum Kind: String, Sendable {
        /// One example.
        case it
        /// A property of all inputs.
        case fuzz
        /// A property of all states.
        case invariant
        /// A file that could not be loaded.
        case file
    }
}

/// Why a test failed.
package struct TestFailure: Sendable, Equatable {
    /// Class of the error.
    package let name: String
    /// What it says.
    package let message: String
    /// What an assertion wanted.
    package var expected: String?
    /// What it got.
    package var actual: String?
    /// Where in the tests.
    package var place: Place?
    /// Where in the contracts, when one of them refused.
    package var contract: Place?
    /// The least input or walk that fails.
    package var notes: [String] = []
    /// What contracts logged before one example failed.
    package var logs: [String] = []

    /// A place in a source, counted from 1.
    package struct Place: Sendable, Equatable {
        /// Path within the DApp.
        package let file: String
        /// Line.
        package let line: Int
        /// Column.
        package let column: Int

        init(file: String, line: Int, column: Int) {
            self.file = file
            self.line = line
            self.column = column
        }

        /// Reads "file:line:column".
        init?(_ text: String?) {
            let parts = (text ?? "").split(separator: ":")
            guard parts.count == 3, let line = Int(parts[1]), let column = Int(parts[2]) else { return nil }
            self.init(file: String(parts[0]), line: line, column: column)
        }
    }
}

/// What a run found.
package struct TestSummary: Sendable {
    /// Tests that passed.
    package var passed = 0
    /// Tests and files that failed.
    package var failed = 0
    /// What calls cost.
    package var gas: GasUse
    /// What was reached; nil unless asked for.
    package var coverage: CoverageReport?
}
