internal import Glibc

/// Asks a node on this machine whether it is there.
enum HTTPProbe {
    /// True when the interface answers a request for its health with 200.
    static func answers(port: UInt16) -> Bool {
        let link = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard link >= 0 else { return false }
        defer { close(link) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(link, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return false }
        let request = Array(
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
        guard unsafe send(link, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = unsafe recv(link, &buffer, buffer.count, 0)
        return count > 12 && buffer[..<count].starts(with: Array("HTTP/1.1 200".utf8))
    }
}
