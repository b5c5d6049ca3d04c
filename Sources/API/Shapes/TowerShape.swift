internal import JSON
internal import Ledger
internal import Randomness

/// Time towers as JSON.
enum TowerShape {
    /// M, X, and which draw the tower seeds.
    static func parameters(_ tower: StakingParameters.Tower) -> JSONValue {
        [
            "lookups": JSONValue(UInt64(tower.lookups)), "hashes": JSONValue(tower.hashes),
            "kind": tower.kind == .delayed ? "delayed" : "immediate",
            "profile": TowerProfile(lookups: tower.lookups, hashes: tower.hashes)?.name.map { .string($0) }
                ?? .null,
        ]
    }
}
