import Assets
import Crypto
import Ledger
import Primitives
import Testing

@Suite struct StorageTests {
    @Test(arguments: [(1, 1), (199, 1), (200, 2), (399, 2), (400, 3), (4_095, 21), (4_096, 21)])
    func theFeeIsTheHistoricalOne(bytes: Int, baseFees: UInt64) throws {
        let market = try Market()
        let payload = StoragePayload(content: [UInt8](repeating: 1, count: bytes)).encoded
        #expect(try market.fee(.storage, payload) == Amount(units: baseFees * 10_000_000))
    }

    @Test func aContentHasOneTo4096Bytes() throws {
        var market = try Market()
        let largest = [UInt8](repeating: 9, count: StoragePayload.largest)
        #expect(try market.act(.storage, StoragePayload(content: largest)) == nil)
        #expect(try market.refusal(.storage, StoragePayload(content: largest + [9])) != nil)
        #expect(try market.refusal(.storage, StoragePayload(content: [])) != nil)
        #expect(try market.refusal(.storage, StoragePayload(content: [0])) == nil)
    }

    @Test func theStateKeepsTheHashAndNotTheBytes() throws {
        var market = try Market()
        let content = Array("En-Tan-Mo".utf8) + [UInt8](repeating: 0xff, count: 1_000)
        let order = try market.order(.storage, StoragePayload(content: content), from: 3)
        #expect(try market.run([order])[0].error == nil)
        let record = try #require(market.state.read(StoredRecord.self, StoredRecord.key(order.id)))
        #expect(record.hash == SHA256.hash(content) && record.size == 1_009)
        #expect(record.owner == address(3) && record.height == Height(1) && record.encoded.count == 64)
        #expect(record.isRecord(of: content) && !record.isRecord(of: content + [0]))
        #expect(!record.isRecord(of: Array(content.dropLast()) + [0]))
    }
}
