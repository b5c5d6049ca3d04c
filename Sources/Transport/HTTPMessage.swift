public import JSON

/// The methods the server understands; anything else is refused before a handler sees it.
public enum HTTPMethod: String, Sendable, CaseIterable {
    /// Reads without changing anything.
    case get = "GET"
    /// Reads only the head of what GET answers.
    case head = "HEAD"
    /// Hands something over.
    case post = "POST"
    /// Replaces what stands under the path.
    case put = "PUT"
    /// Changes parts of what stands under the path.
    case patch = "PATCH"
    /// Removes what stands under the path.
    case delete = "DELETE"
    /// Asks what may be done with the path.
    case options = "OPTIONS"
}

/// One header line; names are compared without regard to case.
public struct HTTPHeader: Sendable, Equatable {
    /// The name, in lower case when it came from a client.
    public let name: String

    /// The value without surrounding blanks.
    public let value: String

    /// A header line; control characters in it are left out when it is written.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One `name=value` of a query, percent-decoded.
public struct HTTPQueryItem: Sendable, Equatable {
    /// What stands before the first equals sign.
    public let name: String

    /// What stands behind it; empty when there is no equals sign.
    public let value: String

    /// A name with a value, both decoded.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// One request as a handler sees it: whole, decoded and within the server's bounds.
public struct HTTPRequest: Sendable, Equatable {
    /// What is asked for.
    public var method: HTTPMethod

    /// The percent-decoded path, beginning with "/", without query, and with dot segments resolved.
    public var path: String

    /// The query in order; a name may occur more than once.
    public var query: [HTTPQueryItem]

    /// The headers the server knows, and those its configuration asks for.
    public var headers: [HTTPHeader]

    /// The whole body; empty when there was none.
    public var body: [UInt8]

    /// Whether the client wants a WebSocket: the answer should be a stream.
    public var isWebSocket: Bool

    /// A request made by hand, as tests of handlers do.
    public init(
        method: HTTPMethod = .get, path: String, query: [HTTPQueryItem] = [], headers: [HTTPHeader] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        isWebSocket = false
    }

    /// The first value of this name in the query.
    public func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// The first header of this name, given in lower case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// One answer: what a handler gives, and what a client gets.
public struct HTTPResponse: Sendable, Equatable {
    /// The status, 200 … 599.
    public var status: Int

    /// Headers besides those the server writes itself: length, type, connection and transfer encoding.
    public var headers: [HTTPHeader]

    /// The media type of the body; nil when nothing is said about it.
    public var contentType: String?

    /// The whole body.
    public var body: [UInt8]

    /// An answer of any kind.
    public init(status: Int, contentType: String? = nil, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.contentType = contentType
        self.body = body
    }

    /// An answer whose body is JSON text written already.
    public static func json(_ status: Int, encoded body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "application/json", body: body)
    }

    /// An answer whose body is this value without blanks.
    public static func json(_ status: Int, _ value: JSONValue) -> HTTPResponse {
        json(status, encoded: JSONWriter.compact(value))
    }

    /// An answer whose body is plain text.
    public static func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// The first header of this name, given in lower case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }
}
