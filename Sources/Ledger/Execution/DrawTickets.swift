public import Primitives

/// A ticket and the round that decides it.
public struct TicketSettlement: Sendable, Hashable {
    /// The ticket's time.
    public let after: Instant
    /// The tower of the first main-chain round that opened after it.
    public let draw: SettledDraw

    /// Joins the parts.
    public init(after: Instant, draw: SettledDraw) {
        self.after = after
        self.draw = draw
    }
}

/// Tickets for draws on a DApp's chain: opened by its contracts, settled by the main chain's time towers.
///
/// A settled ticket stays, so that no draw depends on when it is looked at.
public enum DrawTickets {
    /// The most tickets that one block settles: the oldest ones; the others wait for the next block.
    public static let mostInBlock = 64

    private static let prefix = [StateTable.dapp.rawValue] + DrawTicketKey.open

    /// The oldest open tickets, at most `mostInBlock`.
    public static func open(in state: some StateReader) -> [Instant] {
        state.scan(prefix: prefix, after: nil, limit: mostInBlock).map { row in
            DrawTicketKey.time(ofOpen: row.key.bytes.dropFirst())
        }
    }

    /// Settles the oldest open tickets, each exactly once; any other is refused.
    public static func settle(
        _ settlements: [TicketSettlement], in state: inout StateOverlay
    ) throws(ExecutionError) {
        guard !settlements.isEmpty else { return }
        let due = open(in: state)
        guard settlements.count <= due.count, zip(settlements, due).allSatisfy({ $0.after == $1 }) else {
            throw .notAllowed("a ticket was settled that is not due")
        }
        for settlement in settlements {
            state.set(StateKey(.dapp, DrawTicketKey.open(after: settlement.after)), to: nil)
            state.set(
                StateKey(.dapp, DrawTicketKey.settled(after: settlement.after)), to: settlement.draw.encoded)
        }
    }
}
