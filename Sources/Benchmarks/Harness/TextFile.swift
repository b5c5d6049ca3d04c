internal import Glibc

/// Reads the small text files by which Linux describes processes and the machine.
enum TextFile {
    /// The most bytes that are read.
    static let largest = 1 << 20

    /// The text, or nil when the file cannot be read.
    static func read(_ path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while text.count < largest {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            text.append(contentsOf: buffer.prefix(count))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The fields of the first line that starts with `key`, without the key itself.
    static func fields(of key: String, in path: String) -> [Substring]? {
        guard let text = read(path) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix(key) {
            return line.dropFirst(key.count).split(whereSeparator: { $0 == " " || $0 == "\t" })
        }
        return nil
    }
}
