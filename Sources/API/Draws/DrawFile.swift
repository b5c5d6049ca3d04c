internal import Crypto
public import Ledger
public import Primitives
public import Randomness

/// A draw with everything that proves it: whoever trusts one final header can check it offline.
///
/// The header's beacon is a hash of the beacon before it, and so on through the round, so that the header alone
/// proves the values that the tower stands on (`mathematics.md` 5.5 and 6).
public struct DrawFile: Sendable, Equatable {
    /// A block of the round: its beacon, and what made it from the beacon before.
    public struct Link: Sendable, Equatable {
        /// The beacon after the block.
        public let beacon: Bytes32
        /// What the block mixed in, its reveal or a side chain's anchor; nil for the round's first block.
        public let fresh: Bytes32?
        /// The view that it mixed in; nil for the round's first block.
        public let view: UInt64?
    }

    /// The chain.
    public let chain: ChainID
    /// The round whose beacon decided.
    public let round: Round
    /// Heights of a round; a parameter of the chain.
    public let roundLength: UInt64
    /// The round's last block.
    public let header: BlockHeader
    /// The round's blocks, oldest first.
    public let links: [Link]
    /// The tower's profile; a parameter of the chain.
    public let profile: TowerProfile
    /// The tower.
    public let tower: TimeTower
    /// The round's beacon: the tower's output as stated.
    public let output: Bytes32
    /// What was drawn.
    public let request: DrawRequest
    /// The request's hash as stated: what was published before the round.
    public let commitment: Bytes32
    /// The numbers as stated.
    public let result: [UInt64]
    /// The proof that the header is final; a file without it is checked against a block that somebody trusts.
    public var finality: DrawFinality?

    /// The first line of every file.
    public static let format = "etm-draw/1"
    /// The most blocks of a round that a file may have.
    public static let longestRound = 4_096

    /// True where each beacon follows from the one before; not so on chains whose leaders follow block ids.
    public static func areLinked(_ headers: [BlockHeader]) -> Bool {
        zip(headers, headers.dropFirst()).allSatisfy { before, header in
            let next = Beacon.next(
                previous: before.beacon.bytes, reveal: header.freshValue, slot: header.view.value)
            return next == header.beacon.bytes
        }
    }

    /// Draws from the headers of a whole round, oldest first; nil when they are not one, or not linked.
    ///
    /// It builds the tower on the calling thread. Only named profiles have files.
    public init?(round headers: [BlockHeader], profile: TowerProfile, request: DrawRequest) {
        guard let last = headers.last, headers.count <= Self.longestRound, profile.name != nil,
            last.height.value == last.round.value &* UInt64(headers.count), Self.areLinked(headers),
            let input = TowerInput(values: headers.map(\.beacon.bytes), height: last.height)
        else { return nil }
        chain = last.chain
        round = last.round
        roundLength = UInt64(headers.count)
        header = last
        links = headers.enumerated().map { place, header in
            Link(
                beacon: header.beacon.bytes, fresh: place == 0 ? nil : header.freshValue,
                view: place == 0 ? nil : header.view.value)
        }
        self.profile = profile
        tower = TimeTower(over: input, profile: profile)
        output = tower.output
        self.request = request
        commitment = request.commitment
        result = request.values(beacon: output)
    }

    init(
        chain: ChainID, round: Round, roundLength: UInt64, header: BlockHeader, links: [Link],
        tower: (profile: TowerProfile, tower: TimeTower, output: Bytes32),
        draw: (request: DrawRequest, commitment: Bytes32, result: [UInt64])
    ) {
        self.chain = chain
        self.round = round
        self.roundLength = roundLength
        self.header = header
        self.links = links
        (profile, self.tower, output) = tower
        (request, commitment, result) = draw
    }
}

/// What a checker knows from elsewhere: the block, or the members who made it final.
///
/// What is nil is taken from the file and should be compared by hand.
public struct DrawTrust: Sendable {
    /// The final block whose header the file must have.
    public var block: BlockID?
    /// The chain.
    public var chain: ChainID?
    /// The chain's round length.
    public var roundLength: UInt64?
    /// The chain's tower profile.
    public var profile: TowerProfile?
    /// The fingerprint of the round's members (`DrawFinality.fingerprint`).
    public var members: Digest?

    /// Knows nothing yet.
    public init() {}
}

extension DrawFile {
    /// Checks everything.
    public func verify(_ trust: DrawTrust) throws(DrawFileRejection) {
        for segment in try segments(trust) { try Self.verify(segment) }
    }

