/// The folder that holds a user's keys, devnets and reports.
package struct HomeDirectory: Sendable {
    /// Where it is.
    package let path: String

    /// A home at a path; nothing is created yet.
    package init(path: String) { self.path = path }

    /// The encrypted keys: folder 0700, files 0600.
    package var keystore: Keystore { Keystore(directory: "\(path)/keystore") }

    /// The devnet of this name.
    package func devnet(_ name: String) -> DevnetDirectory {
        DevnetDirectory(name: name, path: "\(path)/devnet/\(name)")
    }

    /// Every devnet that was ever started here and not reset, by name.
    package var devnets: [DevnetDirectory] {
        Files.list("\(path)/devnet").filter { Files.exists("\(path)/devnet/\($0)/devnet.json") }.map(devnet)
    }

    /// Where the id of the last sent transaction is kept.
    package var lastTransaction: String { "\(path)/last-transaction.json" }

    /// Where reports about bugs are written.
    package var reports: String { "\(path)/reports" }
}
