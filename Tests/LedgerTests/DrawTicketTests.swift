import Crypto
import Ledger
import Primitives
import Testing

@Suite struct DrawTicketTests {
    private func settlement(_ time: UInt64) -> TicketSettlement {
        let draw = SettledDraw(
            output: SHA256.hash(Bytes32(0, 0, 0, time)).bytes, round: Round(time),
            opened: Instant(milliseconds: time))
        return TicketSettlement(after: Instant(milliseconds: time), draw: draw)
    }

    private func state(open times: [UInt64]) -> StateOverlay {
        var state = StateOverlay(OrderedRecords())
        for time in times {
            state.set(StateKey(.dapp, DrawTicketKey.open(after: Instant(milliseconds: time))), to: [])
        }
        return state
    }

    @Test func theOldestOpenTicketsAreSettledOnce() throws {
        var state = state(open: [300, 1, 1 << 40, 20])
        #expect(DrawTickets.open(in: state).map(\.milliseconds) == [1, 20, 300, 1 << 40])
        try DrawTickets.settle([settlement(1), settlement(20)], in: &state)
        #expect(DrawTickets.open(in: state).map(\.milliseconds) == [300, 1 << 40])
        let key = StateKey(.dapp, DrawTicketKey.settled(after: Instant(milliseconds: 20)))
        #expect(state.read(SettledDraw.self, key) == settlement(20).draw)
        #expect(throws: ExecutionError.self) { try DrawTickets.settle([settlement(20)], in: &state) }
    }

    @Test func whatIsNotDueIsRefused() throws {
        for wrong in [[settlement(2)], [settlement(20)], [settlement(1), settlement(21)]] {
            var state = state(open: [1, 20])
            #expect(throws: ExecutionError.self) { try DrawTickets.settle(wrong, in: &state) }
        }
        var empty = state(open: [])
        try DrawTickets.settle([], in: &empty)
        #expect(throws: ExecutionError.self) { try DrawTickets.settle([settlement(1)], in: &empty) }
    }

    @Test func aBlockSettlesSixtyFourAtMost() throws {
        let times = (1...65 as ClosedRange<UInt64>).map { $0 }
        var many = state(open: times)
        #expect(DrawTickets.open(in: many).count == 64)
        #expect(throws: ExecutionError.self) { try DrawTickets.settle(times.map(settlement), in: &many) }
        var most = state(open: times)
        try DrawTickets.settle(times.dropLast().map(settlement), in: &most)
        #expect(DrawTickets.open(in: most).map(\.milliseconds) == [65])
    }
}
