public import Ledger
public import Primitives

/// What a development network is started with.
public struct DevnetOptions: Sendable, Equatable {
    /// Its name; the directory's last component by custom.
    public var name: String
    /// How many validators share the process, 1 to 101.
    public var validators: Int
    /// How many funded accounts there are, 0 to 100.
    public var accounts: Int
    /// What each account holds in the first block.
    public var balance: Amount
    /// All keys follow from it; they are public, and only good here.
    public var seed: UInt64
    /// How the main chain's blocks come about.
    public var mining: Mining
    /// The least time between two main-chain blocks.
    public var blockTime: Instant.Span
    /// Seats that the validators are elected to, round by round; nil when all of them sit in every round.
    public var seats: UInt16?
    /// How long unlocked amounts wait, where validators are elected.
    public var unbonding = Instant.Span.seconds(86_400)
    /// Leading zero bits of every main-chain block's light proof of work.
    public var workBits: UInt8 = 0
    /// The time tower of each round.
    public var tower = StakingParameters.Tower.test
    /// Who leads a main-chain block.
    public var leader = LeaderRule.chaos
    /// The address that the interface listens on.
    public var host: String
    /// The port that the interface listens on; 0 picks a free one.
    public var port: UInt16
    /// An existing directory for everything that the network keeps.
    public var directory: String
    /// The `etm-dapp-worker` program.
    public var workerPath: String

    /// The defaults: four validators, ten accounts of 10,000 ETM, a block every three seconds.
    public init(name: String = "default", directory: String, workerPath: String) {
        self.name = name
        validators = 4
        accounts = 10
        balance = .etm(10_000)
        seed = 42
        mining = .interval
        blockTime = .seconds(3)
        host = "127.0.0.1"
        port = 4096
        seats = nil
        self.directory = directory
        self.workerPath = workerPath
    }
}

/// Why a development network does not start.
public enum DevnetFailure: Error, Equatable, Sendable {
    /// An option is out of range.
    case badOption(String)
    /// The directory holds a network with other parameters.
    case otherNetwork(directory: String, detail: String)
    /// A file could not be read or written.
    case file(path: String, reason: String)
    /// The port cannot be listened on.
    case port(host: String, port: UInt16, reason: String)
    /// A chain did not start.
    case chain(name: String, reason: String)

    /// One sentence that says what to do.
    public var message: String {
        switch self {
        case .badOption(let reason): reason
        case .otherNetwork(let directory, let detail):
            "\(directory) holds a network with \(detail); use the same options, another --name, or etm devnet reset"
        case .file(let path, let reason): "\(path): \(reason)"
        case .port(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
        case .chain(let name, let reason): "chain \(name) does not start: \(reason)"
        }
    }
}
