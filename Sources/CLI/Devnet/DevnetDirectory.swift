internal import Crypto
internal import JSON
internal import Primitives

/// The folder of one devnet: who runs it, its accounts, its log, its chains.
package struct DevnetDirectory: Sendable {
    /// The devnet's name.
    package let name: String
    /// Where it is.
    package let path: String

    /// The record of who runs it.
    package var recordPath: String { "\(path)/devnet.json" }
    /// What it printed when it runs in the background.
    package var logPath: String { "\(path)/devnet.log" }
    /// The devnet's accounts with their public test keys.
    package var accountsPath: String { "\(path)/accounts.json" }

    /// The record; nil when the devnet was never started or has been reset.
    package func record() throws(CommandFailure) -> DevnetRecord? {
        guard let bytes = try Files.read(recordPath, most: 65_536) else { return nil }
        guard let value = try? JSONParser.parse(bytes), let record = DevnetRecord(value) else {
            throw CommandFailure(
                "DAMAGED_FILE", "\(recordPath) is damaged", hint: "etm devnet reset --name \(name)",
                exit: .environment)
        }
        return record
    }

    /// Keeps the record.
    func write(_ record: DevnetRecord) throws(CommandFailure) {
        try Files.makeDirectory(path, mode: 0o700)
        try Files.write(JSONWriter.pretty(record.json) + [0x0A], to: recordPath, mode: 0o644)
    }

    /// What the devnet was first started with; nil before that.
    func network() throws(CommandFailure) -> JSONValue? {
        guard let bytes = try Files.read("\(path)/network.json", most: 65_536) else { return nil }
        return try? JSONParser.parse(bytes)
    }

    /// The devnet's accounts in its order; empty before its first start.
    package func accounts() throws(CommandFailure) -> [Account] {
        guard let bytes = try Files.read(accountsPath, most: 4_194_304) else { return [] }
        guard let list = (try? JSONParser.parse(bytes))?["accounts"]?.array else { throw damaged }
        var accounts: [Account] = []
        for entry in list {
            guard let name = entry["name"]?.string,
                var text = entry["secret"]?.string.map({ Array($0.utf8) }),
                let secret = try? AccountSecret(importing: &text)
            else { throw damaged }
            let key = secret.keyPair.publicKey
            accounts.append(
                Account(
                    name: name, address: Address(of: key), publicKey: key,
                    origin: .devnet(secret, devnet: self.name)))
        }
        return accounts
    }

    private var damaged: CommandFailure {
        CommandFailure(
            "DAMAGED_FILE", "\(accountsPath) is damaged", hint: "etm devnet reset --name \(name)",
            exit: .environment)
    }

    /// The devnet's name must be a plain word because it becomes a folder.
    static func checkName(_ name: String) throws(CommandFailure) {
        guard KeyName(name) != nil else {
            throw .usage(
                "BAD_VALUE", "--name wants 1 to 32 letters, digits, \".\", \"_\" or \"-\"",
                hint: "--name second")
        }
    }
}

/// Who runs a devnet, or ran it last.
package struct DevnetRecord: Sendable, Equatable {
    /// The process.
    package var process: Int32
    /// When the process started, in clock ticks, so that a reused number is not mistaken for it.
    package var startTicks: UInt64
    /// The port of its interface.
    package var port: UInt16
    /// Where its interface answers.
    package var url: String
    /// What its keys and chances follow from.
    package var seed: UInt64
    /// Milliseconds since the Unix epoch.
    package var startedAt: UInt64

    /// Whether exactly that process still runs.
    package var isRunning: Bool { Processes.isRunning(identity) }

    var identity: Processes.Identity { Processes.Identity(number: process, startTicks: startTicks) }

    init(process: Processes.Identity, port: UInt16, url: String, seed: UInt64, startedAt: UInt64) {
        self.process = process.number
        startTicks = process.startTicks
        self.port = port
        self.url = url
        self.seed = seed
        self.startedAt = startedAt
    }

    init?(_ value: JSONValue) {
        guard let process = value["pid"]?.int64.flatMap({ Int32(exactly: $0) }),
            let ticks = value["pidStart"]?.uint64,
            let port = value["port"]?.uint64.flatMap({ UInt16(exactly: $0) }),
            let url = value["url"]?.string, let seed = value["seed"]?.uint64,
            let time = value["startedAt"]?.uint64
        else { return nil }
        self.init(
            process: .init(number: process, startTicks: ticks), port: port, url: url, seed: seed,
            startedAt: time)
    }

    var json: JSONValue {
        [
            "pid": JSONValue(Int(process)), "pidStart": JSONValue(startTicks),
            "port": JSONValue(UInt64(port)),
            "url": .string(url), "seed": JSONValue(seed), "startedAt": JSONValue(startedAt),
        ]
    }
}
