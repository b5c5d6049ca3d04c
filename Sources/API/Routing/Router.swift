internal import JSON
internal import Transport

/// Finds the route of a request and checks what every route has in common.
struct Router: Sendable {
    private let service: Service
    private let routes = RouteTable.routes

    /// The most query items that a DApp's route is handed.
    private static let mostItems = 64

    init(service: Service) { self.service = service }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        let segments = request.path.split(separator: "/").map(String.init)
        let fitting = routes.compactMap { route in route.match(segments).map { (route, $0) } }
        guard !fitting.isEmpty else {
            return refuse(.notFound("there is no \(request.path)", hint: "see /v1/openapi.json"), responder)
        }
        let wanted = request.method == .head ? HTTPMethod.get : request.method
        guard let (route, parameters) = fitting.first(where: { $0.0.method == wanted }) else {
            return refuseMethod(fitting.map(\.0), responder)
        }
        do throws(Refusal) {
            try checkQuery(of: request, route)
            let body = try body(of: request, route)
            try run(
                route,
                Call(
                    service: service, request: request, responder: responder, parameters: parameters,
                    body: body))
        } catch {
            refuse(error, responder)
        }
    }

    private func run(_ route: Route, _ call: Call) throws(Refusal) {
        let lane: any WorkLane
        switch route.place {
        case .reactor: return route.handler(call)
        case .reading: lane = service.reading
        case .control: lane = service.control
        }
        guard lane.run({ route.handler(call) }) else {
            throw Refusal(code: "BUSY", message: "too many requests wait for an answer", hint: "try again")
        }
    }

    // A DApp's route takes whatever query items it likes; ours are known by name.
    private func checkQuery(of request: HTTPRequest, _ route: Route) throws(Refusal) {
        guard request.query.count <= Router.mostItems else {
            throw .badRequest("a query may have at most \(Router.mostItems) items")
        }
        let takesAny = route.pattern.last == "*"
        var seen: Set<String> = []
        for item in request.query {
            guard takesAny || route.query.contains(where: { $0.name == item.name }) else {
                throw .badRequest("\(route.template) takes no \"\(item.name)\" in its query")
            }
            guard seen.insert(item.name).inserted else {
                throw .badRequest("\"\(item.name)\" is given twice")
            }
        }
    }

    private func body(of request: HTTPRequest, _ route: Route) throws(Refusal) -> JSONValue? {
        guard route.method == .post, !request.body.isEmpty else { return nil }
        let value: JSONValue
        do throws(JSONRejection) {
            value = try JSONParser.parse(request.body)
        } catch {
            throw Refusal(code: "MALFORMED", message: "the body is not JSON: \(error)")
        }
        guard let object = value.object else { throw .badRequest("the body must be a JSON object") }
        for member in object.members where !route.body.contains(member.key) {
            throw .badRequest("\(route.template) takes no \"\(member.key)\" in its body")
        }
        return value
    }

    private func refuse(_ refusal: Refusal, _ responder: HTTPResponder) {
        responder.respond(ErrorTable.response(refusal))
    }

    private func refuseMethod(_ fitting: [Route], _ responder: HTTPResponder) {
        var methods: [String] = []
        for route in fitting where !methods.contains(route.method.rawValue) {
            methods.append(route.method.rawValue)
            if route.method == .get { methods.append(HTTPMethod.head.rawValue) }
        }
        let allowed = methods.joined(separator: ", ")
        var response = ErrorTable.response(
            Refusal(code: "METHOD_NOT_ALLOWED", message: "this path takes \(allowed) only"))
        response.headers.append(HTTPHeader("allow", allowed))
        responder.respond(response)
    }
}
