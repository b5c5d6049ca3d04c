public import Primitives

/// What a chain does at the end of every block, after its transactions and within the same changes.
///
/// Its writes are part of the block's state root. It must be a function of the context and the state alone.
public protocol BlockFinisher: Sendable {
    /// Finishes a block; throwing makes the whole block invalid.
    func finish(_ block: BlockContext, state: inout StateOverlay) throws(ExecutionError)
}

extension BlockContext {
    /// Where a block stands among the views of its round.
    public struct Turn: Sendable, Hashable {
        /// The round.
        public let round: Round
        /// The view in which the block was first proposed.
        public let view: View
        /// The view in which its parent was notarised; zero for the round's root.
        public let parentView: View
        /// The block it extends.
        public let parent: BlockID
        /// The beacon after the parent, which chose the leader.
        public let parentBeacon: Digest
        /// The beacon after the block.
        public let beacon: Digest

        /// Joins the parts.
        public init(
            round: Round, views: (parent: View, own: View), parent: BlockID,
            beacons: (parent: Digest, own: Digest)
        ) {
            self.round = round
            view = views.own
            parentView = views.parent
            self.parent = parent
            parentBeacon = beacons.parent
            beacon = beacons.own
        }

        /// The turn of a trial on top of a block: what matters to transactions is the block below.
        public static func trial(on parent: BlockID) -> Turn {
            Turn(round: .zero, views: (.zero, .zero), parent: parent, beacons: (.zero, .zero))
        }

        /// The turn that a header names, given its parent's beacon.
        public init(of header: BlockHeader, parentBeacon: Digest) {
            self.init(
                round: header.round, views: (header.parentView, header.view), parent: header.parent,
                beacons: (parentBeacon, header.beacon))
        }
    }
}
