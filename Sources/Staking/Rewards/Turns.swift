public import Ledger
public import Primitives
internal import Randomness

/// Whose turn it was: the leaders of a block's view and of the views that failed before it.
public enum Turns {
    /// A longer gap is a fault of the network and charges nobody (`mathematics.md` D-7).
    public static let longestChargedGap: UInt64 = 33

    /// The views between a parent and its child whose leaders are charged with a miss.
    public static func missed(parentView: View, view: View) -> Range<UInt64> {
        guard view > parentView, view.value - parentView.value <= longestChargedGap else { return 0..<0 }
        return parentView.value + 1..<view.value
    }

    /// The seat of a view's leader for a block of this height on a parent with this beacon.
    public static func seat(
        _ rule: LeaderRule, view: View, height: Height, beacon: Digest, members: Int
    ) -> Int {
        switch rule {
        case .roundRobin: LeaderRule.roundRobinSeat(height: height, view: view, members: members)
        case .chaos, .blockID: ChaoticIndex.index(id: beacon.bytes, slot: view.value, limit: members)
        }
    }
}
