internal import DAppRuntime
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// A DApp's manifest facts, contracts, models and routes as JSON, for people and tools.
enum InterfaceDescription {
    static func json(_ report: CheckReport, record: SideChainRecord) -> JSONValue {
        [
            "manifest": manifest(record),
            "contracts": .array(report.contracts.map(contract)),
            "models": .array(report.models.map(model)),
            "routes": .array(report.routes.map(route)),
            "engine": .string(report.engineFingerprint.hex),
        ]
    }

    private static func manifest(_ record: SideChainRecord) -> JSONValue {
        let registration = record.registration
        return [
            "name": .string(registration.name),
            "description": .string(registration.description),
            "category": JSONValue(UInt64(registration.category)),
            "tags": .string(registration.tags),
            "bundleHash": .string(record.bundleHash.hex),
        ]
    }

    private static func contract(_ entry: ContractEntry) -> JSONValue {
        [
            "contract": .string(entry.contract),
            "method": .string(entry.method),
            "args": names(entry.arguments),
            "fee": entry.fee.map { .string($0) } ?? .null,
        ]
    }

    private static func model(_ entry: ModelEntry) -> JSONValue {
        [
            "name": .string(entry.name),
            "key": .string(entry.key),
            "fields": names(entry.fields),
            "unique": .array(entry.unique.map { .string($0) }),
            "index": .array(entry.index.map { .string($0) }),
        ]
    }

    private static func route(_ entry: RouteEntry) -> JSONValue {
        ["name": .string(entry.name), "path": .string(entry.path), "params": names(entry.parameters)]
    }

    private static func names(_ list: [TypedName]) -> JSONValue {
        .array(list.map { ["name": .string($0.name), "type": .string($0.type)] })
    }
}
