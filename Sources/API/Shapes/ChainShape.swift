internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Staking

/// The JSON forms of chains and of all value.
enum ChainShape {
    /// A line of the list of chains.
    static func summary(_ snapshot: ChainSnapshot) -> JSONObject {
        var object = JSONObject()
        object["name"] = .string(snapshot.spec.name)
        object["id"] = .string(snapshot.spec.id.hex)
        object["kind"] = snapshot.spec.role == .main ? "main" : "side"
        object["state"] = .string(snapshot.lifecycle.word)
        object["height"] = JSONValue(max(snapshot.head, snapshot.finalHeader.height).value)
        object["final"] = JSONValue(snapshot.finalHeader.height.value)
        object["validators"] = JSONValue(UInt64(snapshot.members.count))
        object["interval"] = JSONValue(snapshot.spec.consensus.interval.milliseconds)
        if case .failed(let reason) = snapshot.lifecycle { object["reason"] = .string(reason) }
        if let note = note(snapshot) { object["note"] = .string(note) }
        if snapshot.spec.role == .side {
            object["account"] = .string(SideChainRecord.account(of: snapshot.spec.id).description)
        }
        return object
    }

    private static func note(_ snapshot: ChainSnapshot) -> String? {
        switch snapshot.lifecycle {
        case .failed(let reason): return reason
        case .stopped: return "stopped on this node: etm chain start \(snapshot.spec.name)"
        case .starting: return nil
        case .running:
            guard case .onDemand = snapshot.spec.consensus.pacing else { return nil }
            return "makes blocks when there is something to put into them"
        }
    }

    /// Everything about one chain; `supply` has an amount for each of its tokens.
    static func details(_ snapshot: ChainSnapshot, supply: [Amount?]) -> JSONValue {
        var object = summary(snapshot)
        let spec = snapshot.spec
        object["time"] = JSONValue(snapshot.finalHeader.timestamp.milliseconds)
        object["finalBlock"] = .string(snapshot.finalBlock.hex)
        object["stateRoot"] = .string(snapshot.finalHeader.stateRoot.hex)
        object["round"] = JSONValue(snapshot.finalHeader.round.value)
        object["parameters"] = parameters(spec)
        object["limits"] = limits(spec)
        object["fees"] = fees(spec)
        object["assets"] = .array(spec.assets.enumerated().map(asset))
        object["supply"] = .array(
            zip(spec.assets.indices, supply).map { index, amount in
                var item = amount.map { Shape.amount($0, spec.assets[index]).object ?? JSONObject() }
                item?["asset"] = JSONValue(UInt64(index))
                return item.map { .object($0) } ?? .null
            })
        object["members"] = .array(snapshot.members.keys.map { .string($0.hex) })
        object["genesis"] = .string(spec.genesisBlock.id.hex)
        object["mempool"] = mempool(snapshot)
        if let record = snapshot.record { add(record, snapshot, to: &object) }
        return .object(object)
    }

    private static func add(_ record: SideChainRecord, _ snapshot: ChainSnapshot, to object: inout JSONObject)
    {
        object["description"] = .string(record.registration.description)
        object["category"] = JSONValue(UInt64(record.registration.category))
        object["tags"] = .string(record.registration.tags)
        object["owner"] = .string(record.owner.description)
        object["deposit"] = Shape.amount(record.deposit, .etm)
        if let token = record.registration.token { object["token"] = self.token(token) }
        object["bundleHash"] = .string(record.bundleHash.hex)
        object["registeredAt"] = JSONValue(record.height.value)
        object["anchor"] = [
            "height": JSONValue(snapshot.finalHeader.anchor.height.value),
            "id": .string(snapshot.finalHeader.anchor.block.hex),
        ]
    }

    private static func token(_ token: Registration.Token) -> JSONValue {
        let asset = AssetSpec(symbol: token.symbol, decimals: token.decimals)
        return [
            "symbol": .string(token.symbol), "decimals": JSONValue(UInt64(token.decimals)),
            "supply": Shape.amount(token.supply, asset), "holder": .string(token.holder.description),
        ]
    }

