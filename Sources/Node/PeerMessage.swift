internal import Consensus
internal import Ledger
internal import Primitives
internal import Randomness

/// What nodes say to each other about one chain.
enum PeerMessage: Canonical, Sendable {
    /// A word of consensus.
    case replica(ReplicaMessage)
    /// Transactions that the sender thinks new.
    case transactions([SignedTransaction])
    /// One member holds something to put into a block of the main chain up to this height (manual mining).
    case mine(upTo: Height)
    /// The sender lacks the delayed time tower of a round.
    case towerRequest(Round)
    /// The checkpoints of a round's delayed time tower, to be checked by whoever lacks it.
    case tower(Round, TimeTower)

    /// The most transactions in one message.
    static let mostTransactions = 1_000

    func encode(to writer: inout ByteWriter) {
        switch self {
        case .replica(let message):
            writer.write(UInt8(1))
            writer.write(message)
        case .transactions(let list):
            writer.write(UInt8(2))
            writer.write(list: list)
        case .mine(let height):
            writer.write(UInt8(3))
            writer.write(height)
        case .towerRequest(let round):
            writer.write(UInt8(4))
            writer.write(round)
        case .tower(let round, let tower):
            writer.write(UInt8(5))
            writer.write(round)
            writer.write(tower)
        }
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        switch try reader.readInteger(UInt8.self) {
        case 1: self = .replica(try reader.read())
        case 2: self = .transactions(try reader.readList(most: PeerMessage.mostTransactions))
        case 3: self = .mine(upTo: try reader.read())
        case 4: self = .towerRequest(try reader.read())
        case 5: self = .tower(try reader.read(), try reader.read())
        case let tag: throw .unknownTag(offset: start, got: Int(tag))
        }
    }
}
