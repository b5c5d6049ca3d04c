internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// Accounts and proofs about the state.
enum AccountResource {
    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let snapshot = try call.chain().snapshot
            guard let text = call.parameters["address"], let address = Address(text: text) else {
                throw .badRequest("an address is the letter A and Base58Check text")
            }
            let held = snapshot.spec.assets.indices.map { index in
                (index, Bank.balance(of: address, asset: AssetNumber(UInt8(index)), in: snapshot.state))
            }
            return [
                "address": .string(address.description),
                "chain": .string(snapshot.spec.name),
                "height": JSONValue(snapshot.finalHeader.height.value),
                "balances": .array(held.map { balance($0, $1, snapshot.spec) }),
                "exists": .bool(held.contains { $0.1 != .zero }),
                "policy": AccountShape.policy(of: address, in: snapshot),
            ]
        }
    }

    private static func balance(_ index: Int, _ amount: Amount, _ spec: ChainSpec) -> JSONValue {
        let asset = spec.assets[index]
        return [
            "asset": JSONValue(UInt64(index)), "symbol": .string(asset.symbol),
            "units": .string(amount.description),
            "display": .string("\(amount.formatted(decimals: Int(asset.decimals))) \(asset.symbol)"),
        ]
    }

    static func prove(_ call: Call) {
        do throws(Refusal) {
            let chain = try call.chain()
            guard let text = call.parameters["key"], let bytes = Hex.decode(text),
                bytes.count <= StateKey.longest,
                !bytes.isEmpty
            else {
                throw .badRequest("a key is 1 to \(StateKey.longest) bytes as lower-case hexadecimal digits")
            }
            let key = StateKey(bytes: bytes)
            chain.prove(key) { result in
                switch result {
                case .success(let proved):
                    // Read only now: an earlier snapshot may be a block older than the proof.
                    call.answer(proof(key, proved.header, proved.proof, chain.snapshot.state))
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    private static func proof(
        _ key: StateKey, _ header: BlockHeader, _ proof: StateProof, _ state: StateView
    ) -> JSONValue {
        let value = state.value(for: key)
        // A block may have become final in between; a value that the proof does not carry is left out.
        let isProved = proof.verify(value, at: key, root: header.stateRoot)
        return [
            "height": JSONValue(header.height.value),
            "block": .string(header.id.hex),
            "stateRoot": .string(header.stateRoot.hex),
            "value": isProved ? value.map { .string(Hex.encode($0)) } ?? .null : .null,
            "exists": isProved ? .bool(value != nil) : .null,
            "proof": .string(Hex.encode(proof.encoded)),
        ]
    }
}
