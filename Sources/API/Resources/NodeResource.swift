internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Transport

/// The node as a whole.
enum NodeResource {
    static func ready(_ call: Call) {
        let reasons = call.service.node.unreadiness
        guard !reasons.isEmpty else { return call.answer("ready") }
        call.responder.respond(
            .json(
                503,
                [
                    "v": 1, "ok": false,
                    "error": [
                        "code": "NOT_READY", "message": .string(reasons.joined(separator: "; ")),
                        "hint": "etm devnet wait",
                        "reasons": .array(reasons.map { .string($0) }),
                    ],
                ]))
    }

    static func status(_ call: Call) {
        let node = call.service.node
        let snapshots = node.chains.map(\.snapshot)
        guard let main = snapshots.first else {
            return call.refuse(Refusal(code: "NOT_READY", message: "the node runs no chain yet"))
        }
        var object = JSONObject()
        object["software"] = "etm"
        object["version"] = .string(node.version)
        object["network"] = node.devnet == nil ? "node" : "devnet"
        object["chain"] = .object(chain(main))
        object["validators"] = .array(main.members.keys.map { member($0, node.memberNames) })
        object["mempool"] = ChainShape.mempool(main)
        object["chains"] = .array(snapshots.map { .object(ChainShape.summary($0)) })
        object["fees"] = ChainShape.fees(main.spec)
        object["transactionLife"] = JSONValue(Transaction.longestLife)
        object["conservation"] = conservation(node)
        call.answer(.object(object))
    }

    static func conservation(_ call: Call) { call.answer(conservation(call.service.node)) }

    private static func conservation(_ node: any NodeQueries) -> JSONValue {
        var names: [ChainID: String] = [:]
        for chain in node.chains { names[chain.snapshot.spec.id] = chain.snapshot.spec.name }
        return ChainShape.conservation(node.conservation(), names: names)
    }

    private static func chain(_ main: ChainSnapshot) -> JSONObject {
        var object = ChainShape.summary(main)
        object["time"] = JSONValue(main.finalHeader.timestamp.milliseconds)
        object["stateRoot"] = .string(main.finalHeader.stateRoot.hex)
        return object
    }

    private static func member(_ key: PublicKey, _ names: [PublicKey: String]) -> JSONValue {
        [
            "name": names[key].map { .string($0) } ?? .null,
            "key": .string(key.hex),
            "address": .string(Address(of: key).description),
        ]
    }
}
