import TestKit
import Testing

@Suite struct OperationsTests {
    /// The soak does 500 blocks of 200 operations.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func oneSeedLeavesOneRootHoweverItsBlocksAreExecuted(seed: UInt64) throws {
        let outcomes = try OperationsRun.Manner.allCases.map { manner in
            var run = try #require(OperationsRun(seed: seed, manner: manner))
            return run.run(blocks: 60, operations: 60)
        }
        for outcome in outcomes {
            #expect(outcome.defect == nil)
            #expect(outcome == outcomes[0])
        }
        #expect(outcomes[0].done > 1_500)
        #expect(outcomes[0].failed > 100)
        // Transfers, miners, votes, anchors, locks, unlocks, resignations, withdrawn votes; issuers, assets,
        // flags, lists, issues, transfers of assets, stored contents, delayed transfers.
        #expect(outcomes[0].kinds.count >= 16)
    }

    @Test func anotherSeedLeavesAnotherRoot() throws {
        var one = try #require(OperationsRun(seed: 1, manner: .plain))
        var other = try #require(OperationsRun(seed: 2, manner: .plain))
        #expect(one.run(blocks: 12, operations: 20).root != other.run(blocks: 12, operations: 20).root)
    }
}
