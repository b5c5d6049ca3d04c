import Primitives
import TestKit
import Testing

@Suite struct ElectionTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func membersThatChangeEveryRoundStaySafeUnderFaultsAndLiveAfterwards(seed: UInt64) throws {
        var network = SimulatedNetwork(.elected(seed: seed))
        let report = try network.run()
        #expect(report.heights >= 9)
        #expect(report.turnovers >= 1)
        #expect(report.faults > 0)
    }

    @Test func oneSeedElectsTheSameMembersTwice() throws {
        var one = SimulatedNetwork(.elected(seed: 21))
        var other = SimulatedNetwork(.elected(seed: 21))
        #expect(try one.run() == other.run())
    }
}
