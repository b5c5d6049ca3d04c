import Crypto
import Ledger
import Primitives
import Staking
import Testing

@Suite struct GenesisTests {
    private let miners = (1...3).map {
        StakingGenesis.FirstMiner(key: key($0), name: "miner-\($0)", anchor: .zero)
    }

    private func genesis(
        _ stakes: StakingGenesis, balances: [Genesis.Balance] = [], roundLength: UInt64 = 4
    ) throws(StakingGenesis.Defect) -> Genesis {
        try stakes.genesis(
            time: .zero, consensus: Stage.consensus(Stage.parameters(), roundLength: roundLength),
            balances: balances)
    }

    @Test func parametersWithoutElectionsAndWorkKeepTheirBytes() throws {
        var parameters = ConsensusParameters(
            leaderRule: .roundRobin, pacing: .interval, roundLength: 7, interval: .seconds(3),
            delta: .seconds(1))
        let plain: [UInt8] = [
            2, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 11, 184, 0, 0, 0, 0, 0, 0, 3, 232,
        ]
        #expect(parameters.encoded == plain)
        parameters.workBits = 16
        #expect(parameters.encoded == [0x82] + plain.dropFirst() + [16, 0])
        #expect(try ConsensusParameters(decoding: parameters.encoded) == parameters)
        for bad in [[0x82] + plain.dropFirst() + [0, 0], [0x82] + plain.dropFirst() + [41, 0]] {
            #expect(throws: CodecRejection.self) { try ConsensusParameters(decoding: Array(bad)) }
        }
        parameters.elections = .upos(.main)
        #expect(try ConsensusParameters(decoding: parameters.encoded) == parameters)
    }

    @Test func aGenesisWithoutModulesKeepsItsBytes() throws {
        let members = try #require(MemberSet([key(1)]))
        let plain = Genesis(time: .zero, members: members, balances: [])
        #expect(plain.encoded.suffix(8) == [0, 0, 0, 0, 0, 0, 0, 0])
        let full = try genesis(StakingGenesis(miners: miners, locks: []))
        #expect(try Genesis(decoding: full.encoded) == full)
    }

    @Test func onlyModulesTablesMayBeSet() throws {
        let members = try #require(MemberSet([key(1)]))
        func defect(_ records: [Genesis.Record]) -> String? {
            Genesis(time: .zero, members: members, balances: [], modules: records).defect
        }
        let vault = Genesis.Record(Vault.carry.key, Amount.etm(1))
        #expect(defect([vault]) == nil)
        #expect(defect([vault, vault]) != nil)
        #expect(defect([Genesis.Record(Bank.key(address(1), .etm), Amount.etm(1))]) != nil)
        #expect(defect([Genesis.Record(OnionHead.key(key(1)), Amount.etm(1))]) != nil)
    }

    @Test func everyDefectIsNamed() throws {
        let lock = StakingGenesis.FirstLock(address: address(5), amount: .etm(1), vote: key(1))
        var stakes = StakingGenesis(miners: miners, locks: [lock])
        #expect(try genesis(stakes).supply == .etm(3_001))
        stakes.locks = [lock, lock]
        #expect(throws: StakingGenesis.Defect.lockTwice(address(5))) { try genesis(stakes) }
        stakes.locks = [.init(address: address(5), amount: .etm(1), vote: key(9))]
        #expect(throws: StakingGenesis.Defect.unknownMiner(key(9))) { try genesis(stakes) }
        stakes.locks = [.init(address: address(5), amount: Amount(units: 99_999_999), vote: nil)]
        #expect(throws: StakingGenesis.Defect.lockTooSmall(address(5))) { try genesis(stakes) }
        stakes.locks = []
        stakes.miners[1] = miners[0]
        #expect(throws: StakingGenesis.Defect.badName("miner-1")) { try genesis(stakes) }
        stakes.miners[1] = .init(key: key(1), name: "other", anchor: .zero)
        #expect(throws: StakingGenesis.Defect.minerTwice(key(1))) { try genesis(stakes) }
        stakes.miners = []
        #expect(throws: StakingGenesis.Defect.badCount) { try genesis(stakes) }
        stakes.miners = miners
        #expect(throws: StakingGenesis.Defect.roundTooLong) { try genesis(stakes, roundLength: 10_001) }
    }

    @Test func theSupplyMayReachTheTopOfTheRangeAndNotOneUnitMore() throws {
        let stakes = StakingGenesis(miners: miners, locks: [])
        let rewards = RewardSchedule.rewardPool.units + RewardSchedule.bonusPool.units
        let most = StakingGenesis.largestSupply.units - rewards - Amount.etm(3_000).units
        func balance(_ units: UInt64) -> [Genesis.Balance] {
            [.init(address: address(1), amount: Amount(units: units))]
        }
        #expect(try genesis(stakes, balances: balance(most)).defect == nil)
        for units in [most + 1, .max] {
            #expect(throws: StakingGenesis.Defect.supplyTooLarge) {
                try genesis(stakes, balances: balance(units))
            }
        }
    }

    @Test func parametersThatNoChainCanKeepAreRefused() {
        var parameters = StakingParameters.main
        #expect(parameters.defect == nil)
        parameters.brackets.removeLast()
        #expect(parameters.defect != nil)
        parameters = .main
        parameters.brackets[1] = .init(end: .etm(10_000), rate: 8_000)
        #expect(parameters.defect != nil)
        parameters.brackets[1] = .init(end: .etm(100_000), rate: 10_000)
        #expect(parameters.defect != nil)
        parameters = .main
        parameters.seats = 1_025
        #expect(parameters.defect != nil)
        parameters.seats = 1_024
        #expect(parameters.defect == nil)
        parameters.unbonding = .zero
        #expect(parameters.defect != nil)
    }
}
