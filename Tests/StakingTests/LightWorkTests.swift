import Foundation
import Ledger
import Primitives
import Testing

@Suite struct LightWorkTests {
    @Test func theNonceOfTheVectorIsTheFirstThatWorks() throws {
        let file = try Fixture.object("block")
        let bytes = try #require(Hex.decode(try file.text("unsignedHex")))
        let work = try #require(file["lightPow"] as? [String: Any])
        let bits = UInt8(try work.number("bits"))
        let nonce = try work.number("nonce")
        #expect(LightWork.search(bytes, bits: bits, nonces: 0..<20_000) == nonce)
        #expect(LightWork.digest(of: bytes, nonce: nonce).hex == (try work.text("hash")))
        #expect(LightWork.verify(bytes, nonce: nonce, bits: bits))
        #expect(LightWork.verify(bytes, nonce: nonce, bits: 17))
        #expect(!LightWork.verify(bytes, nonce: nonce, bits: 18))
        #expect(!LightWork.verify(bytes, nonce: nonce + 1, bits: bits))
        #expect(LightWork.search(bytes, bits: bits, nonces: 0..<nonce) == nil)
    }

    @Test func aHeaderProvesItsWorkUnderItsSignature() throws {
        var header = BlockHeader(chain: .zero, height: Height(1), round: Round(1), view: View(1))
        #expect(header.hasWork(bits: 0))
        let nonce = try #require(LightWork.search(header.workBytes, bits: 10, nonces: 1..<100_000))
        let before = header.signingDigest
        header.powNonce = nonce
        #expect(header.hasWork(bits: 10))
        #expect(!header.hasWork(bits: 40))
        #expect(header.signingDigest != before)
        header.view = View(2)
        #expect(!header.hasWork(bits: 10))
    }
}
