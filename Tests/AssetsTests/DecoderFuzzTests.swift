import Assets
import Foundation
import Ledger
import Primitives
import TestKit
import Testing

/// Every type that meets a stranger's bytes or lies in the state, with samples to start from.
private func targets() throws -> [FuzzTarget] {
    var market = try Market()
    let stored = try market.order(.storage, StoragePayload(content: [1]))
    let due = market.time.advanced(by: .seconds(9_000))
    let delayed = DelayedTransferPayload(recipient: address(2), amount: .etm(1), due: due, message: "é")
    try market.run([stored, try market.order(.delayedTransfer, delayed)])
    let rights = AssetRights(writeOff: true, blacklist: true)
    _ = try market.act(.registerIssuer, RegisterIssuerPayload(name: "Bank", description: "d"))
    let asset = CreateAssetPayload(
        currency: Market.gold, description: "d", maximum: AssetAmount.most, precision: 16, rights: rights)
    _ = try market.act(.createAsset, asset)
    let waiting = try #require(DelayedQuery(market.state).pending(after: nil, limit: 1).found.first)
    let state = market.state
    return [
        FuzzTarget([RegisterIssuerPayload(name: "Bank", description: "é")]), FuzzTarget([asset]),
        FuzzTarget([SetAssetFlagPayload(writingOff: Market.gold)]),
        FuzzTarget([
            ChangeAccessListPayload(
                currency: Market.gold, change: .add, list: .whitelist, accounts: [address(1), address(2)])
        ]),
        FuzzTarget([IssueAssetPayload(currency: Market.gold, amount: .max)]),
        FuzzTarget([
            TransferAssetPayload(recipient: address(2), currency: Market.gold, amount: units(1), message: "é")
        ]),
        FuzzTarget([StoragePayload(content: [1, 2, 3])]), FuzzTarget([delayed]),
        FuzzTarget([try #require(AssetBook.issuer(named: "Bank", in: state))]),
        FuzzTarget([try #require(state.read(IssuerName.self, IssuerRecord.ownerKey(address(1))))]),
        FuzzTarget([try #require(AssetBook.asset(Market.gold, in: state))]), FuzzTarget([waiting.record]),
        FuzzTarget([try #require(state.read(StoredRecord.self, StoredRecord.key(stored.id)))]),
        FuzzTarget([rights]), FuzzTarget(AccessList.allCases), FuzzTarget(AccessChange.allCases),
        FuzzTarget([UInt256.zero, .max]),
    ]
}

@Suite struct DecoderFuzzTests {
    @Test(arguments: try targets())
    func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: FuzzTarget) {
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 43)
        #expect(
            plan.failures(of: target) == [], "\(plan.reproduction(filter: "AssetsTests.DecoderFuzzTests"))")
    }
}
