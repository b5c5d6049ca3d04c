// Status line and headers of an answer, written behind the library's headroom.
enum ResponseHead {
    static func encode(_ response: HTTPResponse, closes: Bool, into bytes: inout [UInt8]) {
        statusLine(response.status, into: &bytes)
        fields(response, into: &bytes)
        // RFC 9110 section 8.6: no length where there is no content by definition.
        if response.status != 204 && response.status != 304 {
            field("content-length", String(response.body.count), into: &bytes)
        }
        end(closes: closes, into: &bytes)
    }

    static func encodeStream(contentType: String, isChunked: Bool, into bytes: inout [UInt8]) {
        statusLine(200, into: &bytes)
        field("content-type", contentType, into: &bytes)
        field("cache-control", "no-store", into: &bytes)
        if isChunked { field("transfer-encoding", "chunked", into: &bytes) }
        end(closes: !isChunked, into: &bytes)
    }

    // RFC 9112 section 7.1: size in hexadecimal, content, each followed by CR LF. Each line gets its line feed.
    static func encodeChunk(_ lines: [[UInt8]], into bytes: inout [UInt8]) {
        let size = lines.reduce(lines.count) { $0 + $1.count }
        bytes.append(contentsOf: String(size, radix: 16).utf8)
        bytes.append(contentsOf: [0x0D, 0x0A])
        encodeLines(lines, into: &bytes)
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    static func encodeLines(_ lines: [[UInt8]], into bytes: inout [UInt8]) {
        for line in lines {
            bytes.append(contentsOf: line)
            bytes.append(0x0A)
        }
    }

    static let lastChunk: [UInt8] = [0x30, 0x0D, 0x0A, 0x0D, 0x0A]

    private static func statusLine(_ status: Int, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        bytes.append(contentsOf: String(status).utf8)
        bytes.append(0x20)
        bytes.append(contentsOf: phrase(status).utf8)
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    private static func fields(_ response: HTTPResponse, into bytes: inout [UInt8]) {
        if let type = response.contentType { field("content-type", type, into: &bytes) }
        for header in response.headers { field(header.name, header.value, into: &bytes) }
    }

    // Control characters are left out, or a value could end the head and begin another answer.
    private static func field(_ name: String, _ value: String, into bytes: inout [UInt8]) {
        append(name, to: &bytes) { $0 > 0x20 && $0 != 0x3A && $0 != 0x7F }
        bytes.append(contentsOf: [0x3A, 0x20])
        append(value, to: &bytes) { $0 >= 0x20 && $0 != 0x7F }
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    private static func append(_ text: String, to bytes: inout [UInt8], where isClean: (UInt8) -> Bool) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard !bytes[start...].allSatisfy(isClean) else { return }
        let clean = bytes[start...].filter(isClean)
        bytes.replaceSubrange(start..., with: clean)
    }

    private static func end(closes: Bool, into bytes: inout [UInt8]) {
        if closes { field("connection", "close", into: &bytes) }
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
