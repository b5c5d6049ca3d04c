// One request on its way and what has come back of it. Only the thread that performs it touches it.
final class CurlCall {
    let method: HTTPMethod
    let url: String
    let headers: [HTTPHeader]
    let body: [UInt8]
    let timeout: Duration?
    let maximumBytes: Int

    private let onLine: (([UInt8]) -> Bool)?
    private var received: [UInt8] = []
    private var answerHeaders: [HTTPHeader] = []
    private var status = 0

    // The answer outgrew its bound; the transfer was broken off because of it.
    private(set) var isTooLarge = false
    // The reader of lines has had enough; the transfer was broken off because of it.
    private(set) var isSatisfied = false

    init(
        method: HTTPMethod, url: String, headers: [HTTPHeader], body: [UInt8], timeout: Duration?,
        maximumBytes: Int, onLine: (([UInt8]) -> Bool)?
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumBytes = maximumBytes
        self.onLine = onLine
    }

    var attempted: String {
        "\(method.rawValue) \(url)"
    }

    var response: HTTPResponse {
        let type = answerHeaders.first { $0.name == "content-type" }?.value
        return HTTPResponse(status: status, contentType: type, headers: answerHeaders, body: received)
    }

    // One header line, with its line end; false breaks the transfer off.
    func takeHeader(_ line: [UInt8]) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // A new head: what came before was a 100 Continue.
            answerHeaders = []
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return true
        }
        guard let colon = text.firstIndex(of: ":") else { return true }
        guard answerHeaders.count < 128 else { return false }
        let value = text[colon...].dropFirst().drop { $0 == " " || $0 == "\t" }
        let end = value.lastIndex { !$0.isWhitespace }
        answerHeaders.append(
            HTTPHeader(text[..<colon].lowercased(), end.map { String(value[...$0]) } ?? ""))
        return true
    }

    // Some bytes of the body; false breaks the transfer off.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe received.append(contentsOf: bytes)
        if let onLine, status == 200 { giveLines(onLine) }
        isTooLarge = received.count > maximumBytes
        return !isTooLarge && !isSatisfied
    }

    // The end of the body: what is left of a stream is its last line.
    func end() {
        guard let onLine, status == 200, !received.isEmpty, !isSatisfied else { return }
        let line = received
        received = []
        isSatisfied = !onLine(line)
    }

    private func giveLines(_ onLine: ([UInt8]) -> Bool) {
        var start = 0
        while !isSatisfied, let end = received[start...].firstIndex(of: 0x0A) {
            let line = Array(received[start..<end])
            start = end + 1
            if !line.isEmpty { isSatisfied = !onLine(line) }
        }
        received.removeFirst(start)
    }
}
