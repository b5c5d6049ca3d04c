internal import CWebSockets

enum RequestReading {
    case success(RequestHead)
    case failure(HTTPRefusal)
}

// What the library parsed of a request's head, checked and turned into values.
struct RequestHead {
    var request: HTTPRequest
    // Nil when no length was announced.
    var contentLength: Int?
    var hasTransferEncoding: Bool
    var expectsContinue: Bool
    var isVersion11: Bool
    var keepsAlive: Bool

    // The library waits for a body after these methods even when none was announced.
    var hasBodyByNature: Bool {
        [.post, .put, .patch].contains(request.method)
    }

    var libraryAwaitsBody: Bool {
        (contentLength ?? 0) > 0 || (contentLength == nil && hasBodyByNature)
    }
}

// Reads heads while the library still holds them; one buffer serves all requests.
final class RequestHeadReader {
    private typealias Token = lws_token_indexes

    private let configuration: HTTPServerConfiguration
    private let methods: [(Token, HTTPMethod)] = [
        (WSI_TOKEN_GET_URI, .get), (WSI_TOKEN_POST_URI, .post), (WSI_TOKEN_HEAD_URI, .head),
        (WSI_TOKEN_OPTIONS_URI, .options), (WSI_TOKEN_PUT_URI, .put), (WSI_TOKEN_PATCH_URI, .patch),
        (WSI_TOKEN_DELETE_URI, .delete),
    ]
    private let fields: [(token: Token, name: String)]
    private var buffer: [UInt8]

    init(_ configuration: HTTPServerConfiguration) {
        self.configuration = configuration
        buffer = [UInt8](
            repeating: 0, count: configuration.maximumHeaderBytes + configuration.maximumPathBytes)
        fields = (0..<WSI_TOKEN_COUNT.rawValue).compactMap { raw in
            let token = Token(rawValue: raw)
            guard let text = unsafe lws_token_to_string(token) else { return nil }
            let name = unsafe String(cString: UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self))
            guard name.count > 1, name.hasSuffix(":"), !name.hasPrefix(":") else { return nil }
            return (token, String(name.dropLast()))
        }
    }

    func read(_ socket: OpaquePointer) -> RequestReading {
        guard let (token, method) = methods.first(where: { unsafe lws_hdr_total_length(socket, $0.0) > 0 }),
            let path = unsafe text(socket, token), path.utf8.first == 0x2F
        else { return .failure(.malformed) }
        guard let query = unsafe query(socket) else { return .failure(.malformed) }
        let queryBytes = query.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 2 }
        guard path.utf8.count + queryBytes <= configuration.maximumPathBytes else {
            return .failure(.pathTooLong)
        }
        guard let headers = unsafe headers(socket) else { return .failure(.malformed) }
        let headerBytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard headerBytes <= configuration.maximumHeaderBytes else { return .failure(.headersTooLarge) }
        let request = HTTPRequest(method: method, path: path, query: query, headers: headers)
        return head(request, version: unsafe text(socket, WSI_TOKEN_HTTP) ?? "")
    }

    private func head(_ request: HTTPRequest, version: String) -> RequestReading {
        let isVersion11 = version == "HTTP/1.1"
        let connection = request.header("connection")?.lowercased()
        var length: Int?
        if let text = request.header("content-length") {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text)
            else {
                return .failure(.malformed)
            }
            length = value
        }
        if let refusal = stranger(request) { return .failure(refusal) }
        return .success(
            RequestHead(
                request: request, contentLength: length,
                hasTransferEncoding: request.header("transfer-encoding") != nil,
                expectsContinue: request.header("expect")?.lowercased() == "100-continue",
                isVersion11: isVersion11,
                // The library knows no other spellings of the two.
                keepsAlive: connection == "keep-alive" || (isVersion11 && connection != "close")))
    }

    private func stranger(_ request: HTTPRequest) -> HTTPRefusal? {
        let host = request.header("host")?.lowercased()
        if let allowed = configuration.allowedHosts, let host {
            guard allowed.contains(RequestHeadReader.withoutPort(host)) else { return .foreignHost }
        }
        guard !configuration.allowsForeignOrigins, let origin = request.header("origin") else { return nil }
        return origin.lowercased() == "http://" + (host ?? "") ? nil : .foreignOrigin
    }

    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"),
            host[colon...].dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return host
        }
        return String(host[..<colon])
    }

    // Nil when it is longer than the buffer or no UTF-8.
    private func text(_ socket: OpaquePointer, _ token: Token) -> String? {
        let count = unsafe fill { unsafe lws_hdr_copy(socket, $0, $1, token) }
        return count < 0 ? nil : string(Int(count))
    }

    // Lets the library write characters into the buffer; gives what it says about their number.
    private func fill(_ copy: (UnsafeMutablePointer<CChar>?, Int32) -> Int32) -> Int32 {
        unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe copy(bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count))
        }
    }

    private func string(_ count: Int) -> String? {
        String(validating: buffer[..<count], as: UTF8.self)
    }

    private func query(_ socket: OpaquePointer) -> [HTTPQueryItem]? {
        var items: [HTTPQueryItem] = []
        guard unsafe Int(lws_hdr_total_length(socket, WSI_TOKEN_HTTP_URI_ARGS)) < buffer.count else {
            return nil
        }
        // Minus one says that there is no further fragment, because none is longer than the buffer.
        for place in Int32(0)... {
            let count = unsafe fill {
                unsafe lws_hdr_copy_fragment(socket, $0, $1, WSI_TOKEN_HTTP_URI_ARGS, place)
            }
            guard count >= 0 else { break }
            guard let text = string(Int(count)) else { return nil }
            guard !text.isEmpty else { continue }
            let cut = text.utf8.firstIndex(of: 0x3D) ?? text.endIndex
            items.append(HTTPQueryItem(name: String(text[..<cut]), value: String(text[cut...].dropFirst())))
        }
        return items
    }

    private func headers(_ socket: OpaquePointer) -> [HTTPHeader]? {
        var headers: [HTTPHeader] = []
        for field in fields where unsafe lws_hdr_total_length(socket, field.token) > 0 {
            guard let value = unsafe text(socket, field.token) else { return nil }
            headers.append(HTTPHeader(field.name, value))
        }
        for name in configuration.extraHeaders {
            let length = unsafe lws_hdr_custom_length(socket, name + ":", Int32(name.utf8.count + 1))
            guard length >= 0 else { continue }
            let count = unsafe fill {
                unsafe lws_hdr_custom_copy(socket, $0, $1, name + ":", Int32(name.utf8.count + 1))
            }
            guard count >= 0, let value = string(Int(count)) else { return nil }
            headers.append(HTTPHeader(name, value))
        }
        return headers
    }
}
