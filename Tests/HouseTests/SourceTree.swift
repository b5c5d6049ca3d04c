import Foundation

/// The project's text files, or a few made up to try a rule on.
struct SourceTree: Sendable {
    let files: [SourceFile]

    /// The project that this test was built from.
    static let project = SourceTree(root: root)

    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    // Fixtures are data from elsewhere and keep their form.
    private static let skipped: Set<String> = [".build", ".git", ".swiftpm", "Fixtures", "node_modules"]
    private static let kinds: Set<String> = [
        "swift", "md", "txt", "json", "js", "mjs", "sh", "h", "c", "modulemap", "html", "css", "pml",
    ]
    private static let largest = 1 << 20

    init(_ files: [SourceFile]) { self.files = files }

    init(root: URL) {
        var found: [SourceFile] = []
        SourceTree.walk(root, path: "", into: &found)
        files = found.sorted { $0.path < $1.path }
    }

    subscript(path: String) -> SourceFile? { files.first { $0.path == path } }

    var swift: [SourceFile] { files.filter(\.isSwift) }
    var sources: [SourceFile] { files.filter { $0.isSwift && $0.isSource } }
    var tests: [SourceFile] { files.filter { $0.isSwift && $0.isTest } }

    /// The names right below a folder.
    func names(in folder: String) -> Set<String> {
        let prefix = folder.isEmpty ? "" : folder + "/"
        return Set(
            files.filter { $0.path.hasPrefix(prefix) }
                .compactMap { $0.path.dropFirst(prefix.count).split(separator: "/").first.map(String.init) })
    }

    private static func walk(_ folder: URL, path: String, into files: inout [SourceFile]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where !skipped.contains(name) {
            let url = folder.appending(path: name)
            let below = path.isEmpty ? name : path + "/" + name
            let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
            guard let isFolder else { continue }
            if isFolder {
                walk(url, path: below, into: &files)
            } else if isText(name), let text = try? String(contentsOf: url, encoding: .utf8),
                text.utf8.count <= largest
            {
                files.append(SourceFile(below, text))
            }
        }
    }

    private static func isText(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return true }
        let kind = String(name[name.index(after: dot)...])
        return kinds.contains(kind) || dot == name.startIndex
    }
}
