internal import DAppRuntime
internal import JSON
internal import Primitives

/// Answers what tests ask of their chain, in JSON; a member "problem" says why something cannot be done.
struct TestRequests {
    private static let mostRows = 100_000
    private static let limits = JSONLimits(maximumBytes: TestFiles.mostTextBytes, maximumDepth: 64)

    let chain: VirtualChain

    /// What the tests are told before they are loaded.
    var settings: [UInt8] {
        var models = JSONObject()
        for model in chain.report.models { models[model.name] = Self.json(model.fields) }
        return JSONWriter.compact([
            "address": .string(chain.address),
            "accounts": .array(
                TestAccounts.names.map {
                    ["name": .string($0), "address": .string(TestAccounts.address(of: $0))]
                }),
            "models": .object(models),
            "methods": .array(
                chain.report.contracts.map {
                    [
                        "contract": .string($0.contract), "method": .string($0.method),
                        "args": Self.json($0.arguments),
                    ]
                }),
        ])
    }

    /// Carries out one request.
    func answer(_ request: [UInt8]) -> [UInt8] {
        var reply: JSONValue
        do throws(Problem) {
            reply = try carryOut(try parsed(request))
        } catch {
            reply = ["problem": .string(error.text)]
        }
        let bytes = JSONWriter.compact(reply)
        if bytes.count <= TestFiles.mostTextBytes { return bytes }
        reply = ["problem": "the answer is too large"]
        return JSONWriter.compact(reply)
    }

    private struct Problem: Error {
        let text: String

        init(text: String) { self.text = text }

        init(_ failure: WorkerFailure) { text = "the contracts' worker gave no result: \(failure)" }
    }

    private func parsed(_ request: [UInt8]) throws(Problem) -> JSONValue {
        do throws(JSONRejection) {
            return try JSONParser.parse(request, limits: Self.limits)
        } catch {
            throw Problem(text: "the request is no JSON: \(error)")
        }
    }

    private func carryOut(_ request: JSONValue) throws(Problem) -> JSONValue {
        switch request["do"]?.string {
        case "block": return try block(request["calls"]?.array ?? [])
        case "query": return try query(request)
        case "state":
            let rows = chain.rows(of: request["model"]?.string ?? "", most: Self.mostRows)
            return ["rows": .array(rows.map { .string(String(decoding: $0, as: UTF8.self)) })]
        case "balance":
            let place = try place(request)
            guard let units = chain.state.balance(of: place.address, asset: place.asset) else {
                throw Problem(text: "\(place.address) is not an address")
            }
            return ["units": .string(String(units))]
        case "fund": return try fund(request)
        case "advance":
            chain.advance(by: Instant.Span(milliseconds: request["milliseconds"]?.uint64 ?? 0))
        case "mine":
            let count = request["count"]?.uint64 ?? 0
            guard count <= VirtualChain.mostBlocks else {
                throw Problem(text: "at most \(VirtualChain.mostBlocks) blocks are made at once")
            }
            chain.mine(count)
        case "settle": return ["settled": JSONValue(chain.settle(request["text"]?.string ?? ""))]
        case "snapshot":
            guard let number = chain.snapshot() else {
                throw Problem(text: "there are more than \(VirtualChain.mostSnapshots) snapshots")
            }
            return ["snapshot": JSONValue(number)]
        case "revert":
            guard chain.revert(to: request["snapshot"]?.int ?? -1) else {
                throw Problem(text: "there is no such snapshot")
            }
        case "clock":
            return [
                "height": JSONValue(chain.state.height), "time": JSONValue(chain.state.time.milliseconds),
            ]
        default: throw Problem(text: "this chain does not know how to do that")
        }
        return [:]
    }

    private func block(_ calls: [JSONValue]) throws(Problem) -> JSONValue {
        guard calls.count <= Delivery.mostCalls else {
            throw Problem(text: "a block takes at most \(Delivery.mostCalls) calls")
        }
        let orders = try calls.map(order)
        let results: [CallResult]
        do throws(WorkerFailure) { results = try chain.run(orders) } catch { throw Problem(error) }
        return ["results": .array(results.map(json))]
    }