    private static func parameters(_ spec: ChainSpec) -> JSONValue {
        let consensus = spec.consensus
        var object = JSONObject()
        object["leader"] = .string(consensus.leaderRule.name)
        object["interval"] = JSONValue(consensus.interval.milliseconds)
        object["delta"] = JSONValue(consensus.delta.milliseconds)
        object["roundLength"] = JSONValue(consensus.roundLength)
        switch consensus.pacing {
        case .interval: object["pacing"] = "interval"
        case .onDemand(let heartbeat):
            object["pacing"] = "onDemand"
            object["heartbeat"] = JSONValue(heartbeat.milliseconds)
        }
        object["acceptsHistorical"] = .bool(spec.acceptsHistorical)
        object["workBits"] = JSONValue(UInt64(consensus.workBits))
        object["tower"] = spec.consensus.tower.map(TowerShape.parameters) ?? .null
        object["elections"] = StakingRules(spec: spec).map(StakeShape.parameters) ?? .null
        return .object(object)
    }

    private static func limits(_ spec: ChainSpec) -> JSONValue {
        [
            "transactions": JSONValue(UInt64(spec.limits.transactions)),
            "bytes": JSONValue(UInt64(spec.limits.bytes)),
            "gas": Shape.integer(spec.limits.gas),
            "callGas": Shape.integer(spec.limits.callGas),
        ]
    }

    static func fees(_ spec: ChainSpec) -> JSONValue {
        let asset = spec.feeAsset
        return [
            "currency": JSONValue(UInt64(spec.fees.currency.number)),
            "symbol": .string(asset.symbol),
            "minimum": Shape.amount(spec.fees.base, asset),
            "transfer": Shape.amount(spec.fees.base, asset),
            "deposit": Shape.amount(spec.fees.base, asset),
            "claim": Shape.amount(spec.fees.base, asset),
            "registerDApp": Shape.amount(spec.fees.registration, asset),
            "registerDeposit": Shape.amount(spec.fees.registrationDeposit, asset),
            "perKilobyte": Shape.amount(spec.fees.perKilobyte, asset),
            "gasPrice": Shape.amount(spec.fees.gasPrice, asset),
        ]
    }

    private static func asset(_ index: Int, _ asset: AssetSpec) -> JSONValue {
        [
            "index": JSONValue(UInt64(index)), "symbol": .string(asset.symbol),
            "decimals": JSONValue(UInt64(asset.decimals)),
        ]
    }

    static func mempool(_ snapshot: ChainSnapshot) -> JSONValue {
        [
            "count": JSONValue(UInt64(snapshot.pendingCount)),
            "bytes": JSONValue(UInt64(snapshot.pendingBytes)),
        ]
    }

    /// Where all ETM is; null figures mean that the chains moved too fast to be compared.
    static func conservation(_ value: Conservation?, names: [ChainID: String]) -> JSONValue {
        guard let value else { return ["ok": .null, "chains": [], "difference": .null] }
        let main = value.main
        return [
            "ok": .bool(value.holds),
            "main": [
                "accounts": Shape.amount(main.accounts, .etm),
                "escrows": Shape.amount(main.escrows, .etm),
                "deposits": Shape.amount(main.deposits, .etm),
                "fees": Shape.amount(main.fees, .etm),
                "vaults": Shape.amount(main.vaults, .etm),
                "minted": Shape.amount(main.minted, .etm),
                "total": main.total.map { Shape.amount($0, .etm) } ?? .null,
                "genesis": Shape.amount(main.genesis, .etm),
            ],
            "chains": .array(value.sides.map { side($0, name: names[$0.chain] ?? $0.chain.hex) }),
            "difference": .string(difference(main)),
        ]
    }

    private static func side(_ side: Conservation.Side, name: String) -> JSONValue {
        [
            "name": .string(name),
            "escrow": Shape.amount(side.escrow, .etm),
            "sideSupply": Shape.amount(side.supply, .etm),
            "inTransitIn": Shape.amount(side.incoming, .etm),
            "inTransitOut": Shape.amount(side.outgoing, .etm),
            "ok": .bool(side.holds),
        ]
    }

    private static func difference(_ main: Conservation.Main) -> String {
        guard let total = main.total, let due = main.genesis.adding(main.minted) else { return "overflow" }
        if let more = total.subtracting(due) { return more.description }
        return "-" + (due.subtracting(total) ?? .zero).description
    }
}
