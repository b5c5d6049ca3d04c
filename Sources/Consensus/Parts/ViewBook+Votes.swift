internal import Crypto
internal import Ledger
internal import Primitives

extension ViewBook {
    /// What became of a vote.
    enum Counted: Equatable {
        /// It is in the tally now; evidence tells that the voter contradicts itself.
        case counted(Evidence?)
        /// It had been counted before.
        case known
        /// The member has spoken too often in this view.
        case tooMany
        /// Its signature is not the voter's.
        case badSignature
    }

    /// Checks a vote's signature, unless it is our own or counted already, and counts it.
    mutating func count(_ vote: Vote, seat: Int, verifier: (any SignatureVerifier)?) -> Counted {
        let (chain, size) = (chain, members.count)
        return update(vote.ballot.view) { record in
            let earlier = record.votes(of: vote.voter, seat: seat)
            if earlier.contains(where: { $0.ballot == vote.ballot }) { return .known }
            let sameKind = earlier.filter { $0.ballot.kind == vote.ballot.kind }.count
            guard sameKind < ConsensusLimits.votesPerKind else { return .tooMany }
            let index = record.tally(of: vote.ballot) ?? record.tallies.count
            let digest =
                index < record.tallies.count ? record.tallies[index].digest : vote.ballot.digest(on: chain)
            if let verifier, !verifier.verify(vote.signature, of: digest, by: vote.voter) {
                return .badSignature
            }
            if index == record.tallies.count {
                record.tallies.append(BallotTally(vote.ballot, digest: digest, memberCount: size))
            }
            record.tallies[index].add(vote, seat: seat)
            let conflict = earlier.lazy.compactMap { Evidence($0, vote) }.first
            guard let conflict, record.accused.insert(seat) else { return .counted(nil) }
            return .counted(conflict)
        }
    }

    /// How many members cast a ballot.
    func support(_ ballot: Ballot) -> Int {
        guard let record = record(ballot.view), let index = record.tally(of: ballot) else { return 0 }
        return record.tallies[index].seats.count
    }

    func supports(_ ballot: Ballot, seat: Int) -> Bool {
        guard let record = record(ballot.view), let index = record.tally(of: ballot) else { return false }
        return record.tallies[index].seats.contains(seat)
    }

    /// The counted votes of a ballot as a certificate.
    func certificate(of ballot: Ballot) -> Certificate {
        guard let record = record(ballot.view), let index = record.tally(of: ballot) else {
            return Certificate(ballot, votes: [], members: members)
        }
        return Certificate(ballot, votes: record.tallies[index].votes, members: members)
    }

    /// The least number of votes that certify a ballot of this kind.
    func needed(_ kind: VoteKind) -> Int { kind == .notarize ? members.otherVotes + 1 : members.quorum }

    /// Checks a foreign certificate, verifying only signatures that have not been counted, as one batch.
    func votes(in certificate: Certificate, verifier: some SignatureVerifier) -> [Vote]? {
        let seats = certificate.seats
        guard certificate.bitmap.count == (members.count + 7) / 8,
            seats.count == certificate.signatures.count,
            seats.last ?? 0 < members.count, seats.count >= needed(certificate.ballot.kind)
        else { return nil }
        let record = record(certificate.ballot.view)
        let tally = record?.tally(of: certificate.ballot).flatMap { record?.tallies[$0] }
        let digest = tally?.digest ?? certificate.ballot.digest(on: chain)
        let votes = zip(seats, certificate.signatures).filter { tally?.seats.contains($0.0) != true }
            .map { Vote(ballot: certificate.ballot, voter: members.keys[$0], signature: $1) }
        let checks = votes.map { SignatureCheck($0.signature, of: digest, by: $0.voter) }
        return verifier.firstFailure(in: checks) == nil ? votes : nil
    }

    /// Counts votes whose signatures have been checked; a certificate may carry more than `votesPerKind` allows.
    mutating func countVerified(_ votes: [Vote]) -> [Evidence] {
        var found: [Evidence] = []
        let (chain, members) = (chain, members)
        for vote in votes {
            guard let seat = members.seat(of: vote.voter) else { continue }
            let evidence: Evidence? = update(vote.ballot.view) { record in
                let earlier = record.votes(of: vote.voter, seat: seat)
                let index = record.tally(of: vote.ballot) ?? record.tallies.count
                if index == record.tallies.count {
                    let digest = vote.ballot.digest(on: chain)
                    record.tallies.append(
                        BallotTally(vote.ballot, digest: digest, memberCount: members.count))
                }
                record.tallies[index].add(vote, seat: seat)
                let conflict = earlier.lazy.compactMap { Evidence($0, vote) }.first
                guard let conflict, record.accused.insert(seat) else { return nil }
                return conflict
            }
            if let evidence { found.append(evidence) }
        }
        return found
    }
}
