internal import Crypto
public import Ledger
public import Primitives

/// The proof that a draw's header is final: the certificate of its block, and the members who signed it.
///
/// What it leaves open is who the round's members were; that follows from genesis on a chain of fixed members, and
/// from the final state at the end of the round before where members are elected.
public struct DrawFinality: Sendable, Equatable {
    /// A quorum's signatures for the block.
    public let certificate: Certificate
    /// The members of the header's round.
    public let members: MemberSet

    private static let tag = HashTag("ETM/member-set/1")

    /// Joins the parts without proving anything yet.
    public init(certificate: Certificate, members: MemberSet) {
        self.certificate = certificate
        self.members = members
    }

    /// The tagged hash of the members' keys: how people compare two lists of members.
    public static func fingerprint(of members: MemberSet) -> Digest { tag.hash(members) }

    /// Checks that a quorum of the members made the header's block final.
    func verify(_ header: BlockHeader, _ trust: DrawTrust) throws(DrawFileRejection) {
        if let known = trust.members {
            try DrawFileRejection.compare(
                "finality.members", Self.fingerprint(of: members).hex, known.hex)
        }
        let ballot = certificate.ballot
        guard ballot.kind == .finalize, ballot.round == header.round else {
            throw DrawFileRejection(
                "finality.certificate", .malformed(expected: "a finalisation in round \(header.round)"))
        }
        try DrawFileRejection.compare("finality.certificate", ballot.block.hex, header.id.hex)
        guard members.seat(of: header.leader) != nil else {
            throw DrawFileRejection(
                "finality.members", .malformed(expected: "a list with the header's leader"))
        }
        do {
            try certificate.verify(
                members: members, leader: nil, chain: header.chain, verifier: Ed25519Verifier())
        } catch {
            throw DrawFileRejection(
                "finality.certificate", .malformed(expected: "a quorum's signatures: \(error)"))
        }
    }
}
