import Crypto
import Ledger
import Primitives
import Testing

@Suite struct ParametersTests {
    @Test func roundsAreRunsOfTheirLengthCountedFromOne() {
        var parameters = TestChain.consensus(interval: 1_000)
        parameters.roundLength = 101
        let steps: [(UInt64, UInt64)] = [(0, 0), (1, 1), (101, 1), (102, 2), (202, 2), (203, 3)]
        for (height, round) in steps { #expect(parameters.round(of: Height(height)) == Round(round)) }
        #expect(parameters.lastHeight(of: Round(2)) == Height(202))
    }

    @Test(arguments: [1, 2, 101, .max] as [UInt64])
    func absurdHeightsAndRoundsAreAnsweredToo(length: UInt64) {
        var parameters = TestChain.consensus(interval: .max)
        parameters.roundLength = length
        #expect(parameters.round(of: Height(.max)).value == .max / length + (.max % length == 0 ? 0 : 1))
        #expect(parameters.lastHeight(of: Round(.max)) == Height(.max))
        #expect(parameters.interval.times(.max).milliseconds == .max)
    }

    @Test func theChainIDDependsOnEveryParameter() throws {
        let base = try TestChain.main().spec
        let faster = ChainSpec.main(consensus: TestChain.consensus(interval: 2_999), genesis: base.genesis)
        var limits = BlockLimits.main
        limits.bytes += 1
        let larger = ChainSpec.main(consensus: base.consensus, limits: limits, genesis: base.genesis)
        var fees = FeeSchedule.main
        fees.gasPrice = Amount(units: 1)
        let dearer = ChainSpec.main(consensus: base.consensus, fees: fees, genesis: base.genesis)
        let modern = ChainSpec.main(
            consensus: base.consensus, acceptsHistorical: false, genesis: base.genesis)
        let later = ChainSpec.main(
            consensus: base.consensus,
            genesis: Genesis(
                time: Instant(milliseconds: 1), members: base.genesis.members, balances: base.genesis.balances
            ))
        let all = [base, faster, larger, dearer, modern, later]
        #expect(Set(all.map(\.id)).count == all.count)
        #expect(Set(all.map(\.genesisBlock.id)).count == all.count)
    }

    @Test func theGenesisBlockCommitsToTheGenesisState() throws {
        let chain = try TestChain.main()
        let block = chain.spec.genesisBlock
        #expect(block.header.height == .zero && block.transactions.isEmpty)
        let state = ChainState(records: chain.spec.genesis.records, finalBlock: block.id)
        #expect(block.header.stateRoot == state.finalRoot)
        let record = Bank.key(address(1), .etm)
        #expect(
            state.finalProof(of: record).verify(
                TestChain.wealth.encoded, at: record, root: block.header.stateRoot))
    }

    @Test func aGenesisWithSomethingTwiceOrTooMuchIsRefused() throws {
        let one = Genesis.Balance(address: address(1), amount: Amount(units: .max))
        let own = Genesis.Balance(address: address(1), asset: .own, amount: Amount(units: .max))
        let more = Genesis.Balance(address: address(2), amount: Amount(units: 1))
        let onion = Genesis.Onion(member: key(1).publicKey, anchor: digest(1))
        func genesis(_ balances: [Genesis.Balance], _ onions: [Genesis.Onion] = []) throws -> Genesis {
            Genesis(time: .zero, members: try members(1), balances: balances, onions: onions)
        }
        let good = try genesis([one, own], [onion])
        #expect(good.defect == nil)
        #expect(try Genesis(decoding: good.encoded) == good)
        for bad in [try genesis([one, one]), try genesis([one, more]), try genesis([], [onion, onion])] {
            #expect(bad.defect != nil)
            #expect(throws: CodecRejection.notCanonical(offset: 0)) { try Genesis(decoding: bad.encoded) }
        }
    }
}
