internal import JSON
internal import Ledger

/// The chains of the node.
enum ChainResource {
    static func list(_ call: Call) {
        call.answer(.array(call.service.node.chains.map { .object(ChainShape.summary($0.snapshot)) }))
    }

    static func show(_ call: Call) {

        call.attempt { () throws(Refusal) in
            let snapshot = try call.chain().snapshot
            return ChainShape.details(snapshot, supply: call.service.supplies.supply(of: snapshot))
        }

    }

    static func start(_ call: Call) { set(call) { $0.startChain($1) } }

    static func stop(_ call: Call) { set(call) { $0.stopChain($1) } }

    private static func set(
        _ call: Call, _ act: (any NodeQueries, String) -> Result<ChainLifecycle, Refusal>
    ) {
        call.attempt { () throws(Refusal) in
            let name = try call.chain().snapshot.spec.name
            let state = try act(call.service.node, name).get()
            return ["name": .string(name), "state": .string(state.word)]
        }
    }
}
