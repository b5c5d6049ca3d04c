internal import JSON
internal import Transport

/// One thing that can be asked: how it is reached, what it takes and who answers.
struct Route: Sendable {
    typealias Handler = @Sendable (Call) -> Void

    let method: HTTPMethod
    /// Segments; one that begins with ":" is a parameter, a last "*" takes the rest.
    let pattern: [String]
    let summary: String
    let query: [QueryItem]
    let body: [String]
    let handler: Handler

    /// A query item that the route knows.
    struct QueryItem: Sendable {
        let name: String
        let meaning: String
    }

    init(
        _ method: HTTPMethod, _ path: String, _ summary: String, query: [QueryItem] = [], body: [String] = [],
        _ handler: @escaping Handler
    ) {
        self.method = method
        pattern = path.split(separator: "/").map(String.init)
        self.summary = summary
        self.query = query
        self.body = body
        self.handler = handler
    }

    /// The parameters when the segments fit.
    func match(_ segments: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, part) in pattern.enumerated() {
            if part == "*" {
                guard segments.count > index else { return nil }
                parameters["*"] = segments[index...].joined(separator: "/")
                return parameters
            }
            guard index < segments.count else { return nil }
            if part.hasPrefix(":") {
                parameters[String(part.dropFirst())] = segments[index]
            } else if part != segments[index] {
                return nil
            }
        }
        return segments.count == pattern.count ? parameters : nil
    }

    /// The path as OpenAPI writes it.
    var template: String {
        "/"
            + pattern.map { part in
                part == "*" ? "{path}" : part.hasPrefix(":") ? "{\(part.dropFirst())}" : part
            }.joined(separator: "/")
    }
}
