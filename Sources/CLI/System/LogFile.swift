internal import Glibc
internal import JSON

/// Prints a text file, and goes on as it grows.
enum LogFile {
    static func show(_ path: String, follows: Bool, _ session: Session) throws(CommandFailure) -> Outcome {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure("read", path).failure }
        defer { close(descriptor) }
        if !follows, session.terminal.manner.isJSON {
            let bytes = Descriptor.readAll(descriptor, most: 67_108_864) ?? []
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            return Outcome(data: ["lines": .array(lines.map { .string(String($0)) })], lines: [])
        }
        var rest: [UInt8] = []
        while true {
            let bytes = Descriptor.readSome(descriptor) ?? []
            rest += bytes
            if let end = rest.lastIndex(of: 0x0A) {
                for line in rest[..<end].split(separator: 0x0A, omittingEmptySubsequences: false) {
                    let text = String(decoding: line, as: UTF8.self)
                    session.terminal.stream(["line": .string(text)], [text])
                }
                rest.removeSubrange(...end)
            }
            if bytes.isEmpty {
                guard follows, session.terminal.isOutputOpen else { break }
                Clock.pause(milliseconds: 200)
            }
        }
        if !rest.isEmpty {
            let text = String(decoding: rest, as: UTF8.self)
            session.terminal.stream(["line": .string(text)], [text])
        }
        return .printed
    }
}
