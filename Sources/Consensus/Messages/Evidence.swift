public import Crypto
public import Ledger
public import Primitives

/// Two signed messages of one member in one view that an honest member never signs both (`consensus.md` 4).
public struct Evidence: Sendable, Hashable, Canonical {
    /// The conflicting pair.
    public enum Pair: Sendable, Hashable {
        /// Two different blocks proposed in one view.
        case proposals(Proposal, Proposal)
        /// Two notarisations or two finalisations of different blocks, or a nullification with a finalisation.
        case votes(Vote, Vote)
    }

    /// What was done.
    public enum Offence: UInt8, Sendable, Hashable, CaseIterable {
        /// Two different blocks were proposed in one view.
        case doubleProposal = 1
        /// Two different blocks were notarised in one view.
        case doubleNotarize = 2
        /// A view was both nullified and finalised.
        case nullifyAndFinalize = 3
        /// Two different blocks were finalised in one view.
        case doubleFinalize = 4
    }

    /// Why evidence proves nothing.
    ///
    /// Blame: whoever sent it. Consequence: it is dropped.
    public enum Rejection: Error, Equatable, Sendable {
        /// The accused is not a member of the round.
        case notMember(PublicKey)
        /// A signature is not the accused's.
        case badSignature
    }

    /// The pair in canonical order.
    public let pair: Pair

    /// Pairs two proposals; nil unless they conflict.
    public init?(_ one: Proposal, _ other: Proposal) {
        guard one.leader == other.leader, one.round == other.round, one.view == other.view,
            one.block != other.block
        else { return nil }
        pair = one.block < other.block ? .proposals(one, other) : .proposals(other, one)
    }

    /// Pairs two votes; nil unless they conflict.
    public init?(_ one: Vote, _ other: Vote) {
        let (a, b) = Evidence.isBefore(one.ballot, other.ballot) ? (one, other) : (other, one)
        guard a.voter == b.voter, a.ballot.round == b.ballot.round, a.ballot.view == b.ballot.view,
            Evidence.offence(a.ballot, b.ballot) != nil
        else { return nil }
        pair = .votes(a, b)
    }

    /// What the pair proves.
    public var offence: Offence {
        switch pair {
        case .proposals: .doubleProposal
        case .votes(let a, let b): Evidence.offence(a.ballot, b.ballot) ?? .nullifyAndFinalize
        }
    }

    /// Who signed both.
    public var accused: PublicKey {
        switch pair {
        case .proposals(let a, _): a.leader
        case .votes(let a, _): a.voter
        }
    }

    /// The round of the offence, whose members are needed to verify it.
    public var round: Round {
        switch pair {
        case .proposals(let a, _): a.round
        case .votes(let a, _): a.ballot.round
        }
    }

    /// The view of the offence.
    public var view: View {
        switch pair {
        case .proposals(let a, _): a.view
        case .votes(let a, _): a.ballot.view
        }
    }

    /// Checks that the accused was a member of `round` and signed both messages.
    public func verify(
        members: MemberSet, chain: ChainID, verifier: some SignatureVerifier
    ) throws(Rejection) {
        guard members.seat(of: accused) != nil else { throw .notMember(accused) }
        let areSigned =
            switch pair {
            case .proposals(let a, let b):
                a.isSigned(on: chain, verifier: verifier) && b.isSigned(on: chain, verifier: verifier)
            case .votes(let a, let b):
                a.isSigned(on: chain, verifier: verifier) && b.isSigned(on: chain, verifier: verifier)
            }
        guard areSigned else { throw .badSignature }
    }

    private static func isBefore(_ a: Ballot, _ b: Ballot) -> Bool {
        a.kind == b.kind ? a.block < b.block : a.kind.rawValue < b.kind.rawValue
    }

    private static func offence(_ a: Ballot, _ b: Ballot) -> Offence? {
        switch (a.kind, b.kind) {
        case (.notarize, .notarize): a.block == b.block ? nil : .doubleNotarize
        case (.finalize, .finalize): a.block == b.block ? nil : .doubleFinalize
        case (.nullify, .finalize): .nullifyAndFinalize
        default: nil
        }
    }

    /// Writes a tag and the pair.
    public func encode(to writer: inout ByteWriter) {
        switch pair {
        case .proposals(let a, let b):
            writer.write(UInt8(1))
            writer.write(a)
            writer.write(b)
        case .votes(let a, let b):
            writer.write(UInt8(2))
            writer.write(a)
            writer.write(b)
        }
    }

    /// Reads a pair, which must conflict and be in canonical order.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let read: (Pair, Evidence?)
        switch try reader.readInteger(UInt8.self) {
        case 1:
            let (a, b): (Proposal, Proposal) = (try reader.read(), try reader.read())
            read = (.proposals(a, b), Evidence(a, b))
        case 2:
            let (a, b): (Vote, Vote) = (try reader.read(), try reader.read())
            read = (.votes(a, b), Evidence(a, b))
        case let tag: throw .unknownTag(offset: start, got: Int(tag))
        }
        guard let evidence = read.1, evidence.pair == read.0 else { throw .notCanonical(offset: start) }
        self = evidence
    }
}
