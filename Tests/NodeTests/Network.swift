import Crypto
import Foundation
import JSON
import Ledger
import Node
import Primitives
import Synchronization
import Testing
import Transport

/// A directory that is removed with the value's last use.
final class TemporaryDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("etm-node-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var options: DevnetOptions {
        var options = DevnetOptions(name: "test", directory: path, workerPath: Place.worker)
        options.port = 0
        options.accounts = 3
        options.blockTime = .init(milliseconds: 200)
        return options
    }
}

enum Place {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The worker program that was built together with these tests.
    static var worker: String {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<5 {
            let candidate = folder.appendingPathComponent("etm-dapp-worker").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        return root.appendingPathComponent(".build/debug/etm-dapp-worker").path
    }
}

/// What the interface answered.
struct Answer {
    let status: Int
    let body: JSONValue

    var data: JSONValue { body["data"] ?? .null }
    var error: JSONValue { body["error"] ?? .null }
    var code: String { error["code"]?.string ?? "" }
}

/// A started network, spoken to through its interface like any user does.
final class Network: Sendable {
    let devnet: Devnet
    let url: String
    let chain: ChainID
    private let client = HTTPClient()
    private let directory: String
    private let salt = Atomic<UInt64>(0)

    init(_ options: DevnetOptions) throws {
        devnet = try Devnet(options) { _ in }
        try devnet.start()
        url = devnet.summary.url
        chain = devnet.summary.chain
        directory = options.directory
    }

    deinit { devnet.stop() }

    func get(_ path: String) throws -> Answer { try answer(client.send(url: url + path)) }

    @discardableResult
    func post(_ path: String, _ body: JSONValue = [:]) throws -> Answer {
        try answer(client.send(method: .post, url: url + path, body: JSONWriter.compact(body)))
    }

    private func answer(_ response: HTTPResponse) throws -> Answer {
        Answer(status: response.status, body: try JSONParser.parse(response.body))
    }

    /// Reads the stream from its beginning until a line satisfies the condition.
    func follow(
        _ query: String = "", within time: Duration = .seconds(60), until isLast: (JSONValue) throws -> Bool
    ) throws {
        var failure: (any Error)?
        try withoutActuallyEscaping(isLast) { isLast in
            _ = try client.stream(url: "\(url)/v1/stream?from=0\(query)", timeout: time) { line in
                do {
                    return !(try isLast(try JSONParser.parse(line)))
                } catch {
                    failure = error
                    return false
                }
            }
        }
        if let failure { throw failure }
    }

    /// Asks again at every event of any chain until there is something.
    func eventually<Value>(_ find: () throws -> Value?) throws -> Value {
        var found = try find()
        if found == nil {
            try follow("&chain=*") { _ in
                found = try find()
                return found != nil
            }
        }
        return try #require(found)
    }

    /// The key of a test account.
    func key(_ name: String) throws -> KeyPair {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: directory + "/accounts.json"))
        let accounts = try JSONParser.parse(Array(bytes))["accounts"]?.array ?? []
        let account = try #require(accounts.first { $0["name"]?.string == name })
        var secret = Array(try #require(account["secret"]?.string).utf8)
        return KeyPair(try AccountSecret(importing: &secret))
    }

    func height(of chain: String = "main") throws -> UInt64 {
        try #require(try get("/v1/chains/\(chain)").data["final"]?.uint64)
    }

    func balance(_ address: Address, on chain: String = "main") throws -> UInt64 {
        let data = try get("/v1/chains/\(chain)/accounts/\(address)").data
        return try #require(data["balances"]?[0]?["units"]?.string.flatMap { UInt64($0) })
    }

    /// A transaction with a fresh salt, unsigned.
    func transaction(
        _ kind: TransactionKind, _ payload: some Canonical, fee: UInt64 = 10_000_000,
        on chain: ChainID? = nil,
        expiry: UInt64? = nil
    ) throws -> Transaction {
        let salt = salt.add(1, ordering: .relaxed).newValue
        return Transaction(
            chain: chain ?? self.chain, kind: kind, expiry: Height(try expiry ?? height() + 500),
            fee: Amount(units: fee), salt: salt, sender: .zero, payload: payload.encoded)
    }

    func submit(_ signed: SignedTransaction, on chain: String = "main") throws -> Answer {
        try post("/v1/chains/\(chain)/transactions", ["transaction": .string(Hex.encode(signed.bytes))])
    }

    /// Waits until a transaction is final and gives its description.
    func final(_ id: TransactionID, on chain: String = "main") throws -> JSONValue {
        try eventually {
            let data = try get("/v1/chains/\(chain)/transactions/\(id)").data
            // A plain nil would be the literal null of JSON.
            return data["state"] == "final" ? .some(data) : Optional.none
        }
    }

    /// Sends ETM and waits until it is final.
    @discardableResult
    func transfer(_ units: UInt64, from: String, to: Address) throws -> JSONValue {
        let payload = TransferPayload(recipient: to, amount: Amount(units: units))
        let signed = try transaction(.transfer, payload).signed(by: key(from))
        #expect(try submit(signed).status == 202)
        return try final(signed.id)
    }
}