    private func order(_ call: JSONValue) throws(Problem) -> VirtualChain.Order {
        let contract = call["contract"]?.string ?? ""
        let method = call["method"]?.string ?? ""
        let sender = call["from"]?.string ?? ""
        let arguments = Array((call["args"]?.string ?? "{}").utf8)
        guard contract.utf8.count <= Call.longestName, method.utf8.count <= Call.longestName else {
            throw Problem(text: "the name of a contract or method is too long")
        }
        guard chain.state.balance(of: sender, asset: 0) != nil else {
            throw Problem(text: "\(sender) is not an address")
        }
        guard arguments.count <= Call.mostArgumentBytes else {
            throw Problem(
                text: "the arguments have \(arguments.count) bytes, at most \(Call.mostArgumentBytes) fit")
        }
        return VirtualChain.Order(
            contract: contract, method: method, sender: sender, arguments: arguments,
            gas: call["gas"]?.uint64)
    }

    private func query(_ request: JSONValue) throws(Problem) -> JSONValue {
        let path = request["path"]?.string ?? ""
        let parameters = Array((request["params"]?.string ?? "{}").utf8)
        guard path.utf8.count <= Query.longestPath, parameters.count <= Call.mostArgumentBytes else {
            throw Problem(text: "the path or the parameters are too long")
        }
        let answer: QueryAnswer
        do throws(WorkerFailure) {
            answer = try chain.query(path, parameters)
        } catch {
            throw Problem(error)
        }
        switch answer {
        case .answered(let bytes): return ["answer": .string(String(decoding: bytes, as: UTF8.self))]
        case .refused(let error): return ["error": Self.json(error)]
        }
    }

    private func fund(_ request: JSONValue) throws(Problem) -> JSONValue {
        guard let units = request["units"]?.string.flatMap({ UInt64($0) }) else {
            throw Problem(text: "an account holds less than 2^64 base units")
        }
        let place = try place(request)
        guard chain.fund(place, units) else {
            throw Problem(text: "\(place.address) is no address, or cannot hold that much")
        }
        return [:]
    }

    private func place(_ request: JSONValue) throws(Problem) -> BalancePlace {
        let symbol = request["asset"]?.string ?? chain.assets[0].symbol
        guard let asset = chain.assets.firstIndex(where: { $0.symbol == symbol }) else {
            let known = chain.assets.map(\.symbol).joined(separator: ", ")
            throw Problem(text: "there is no asset \(symbol); there are \(known)")
        }
        return BalancePlace(address: request["address"]?.string ?? "", asset: UInt8(asset))
    }

    private func json(_ result: CallResult) -> JSONValue {
        var object = JSONObject()
        object["status"] = .string("\(result.status)")
        object["gas"] = JSONValue(result.gasUsed)
        object["height"] = JSONValue(chain.state.height)
        object["logs"] = .array(result.logs.map { .string($0) })
        object["events"] = .array(
            result.events.map {
                ["name": .string($0.name), "data": .string(String(decoding: $0.data, as: UTF8.self))]
            })
        if let returned = result.returned {
            object["returned"] = .string(String(decoding: returned, as: UTF8.self))
        }
        if result.status != .succeeded {
            let error = result.error ?? CallError(code: "Failed", message: "the call failed")
            object["error"] = Self.json(error)
        }
        return .object(object)
    }

    private static func json(_ error: CallError) -> JSONValue {
        [
            "code": .string(error.code), "message": .string(error.message), "file": .string(error.file),
            "line": JSONValue(UInt64(error.line)), "column": JSONValue(UInt64(error.column)),
        ]
    }

    private static func json(_ names: [TypedName]) -> JSONValue {
        .array(names.map { ["name": .string($0.name), "type": .string($0.type)] })
    }
}
