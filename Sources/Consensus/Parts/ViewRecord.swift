internal import Ledger
internal import Primitives

/// The votes of one ballot.
struct BallotTally: Sendable {
    let ballot: Ballot
    /// What the voters sign, hashed once.
    let digest: Digest
    private(set) var votes: [Vote] = []
    private(set) var seats: SeatSet

    init(_ ballot: Ballot, digest: Digest, memberCount: Int) {
        self.ballot = ballot
        self.digest = digest
        seats = SeatSet(seats: memberCount)
    }

    mutating func add(_ vote: Vote, seat: Int) {
        if seats.insert(seat) { votes.append(vote) }
    }

    func vote(of voter: PublicKey) -> Vote? { votes.first { $0.voter == voter } }
}

/// A block that a certificate of its view supports.
struct Notarization: Sendable {
    let block: BlockID
    /// The notarisation, or the finalisation that implies it.
    let certificate: Certificate
}

/// Everything that is known about one view.
struct ViewRecord: Sendable {
    let view: View
    var tallies: [BallotTally] = []
    /// Signed candidates in order of arrival.
    var proposals: [Proposal] = []
    /// Candidates that turned out bad.
    var refused: [BlockID] = []
    var notarizations: [Notarization] = []
    var isNullified = false
    /// What shows the nullification; nil in views that are far behind.
    var nullification: Certificate?
    /// Seats whose offence in this view has been reported.
    var accused: SeatSet

    init(view: View, memberCount: Int) {
        self.view = view
        accused = SeatSet(seats: memberCount)
    }

    var isCertified: Bool { isNullified || !notarizations.isEmpty }

    /// True when someone has said something about the view.
    var isAlive: Bool { !tallies.isEmpty || !proposals.isEmpty }

    /// Candidates that may still get our vote.
    var candidates: [Proposal] { proposals.filter { !refused.contains($0.block) } }

    func tally(of ballot: Ballot) -> Int? { tallies.firstIndex { $0.ballot == ballot } }

    /// Earlier votes by the same member, of every kind.
    func votes(of voter: PublicKey, seat: Int) -> [Vote] {
        tallies.compactMap { $0.seats.contains(seat) ? $0.vote(of: voter) : nil }
    }
}
