internal import JSON
internal import Transport

/// The interface as an OpenAPI 3.1 document, derived from the route table.
enum OpenAPI {
    static func answer(_ call: Call) {
        call.responder.respond(.json(200, encoded: call.service.openAPI))
    }

    static func document(version: String) -> JSONValue {
        var paths = JSONObject()
        for route in RouteTable.routes {
            var operations = paths[route.template]?.object ?? JSONObject()
            operations[route.method.rawValue.lowercased()] = operation(route)
            paths[route.template] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": "En-Tan-Mo node", "version": .string(version)],
            "paths": .object(paths),
        ]
    }

    private static func operation(_ route: Route) -> JSONValue {
        var object = JSONObject()
        object["summary"] = .string(route.summary)
        object["parameters"] = .array(pathParameters(route) + route.query.map(queryParameter))
        if !route.body.isEmpty { object["requestBody"] = requestBody(route) }
        object["responses"] = [
            "200": response("The envelope {v, ok: true, data}"),
            "default": response("The envelope {v, ok: false, error: {code, message, hint, at}}"),
        ]
        return .object(object)
    }

    private static func pathParameters(_ route: Route) -> [JSONValue] {
        route.pattern.compactMap { part in
            guard part == "*" || part.hasPrefix(":") else { return nil }
            let name = part == "*" ? "path" : String(part.dropFirst())
            return ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
    }

    private static func queryParameter(_ item: Route.QueryItem) -> JSONValue {
        [
            "name": .string(item.name), "in": "query", "description": .string(item.meaning),
            "schema": ["type": "string"],
        ]
    }

    private static func requestBody(_ route: Route) -> JSONValue {
        var properties = JSONObject()
        for name in route.body { properties[name] = [:] }
        return [
            "content": [
                "application/json": [
                    "schema": [
                        "type": "object", "additionalProperties": false, "properties": .object(properties),
                    ]
                ]
            ]
        ]
    }

    private static func response(_ description: String) -> JSONValue {
        [
            "description": .string(description),
            "content": ["application/json": ["schema": ["type": "object"]]],
        ]
    }
}
