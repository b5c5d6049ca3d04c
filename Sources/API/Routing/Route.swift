internal import JSON
internal import Transport

/// One thing that can be asked: how it is reached, what it takes and who answers.
struct Route: Sendable {
    typealias Handler = @Sendable (Call) -> Void

    let method: HTTPMethod
    /// Segments; one that begins with ":" is a parameter, a last "*" takes the rest.
    let pattern: [String]
    let summary: String
    let handler: Handler
    private(set) var query: [QueryItem] = []
    private(set) var body: [String] = []
    private(set) var place = Place.reactor

    /// Which thread answers.
    enum Place: Sendable {
        /// The reactor's own: only what takes microseconds.
        case reactor
        /// The lane for blocks and sums.
        case reading
        /// The lane for starting and stopping.
        case control
    }

    /// A query item that the route knows.
    struct QueryItem: Sendable {
        let name: String
        let meaning: String
    }

    init(_ method: HTTPMethod, _ path: String, _ summary: String, _ handler: @escaping Handler) {
        self.method = method
        pattern = path.split(separator: "/").map(String.init)
        self.summary = summary
        self.handler = handler
    }

    /// The route with these query items, each a name and its meaning.
    func query(_ items: (String, String)...) -> Route {
        var copy = self
        copy.query = items.map { QueryItem(name: $0.0, meaning: $0.1) }
        return copy
    }

    /// The route with these members in its body.
    func body(_ members: String...) -> Route { body(members) }

    /// The route with these members in its body.
    func body(_ members: [String]) -> Route {
        var copy = self
        copy.body = members
        return copy
    }

    /// The route answered by another thread.
    func on(_ place: Place) -> Route {
        var copy = self
        copy.place = place
        return copy
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
