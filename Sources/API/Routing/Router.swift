internal import JSON
internal import Transport

/// Finds the route of a request and checks what every route has in common.
struct Router: Sendable {
    private let service: Service
    private let routes: [Route]

    init(service: Service) {
        self.service = service
        routes = RouteTable.routes
    }

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
            route.handler(
                Call(
                    service: service, request: request, responder: responder, parameters: parameters,
                    body: body))
        } catch {
            refuse(error, responder)
        }
    }

    // A DApp's route takes whatever query items it likes; ours are known by name.
    private func checkQuery(of request: HTTPRequest, _ route: Route) throws(Refusal) {
        guard route.pattern.last != "*" else { return }
        for item in request.query where !route.query.contains(where: { $0.name == item.name }) {
            throw .badRequest("\(route.template) takes no \"\(item.name)\" in its query")
        }
    }

    private func body(of request: HTTPRequest, _ route: Route) throws(Refusal) -> JSONValue? {
        guard route.method == .post else { return nil }
        if request.body.isEmpty, route.body.isEmpty { return nil }
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
        let allowed = fitting.map(\.method.rawValue).joined(separator: ", ")
        var response = ErrorTable.response(
            Refusal(code: "METHOD_NOT_ALLOWED", message: "this path takes \(allowed) only"))
        response.headers.append(HTTPHeader("allow", allowed))
        responder.respond(response)
    }
}
