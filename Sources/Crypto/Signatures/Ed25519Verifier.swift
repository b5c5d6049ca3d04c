internal import Curve25519
public import Primitives

/// The real verifier: an immutable value for any thread.
public struct Ed25519Verifier: SignatureVerifier {
    private let tables: KeyTables

    /// Knows no key beforehand.
    public init() { tables = .none }

    private init(_ tables: KeyTables) { self.tables = tables }

    /// Checks one signature.
    public func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
        Ed25519Batch.isValid(
            Ed25519Batch.claim(SignatureCheck(signature, of: digest, by: key)), knowing: tables)
    }

    /// Checks in batches of at most 128.
    public func failures(in checks: [SignatureCheck], most: Int) -> [Int] {
        var batch = SignatureBatch()
        return Ed25519Batch.failures(in: checks, most: most) { sum in
            batch.removeAll()
            for (claim, factor) in zip(sum.claims, sum.factors) {
                batch.append(claim, factor: factor, knowing: tables)
            }
            return batch.invalid(most: sum.most, knowing: tables)
        }
    }

    /// Prepares tables of 1.9 KiB for each key, at about a third of the cost of a check; it forgets others.
    public func knowing(_ keys: [PublicKey]) -> Ed25519Verifier {
        Ed25519Verifier(KeyTables(of: keys.map { Encoded($0.bytes) }))
    }
}

/// A verifier that learns the keys it meets again, such as those of busy senders; it belongs to one thread.
///
/// Bound: `capacity` keys of 1.9 KiB. A key is learnt the second time it is met, and when the cache is full,
/// one that was not used lately gives way, in an order that follows from the history alone.
public final class KeyCache: BatchVerifier {
    private var tables: KeyTables
    private var batch = SignatureBatch()

    /// The capacity that fits a chain: 4096 keys, 8 MiB when full.
    public static let usualCapacity = 4_096

    /// Knows no key at first; `capacity` is 1 to 65,536 keys.
    public init(capacity: Int = KeyCache.usualCapacity) { tables = KeyTables(capacity: capacity) }

    /// How many keys are known now.
    public var count: Int { tables.count }

    /// True when the key has a table.
    public func knows(_ key: PublicKey) -> Bool { tables.knows(Encoded(key.bytes)) }

    /// Checks in batches of at most 128, and learns keys.
    public func failures(in checks: [SignatureCheck], most: Int) -> [Int] {
        Ed25519Batch.failures(in: checks, most: most) { sum in
            batch.removeAll()
            for (claim, factor) in zip(sum.claims, sum.factors) {
                batch.append(claim, factor: factor, learning: &tables)
            }
            return batch.invalid(most: sum.most, learning: &tables)
        }
    }
}
