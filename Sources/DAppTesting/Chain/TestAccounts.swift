internal import Crypto
internal import Primitives

/// The accounts that tests act as; nobody needs their keys, because a test's calls are not signed.
enum TestAccounts {
    /// The names of a devnet's first accounts.
    static let names = [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy",
    ]

    private static let tag = HashTag("ETM/test-account/1")

    /// The address text of a name.
    static func address(of name: String) -> String {
        (Address(bytes: Array(tag.hash(Array(name.utf8)).array.prefix(20))) ?? .zero).description
    }
}
