internal import Ledger
internal import Primitives
internal import Synchronization

/// How much of each token a chain holds, added up once a final block.
final class SupplyCache: Sendable {
    private let known = Mutex<[ChainID: (block: BlockID, supply: [Amount?])]>([:])

    /// The supply of every token by number; nil where the sum does not fit into 64 bits.
    func supply(of snapshot: ChainSnapshot) -> [Amount?] {
        let id = snapshot.spec.id
        if let found = known.withLock({ $0[id] }), found.block == snapshot.finalBlock { return found.supply }
        let supply = snapshot.spec.assets.indices.map { index in
            Bank.supply(of: AssetNumber(UInt8(index)), in: snapshot.state)
        }
        known.withLock { $0[id] = (snapshot.finalBlock, supply) }
        return supply
    }
}
