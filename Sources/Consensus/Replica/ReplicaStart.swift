public import Crypto
public import Ledger
public import Primitives

/// What a replica is, for as long as it runs.
public struct ReplicaConfiguration: Sendable {
    /// The chain.
    public var chain: ChainID
    /// The chain's agreed numbers.
    public var parameters: ConsensusParameters
    /// The member key, or nil for a replica that only follows.
    public var signer: (any Signer)?
    /// Checks every foreign signature.
    public var verifier: any SignatureVerifier
    /// Seeds the choice of peers and the jitter of repetitions; differs between replicas.
    public var jitterSeed: UInt64
    /// How far a new block's timestamp may lie behind this node's clock when it votes; nil for any distance.
    ///
    /// It is a condition of this member's vote and none of validity: what is notarised stays notarised.
    public var oldestVoted: Instant.Span?
    /// Rules that a test switches off to prove that its checks can fail; empty everywhere else.
    package var mutations: Mutations = []

    /// Joins the parts.
    public init(
        chain: ChainID, parameters: ConsensusParameters, signer: (any Signer)?,
        verifier: any SignatureVerifier, jitterSeed: UInt64
    ) {
        self.chain = chain
        self.parameters = parameters
        self.signer = signer
        self.verifier = verifier
        self.jitterSeed = jitterSeed
    }
}

/// Deliberate violations of the protocol, each of which a simulation must catch as a fork.
package struct Mutations: OptionSet, Sendable {
    /// One bit a rule.
    package let rawValue: UInt8
    /// Wraps the bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A member signs nullify and finalize in one view.
    package static let nullifyAndFinalize = Mutations(rawValue: 1)
    /// A block may skip views that are not nullified.
    package static let noGapRule = Mutations(rawValue: 2)
    /// The next round opens when the last block is notarised.
    package static let openEarly = Mutations(rawValue: 4)
}

/// A final block as its children need it.
public struct FinalPoint: Sendable, Hashable {
    /// Its height.
    public var height: Height
    /// Its id.
    public var block: BlockID
    /// The beacon after it.
    public var beacon: Digest
    /// Its timestamp.
    public var timestamp: Instant

    /// Joins the parts.
    public init(height: Height, block: BlockID, beacon: Digest, timestamp: Instant) {
        self.height = height
        self.block = block
        self.beacon = beacon
        self.timestamp = timestamp
    }

    /// The point at a final block.
    public init(_ block: Block) {
        self.init(
            height: block.header.height, block: block.id, beacon: block.header.beacon,
            timestamp: block.header.timestamp)
    }
}

/// What was durable when a replica starts: at genesis, after a stop or after a crash.
public struct ReplicaStart: Sendable {
    /// The last final block.
    public var finalPoint: FinalPoint
    /// The final last block of the round before the open one, or genesis.
    public var roundRoot: FinalPoint
    /// The open round: the one of the height above the last final block.
    public var round: Round
    /// The open round's members.
    public var members: MemberSet
    /// Final blocks of the open round, oldest first.
    public var finalBlocksOfRound: [Block] = []
    /// Stored blocks above the last final one, in any order.
    public var unfinalBlocks: [Block] = []
    /// Entries of the open round and above, oldest first.
    public var journal: [JournalEntry] = []

    /// Joins the parts that are there from genesis on.
    public init(finalPoint: FinalPoint, roundRoot: FinalPoint, round: Round, members: MemberSet) {
        self.finalPoint = finalPoint
        self.roundRoot = roundRoot
        self.round = round
        self.members = members
    }
}
