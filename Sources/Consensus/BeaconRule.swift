public import Ledger
public import Primitives
internal import Randomness

/// How a block's beacon follows from its parent's (`mathematics.md` 5.5).
///
/// The main chain mixes in the leader's onion reveal, which nobody can choose. A side chain's members
/// have no onions: its blocks mix in the id of their main-chain anchor.
public enum BeaconRule {
    /// The beacon that a header must carry on a parent with this beacon.
    ///
    /// Under `blockID` it is the parent's id: a block's own id is not known before its state root is, so the
    /// leader at height h follows from block h - 2 and the tower's values are those of the parents.
    public static func beacon(after parent: Digest, in header: BlockHeader, rule: LeaderRule) -> Digest {
        guard rule != .blockID else { return Digest(header.parent.bytes) }
        let fresh = header.reveal == .zero ? header.anchor.block.bytes : header.reveal.bytes
        return Digest(Beacon.next(previous: parent.bytes, reveal: fresh, slot: header.view.value))
    }
}
