/// What a Byzantine member does; a plan without a role has liars that do everything.
public enum LiarRole: UInt8, CaseIterable, Sendable {
    /// Signs two blocks for one view and shows each to some.
    case equivocate
    /// Votes for rivals, for what it never saw, and both ways.
    case voteTwice
    /// Tells some members and not others.
    case withhold
    /// Leads in silence.
    case freeze
    /// Leaves everybody's transactions out.
    case censor
    /// Signs blocks whose roots are wrong.
    case forge
    /// Sends old messages again.
    case replay
    /// Sends noise, cut messages, and more than anybody may.
    case garble
    /// Signs in others' names.
    case impersonate
    /// Lies about its state and sends empty proofs.
    case mislead

    /// A role for one lie of a liar that does everything.
    static func drawn(_ percent: UInt64) -> LiarRole {
        switch percent {
        case 0..<45: .voteTwice
        case 45..<65: .equivocate
        case 65..<75: .replay
        case 75..<82: .garble
        case 82..<88: .impersonate
        case 88..<97: .mislead
        default: .forge
        }
    }
}
