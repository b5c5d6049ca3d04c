public import Crypto
public import Primitives

/// A quorum of signatures for one ballot: (ballot, bitmap of seats, signatures in seat order).
public struct Certificate: Sendable, Hashable, Canonical {
    /// What the signers agree on.
    public let ballot: Ballot
    /// One bit a seat, seat 0 in the top bit of the first byte; unused bits are zero.
    public let bitmap: [UInt8]
    /// One signature for each set bit, in seat order.
    public let signatures: [Signature]

    /// Why a certificate proves nothing.
    ///
    /// Blame: whoever sent it. Consequence: penalty.
    public enum Rejection: Error, Equatable, Sendable {
        /// The bitmap does not fit the number of seats.
        case wrongSeats(expected: Int, got: Int)
        /// Too few distinct signers.
        case belowQuorum(needed: Int, got: Int)
        /// The leader's own signature is missing from a notarisation.
        case leaderMissing
        /// The signature at this seat is not the member's.
        case badSignature(seat: Int)
    }

    /// Joins the parts as decoded.
    public init(ballot: Ballot, bitmap: [UInt8], signatures: [Signature]) {
        self.ballot = ballot
        self.bitmap = bitmap
        self.signatures = signatures
    }

    /// Gathers votes of one ballot; votes of strangers, of other ballots and repetitions are left out.
    public init(_ ballot: Ballot, votes: [Vote], members: MemberSet) {
        var bySeat = [Signature?](repeating: nil, count: members.count)
        for vote in votes where vote.ballot == ballot {
            if let seat = members.seat(of: vote.voter) { bySeat[seat] = vote.signature }
        }
        var bitmap = [UInt8](repeating: 0, count: (members.count + 7) / 8)
        for seat in bySeat.indices where bySeat[seat] != nil { bitmap[seat / 8] |= 0x80 >> UInt8(seat % 8) }
        self.init(ballot: ballot, bitmap: bitmap, signatures: bySeat.compactMap { $0 })
    }

    /// The seats that signed, ascending.
    public var seats: [Int] {
        (0..<bitmap.count * 8).filter { bitmap[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
    }

    /// Checks count, distinctness and the signatures as one batch; a notarisation also needs its view's leader among the signers.
    public func verify(
        members: MemberSet, leader: PublicKey?, chain: ChainID, verifier: some BatchVerifier
    ) throws(Rejection) {
        let seats = seats
        guard bitmap.count == (members.count + 7) / 8, seats.last ?? 0 < members.count,
            seats.count == signatures.count
        else { throw .wrongSeats(expected: members.count, got: seats.last.map { $0 + 1 } ?? 0) }
        let needed = ballot.kind == .notarize ? members.otherVotes + 1 : members.quorum
        guard seats.count >= needed else { throw .belowQuorum(needed: needed, got: seats.count) }
        if ballot.kind == .notarize, let leader {
            guard let seat = members.seat(of: leader), seats.contains(seat) else { throw .leaderMissing }
        }
        let digest = ballot.digest(on: chain)
        let checks = zip(seats, signatures).map { SignatureCheck($1, of: digest, by: members.keys[$0]) }
        if let first = verifier.firstFailure(in: checks) { throw .badSignature(seat: seats[first]) }
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(ballot)
        writer.write(bytes: bitmap)
        writer.write(list: signatures)
    }

    /// Reads the parts; there must be one signature for each set bit.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        ballot = try reader.read()
        bitmap = try reader.readByteString(most: MemberSet.most / 8)
        signatures = try reader.readList(most: MemberSet.most)
        let set = bitmap.reduce(0) { $0 + $1.nonzeroBitCount }
        guard set == signatures.count else { throw .notCanonical(offset: start) }
    }
}