    /// Checks everything but the hashes of the tower, whose pieces the caller may spread over threads.
    public func segments(_ trust: DrawTrust) throws(DrawFileRejection) -> [TowerSegment] {
        try checkHeader(trust)
        if trust.members != nil, finality == nil { throw DrawFileRejection("finality", .missing) }
        try finality?.verify(header, trust)
        try checkLinks()
        try DrawFileRejection.compare("request", Digest(commitment).hex, Digest(request.commitment).hex)
        try checkResult()
        guard let input = TowerInput(values: links.map(\.beacon), height: header.height) else {
            throw DrawFileRejection("blocks", .malformed(expected: "1 to \(Self.longestRound) blocks"))
        }
        do {
            return try tower.segments(over: input, profile: profile)
        } catch {
            throw DrawFileRejection(
                "tower.checkpoints", .malformed(expected: "\(profile.segmentCount) checkpoints"))
        }
    }

    /// Checks one piece of the tower.
    public static func verify(_ segment: TowerSegment) throws(DrawFileRejection) {
        do {
            try segment.verify()
        } catch {
            guard case .brokenSegment(let index, let expected, let got) = error else { return }
            throw DrawFileRejection(
                "tower.checkpoints[\(index)]",
                .differs(expected: Digest(expected).hex, got: Digest(got).hex))
        }
    }

    private func checkHeader(_ trust: DrawTrust) throws(DrawFileRejection) {
        if let block = trust.block { try DrawFileRejection.compare("header", header.id.hex, block.hex) }
        guard Ed25519.verify(header.signature, of: header.signingDigest, by: header.leader) else {
            throw DrawFileRejection("header", .badSignature)
        }
        try DrawFileRejection.compare("chain", chain.hex, header.chain.hex)
        if let chain = trust.chain { try DrawFileRejection.compare("chain", self.chain.hex, chain.hex) }
        try DrawFileRejection.compare("round", round.description, header.round.description)
        if let length = trust.roundLength {
            try DrawFileRejection.compare("roundLength", "\(roundLength)", "\(length)")
        }
        try DrawFileRejection.compare("roundLength", "\(roundLength)", "\(links.count)")
        // Only the last block of a round closes its beacon.
        let (last, overflow) = round.value.multipliedReportingOverflow(by: roundLength)
        try DrawFileRejection.compare(
            "roundLength", overflow ? "too large" : "\(last)", header.height.description)
        if let profile = trust.profile {
            try DrawFileRejection.compare("tower.profile", self.profile.name ?? "", profile.name ?? "")
        }
    }

    // From the header back to the round's first block.
    private func checkLinks() throws(DrawFileRejection) {
        for place in links.indices.reversed() {
            let link = links[place]
            if place == links.count - 1 {
                try DrawFileRejection.compare(
                    "blocks[\(place)].beacon", Digest(link.beacon).hex, header.beacon.hex)
            }
            guard place > 0 else { return }
            guard let fresh = link.fresh, let view = link.view else {
                throw DrawFileRejection("blocks[\(place)]", .missing)
            }
            let next = Beacon.next(previous: links[place - 1].beacon, reveal: fresh, slot: view)
            try DrawFileRejection.compare("blocks[\(place)]", Digest(next).hex, Digest(link.beacon).hex)
        }
    }

    private func checkResult() throws(DrawFileRejection) {
        try DrawFileRejection.compare("tower.output", Digest(output).hex, Digest(tower.output).hex)
        let values = request.values(beacon: output)
        guard values.count == result.count else {
            throw DrawFileRejection(
                "result", .differs(expected: "\(values.count) numbers", got: "\(result.count)"))
        }
        for place in values.indices {
            try DrawFileRejection.compare("result[\(place)]", "\(result[place])", "\(values[place])")
        }
    }
}

extension BlockHeader {
    /// What the block mixed into the beacon: its reveal, or the anchor where members have no onions.
    fileprivate var freshValue: Bytes32 { reveal == .zero ? anchor.block.bytes : reveal.bytes }
}

/// Why a draw file was refused, and by which field.
///
/// Blame: whoever made or altered the file. Consequence: the draw proves nothing.
public struct DrawFileRejection: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with the field.
    public enum Fault: Equatable, Sendable {
        /// It is not there.
        case missing
        /// No file has such a field.
        case unknown
        /// It is not of the form that is expected.
        case malformed(expected: String)
        /// The file's other parts, or what the checker knows, lead to another value.
        case differs(expected: String, got: String)
        /// The leader's signature does not fit the header.
        case badSignature
    }

    /// The field, as `tower.checkpoints[3]`.
    public let field: String
    /// What is wrong with it.
    public let fault: Fault

    init(_ field: String, _ fault: Fault) {
        self.field = field
        self.fault = fault
    }

    static func compare(_ field: String, _ got: String, _ expected: String) throws(DrawFileRejection) {
        guard got == expected else {
            throw DrawFileRejection(field, .differs(expected: expected, got: got))
        }
    }

    /// One sentence.
    public var description: String {
        switch fault {
        case .missing: "\(field) is missing"
        case .unknown: "\(field) is unknown"
        case .malformed(let expected): "\(field) must be \(expected)"
        case .differs(let expected, let got): "\(field) is \(got), the rest leads to \(expected)"
        case .badSignature: "\(field) is not signed by its leader"
        }
    }
}
