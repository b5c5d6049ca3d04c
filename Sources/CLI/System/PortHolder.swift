/// Finds out who listens on a port of this machine (proc_pid_net(5)).
enum PortHolder {
    /// The process that listens on a port; its number is nil when it belongs to another user.
    struct Holder: Sendable, Equatable {
        let number: Int32?
        let name: String?
    }

    /// Who listens on a TCP port, on whichever address; nil when nobody does.
    static func holder(of port: UInt16) -> Holder? {
        let sockets = listening(on: port, in: "/proc/net/tcp") + listening(on: port, in: "/proc/net/tcp6")
        guard !sockets.isEmpty else { return nil }
        let links = sockets.map { "socket:[\($0)]" }
        for entry in Files.list("/proc") {
            guard let number = Int32(entry) else { continue }
            for descriptor in Files.list("/proc/\(number)/fd") {
                guard let target = Files.linkTarget("/proc/\(number)/fd/\(descriptor)"),
                    links.contains(target)
                else {
                    continue
                }
                return Holder(number: number, name: Processes.name(of: number))
            }
        }
        return Holder(number: nil, name: nil)
    }

    // Columns: slot, local address:port in hexadecimal, remote, state (0A listens), …, inode in the tenth.
    private static func listening(on port: UInt16, in table: String) -> [Substring] {
        guard let bytes = (try? Files.read(table)) ?? nil else { return [] }
        let text = String(decoding: bytes, as: UTF8.self)
        var inodes: [Substring] = []
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", let local = fields[1].split(separator: ":").last,
                UInt16(local, radix: 16) == port
            else { continue }
            inodes.append(fields[9])
        }
        return inodes
    }
}
