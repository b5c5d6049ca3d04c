internal import Ledger
internal import Primitives
internal import Randomness

/// Who leads a view of one round.
struct LeaderSchedule: Sendable {
    let rule: LeaderRule
    let members: MemberSet
    private var last: (beacon: Digest, view: View, leader: PublicKey)?

    init(rule: LeaderRule, members: MemberSet) {
        self.rule = rule
        self.members = members
    }

    /// The leader of a view for a block of this height on a parent with this beacon.
    ///
    /// The last answer is kept, because a view asks again at every vote and an index costs microseconds.
    mutating func leader(of view: View, height: Height, beacon: Digest) -> PublicKey {
        switch rule {
        case .roundRobin:
            return members.keys[LeaderRule.roundRobinSeat(height: height, view: view, members: members.count)]
        case .chaos, .blockID:
            if let last, last.view == view, last.beacon == beacon { return last.leader }
            let index = ChaoticIndex.index(id: beacon.bytes, slot: view.value, limit: members.count)
            last = (beacon, view, members.keys[index])
            return members.keys[index]
        }
    }
}
