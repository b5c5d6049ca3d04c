internal import Crypto
internal import Foundation
internal import JSON
internal import Primitives

/// The files of a development network: what it was started with, and its public test keys.
struct DevnetFiles: Sendable {
    let directory: String

    private var planFile: String { directory + "/network.json" }
    private var accountsFile: String { directory + "/accounts.json" }

    /// The first start's genesis time; nil before the first start.
    func genesisTime() throws(DevnetFailure) -> Instant? {
        guard let text = FileManager.default.contents(atPath: planFile) else { return nil }
        guard let value = try? JSONParser.parse(Array(text)), let time = value["genesisTime"]?.uint64 else {
            throw .file(path: planFile, reason: "it is damaged; use etm devnet reset")
        }
        return Instant(milliseconds: time)
    }

    /// Refuses a directory whose network has other parameters.
    func check(_ plan: DevnetPlan) throws(DevnetFailure) {
        guard let text = FileManager.default.contents(atPath: planFile),
            let stored = try? JSONParser.parse(Array(text))
        else { return }
        guard stored != plan.identity else { return }
        let facts = [
            "seed", "validators", "accounts", "balance", "mining", "blockTime", "seats", "unbonding",
            "workBits", "leader",
        ]
        let differing = facts.filter { stored[$0] != plan.identity[$0] }
        let detail = differing.map { name in
            "\(name) \(stored[name].map { String(decoding: JSONWriter.compact($0), as: UTF8.self) } ?? "none")"
        }
        throw .otherNetwork(
            directory: directory,
            detail: detail.isEmpty
                ? "rules of another version of this program" : detail.joined(separator: ", "))
    }

    /// Writes what must not change and the keys of the test accounts, readable by the owner only.
    func write(_ plan: DevnetPlan) throws(DevnetFailure) {
        try write(plan.identity, to: planFile)
        let accounts = (plan.accounts + plan.validators).map { account -> JSONValue in
            [
                "name": .string(account.name),
                "address": .string(account.key.address.description),
                "publicKey": .string(account.key.publicKey.hex),
                "secret": .string(account.secret),
            ]
        }
        try write(
            ["note": "public test keys: use them on this network only", "accounts": .array(accounts)],
            to: accountsFile)
    }

    /// Makes the directory of one node.
    func makeDirectory(of node: String) throws(DevnetFailure) -> String {
        let path = directory + "/" + node
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .file(path: path, reason: "the directory cannot be made: \(error.localizedDescription)")
        }
        return path
    }

    private func write(_ value: JSONValue, to path: String) throws(DevnetFailure) {
        let temporary = path + ".new"
        let isWritten = FileManager.default.createFile(
            atPath: temporary, contents: Data(JSONWriter.pretty(value)),
            attributes: [.posixPermissions: 0o600])
        guard isWritten, unsafe rename(temporary, path) == 0 else {
            throw .file(path: path, reason: "it cannot be written")
        }
    }
}
