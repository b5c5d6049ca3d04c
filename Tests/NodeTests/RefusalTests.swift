import Crypto
import Dispatch
import Foundation
import Ledger
import Node
import Primitives
import Testing

@Suite(.serialized)
struct RefusalTests {
    private func failure(_ body: () throws -> Void) -> DevnetFailure? {
        do {
            try body()
            Issue.record("it was not refused")
            return nil
        } catch {
            return error as? DevnetFailure
        }
    }

    @Test
    func aDirectoryServesOneNetworkAtATime() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        let second = failure { _ = try Network(directory.options) }
        guard case .chain(_, let reason) = second else {
            Issue.record("refused otherwise: \(String(describing: second))")
            return
        }
        #expect(reason.contains("main.db"))
        let height = try network.height()
        _ = try network.eventually { try network.height() > height ? true : nil }
    }

    @Test
    func aPortServesOneNetworkAtATime() throws {
        let (one, other) = (try TemporaryDirectory(), try TemporaryDirectory())
        let network = try Network(one.options)
        var options = other.options
        options.port = try #require(network.url.split(separator: ":").last.flatMap { UInt16($0) })
        guard case .port(_, let port, let reason) = failure({ _ = try Network(options) }) else {
            Issue.record("refused otherwise")
            return
        }
        #expect(port == options.port && !reason.isEmpty)
    }

    @Test
    func aDamagedDatabaseIsRefusedByName() throws {
        let directory = try TemporaryDirectory()
        do {
            let network = try Network(directory.options)
            network.devnet.stop()
        }
        let path = directory.path + "/validator-1/main.db"
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: 0)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4_096))
        try file.close()
        guard case .chain(let name, let reason) = failure({ _ = try Network(directory.options) }) else {
            Issue.record("refused otherwise")
            return
        }
        #expect(name.contains("validator-1") && reason.contains(path))
    }

    @Test(arguments: ["seed", "validators", "accounts", "balance", "mining", "blockTime"])
    func otherParametersAreRefusedByName(fact: String) throws {
        let directory = try TemporaryDirectory()
        _ = try Devnet(directory.options) { _ in }
        var options = directory.options
        switch fact {
        case "seed": options.seed += 1
        case "validators": options.validators = 5
        case "accounts": options.accounts = 4
        case "balance": options.balance = .etm(1)
        case "mining": options.mining = .manual
        default: options.blockTime = .init(milliseconds: 300)
        }
        guard case .otherNetwork(_, let detail) = failure({ _ = try Devnet(options) { _ in } }) else {
            Issue.record("refused otherwise")
            return
        }
        #expect(detail.contains(fact + " ") && !detail.contains(","))
    }

    @Test
    func optionsOutOfRangeAreRefused() throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.validators = 0
        guard case .badOption = failure({ _ = try Devnet(options) { _ in } }) else {
            Issue.record("refused otherwise")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/network.json"))
    }
}

struct MailboxTests {
    @Test
    func aFullBoxRefusesAllButWhatIsUrgent() {
        let box = Mailbox<Int>(most: 2)
        #expect(box.post(1) && box.post(2))
        #expect(!box.post(3))
        #expect(box.post(4, isUrgent: true))
        #expect(box.drain(waiting: .zero) == [1, 2, 4])
        #expect(box.drain(waiting: .zero).isEmpty)
        #expect(box.post(5))
        #expect(box.drain(waiting: .seconds(60)) == [5])
    }

    @Test
    func manySendersLoseNothingAndKeepTheirOrder() {
        let box = Mailbox<Int>()
        DispatchQueue.concurrentPerform(iterations: 4) { sender in
            for number in 0..<500 { box.post(sender * 1_000 + number) }
        }
        let all = box.drain(waiting: .seconds(60))
        #expect(all.count == 2_000)
        for sender in 0..<4 {
            #expect(all.filter { $0 / 1_000 == sender } == (0..<500).map { sender * 1_000 + $0 })
        }
    }
}
