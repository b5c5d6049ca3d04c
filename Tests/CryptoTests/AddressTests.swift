import Crypto
import Primitives
import Testing

@Suite struct AddressTests {
    private func text(of payload: [UInt8]) -> String {
        let checksum = SHA256.hash(SHA256.hash(payload).array).array.prefix(4)
        return "A" + Base58.encode(payload + checksum)
    }

    @Test func anAddressSurvivesARoundTrip() throws {
        let address = Address(of: KeyPair.generate().publicKey)
        #expect(Address(text: address.description) == address)
        #expect(text(of: address.array) == address.description)
        #expect(Address(text: Address.zero.description) == .zero)
    }

    @Test(arguments: [0, 1, 19, 21, 32])
    func aPayloadOfAnotherLengthIsRefused(count: Int) {
        #expect(Address(text: text(of: [UInt8](repeating: 5, count: count))) == nil)
        #expect(Address(text: text(of: [UInt8](repeating: 5, count: 20))) != nil)
    }

    @Test(arguments: [
        "", "A", "4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw", "B4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw",
        "a4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw", " A4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw",
        "A4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw ", "A4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfi",
        "A4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfi0",
    ])
    func textsThatAreNotAddressesAreRefused(text: String) { #expect(Address(text: text) == nil) }

    @Test func everyMistypedLetterIsRefused() {
        let right = Array("A4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw".utf8)
        let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
        #expect(Address(text: String(decoding: right, as: UTF8.self)) != nil)
        for index in 1..<right.count {
            for letter in alphabet where letter != right[index] {
                var wrong = right
                wrong[index] = letter
                #expect(Address(text: String(decoding: wrong, as: UTF8.self)) == nil)
            }
        }
    }
}
