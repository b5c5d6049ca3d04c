/// Signatures whose equations are checked together.
///
/// The rule, for one and for many: S is below L; A and R are the one encoding of a point of the curve; A is
/// not of small order; and 8 S B = 8 R + 8 k A, with k the SHA-512 of R, A and the message. The factor 8
/// makes sums of equations mean the same as each alone: without it, points of small order in R and A
/// could cancel out between two signatures that fail alone.
public struct SignatureBatch {
    private struct Item {
        // Where the table of R starts, or nil when a form is refused.
        let point: Int?
        let column: Int
        let factor: UInt128
        // The factor times k, and times S.
        let challenge, response: Scalar
    }

    // One for each distinct key.
    private struct Column {
        let table: MultiscalarSum.Table
        let start: Int
        let width: UInt64
    }

    private var items: [Item] = []
    private var columns: [Column?] = []
    private var columnOf: [Encoded: Int] = [:]
    private var multiples: [ProjectiveMultiple] = []
    private var sums: [Scalar] = []
    private var sum = MultiscalarSum()

    /// The most signatures of one batch: more gain nothing, as their tables no longer fit the caches.
    public static let most = 256

    // R meets a factor of 128 bits only, so four multiples are the cheapest.
    private static let pointWidth: UInt64 = 4
    private static let keyWidth: UInt64 = 5
    private static let knownWidth: UInt64 = 6
    private static let baseWidth: UInt64 = 8

    /// An empty batch, whose memory is used again after `removeAll`.
    public init() {}

    /// How many signatures are in it.
    public var count: Int { items.count }

    /// Forgets the signatures.
    public mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        columns.removeAll(keepingCapacity: true)
        columnOf.removeAll(keepingCapacity: true)
        multiples.removeAll(keepingCapacity: true)
    }

    /// What a signature says: R, S, the key A, and the SHA-512 of R, A and the message.
    public struct Claim: Sendable {
        let point, response, key: Encoded
        /// The hash that binds the signature to its message.
        public let challenge: WideHash

        /// Joins the parts.
        public init(point: Encoded, response: Encoded, key: Encoded, challenge: WideHash) {
            (self.point, self.response, self.key) = (point, response, key)
            self.challenge = challenge
        }
    }

    /// Adds a signature with a nonzero factor that its maker could not foresee; keys are learnt on the way.
    public mutating func append(_ claim: Claim, factor: UInt128, learning tables: inout KeyTables) {
        append(claim, factor, columnOf[claim.key] == nil ? tables.findOrLearn(claim.key) : nil)
    }

    /// Adds a signature with a nonzero factor that its maker could not foresee.
    public mutating func append(_ claim: Claim, factor: UInt128, knowing tables: KeyTables) {
        append(claim, factor, columnOf[claim.key] == nil ? tables.find(claim.key) : nil)
    }

    private mutating func append(_ claim: Claim, _ factor: UInt128, _ known: Int?) {
        precondition(items.count < Self.most, "a batch is bounded")
        precondition(factor != 0, "a factor of zero would check nothing")
        let column = column(of: claim.key, known)
        guard columns[column] != nil, let response = Scalar(claim.response),
            let point = EdwardsPoint(claim.point)
        else {
            items.append(Item(point: nil, column: column, factor: factor, challenge: .zero, response: .zero))
            return
        }
        let challenge = Scalar(reducing: claim.challenge)
        items.append(
            Item(
                point: multiples.count, column: column, factor: factor,
                challenge: challenge.multiplied(by: factor), response: response.multiplied(by: factor)))
        ProjectiveMultiple.appendOddMultiples(of: point, count: 1 << (Self.pointWidth - 2), to: &multiples)
    }

    private mutating func column(of key: Encoded, _ known: Int?) -> Int {
        if let column = columnOf[key] { return column }
        columnOf[key] = columns.count
        if let known {
            columns.append(Column(table: .affine, start: known, width: Self.knownWidth))
        } else if let point = EdwardsPoint(key), !point.isOfSmallOrder {
            columns.append(Column(table: .projective, start: multiples.count, width: Self.keyWidth))
            ProjectiveMultiple.appendOddMultiples(of: point, count: 1 << (Self.keyWidth - 2), to: &multiples)
        } else {
            columns.append(nil)
        }
        return columns.count - 1
    }

    /// The indices of the first `most` signatures that break the rule, ascending; ends the batch for its tables.
    public mutating func invalid(most: Int, learning tables: inout KeyTables) -> [Int] {
        let found = invalid(most: most, knowing: tables)
        tables.endRound()
        return found
    }

    /// The indices of the first `most` signatures that break the rule, ascending.
    ///
    /// A sum that does not hold is halved until single equations are left. These, times their factors,
    /// hold exactly when the signature does.
    public mutating func invalid(most: Int, knowing tables: KeyTables) -> [Int] {
        var found: [Int] = []
        // The ranges still to be checked, the next one last; halving keeps them below ten.
        var ranges = [0..<items.count]
        while found.count < most, let range = ranges.popLast() {
            if range.isEmpty || holds(range, tables) { continue }
            if range.count == 1 {
                found.append(range.lowerBound)
            } else {
                let middle = (range.lowerBound + range.upperBound) / 2
                ranges.append(middle..<range.upperBound)
                ranges.append(range.lowerBound..<middle)
            }
        }
        return found
    }

    private mutating func holds(_ range: Range<Int>, _ tables: KeyTables) -> Bool {
        sum.removeAll()
        sums.removeAll(keepingCapacity: true)
        sums.append(contentsOf: repeatElement(.zero, count: columns.count))
        var response = Scalar.zero
        for item in items[range] {
            guard let point = item.point else { return false }
            sum.add(Scalar(item.factor), .projective, at: point, width: Self.pointWidth)
            sums[item.column] = sums[item.column] + item.challenge
            response = response + item.response
        }
        for index in columns.indices {
            guard let column = columns[index], sums[index] != .zero else { continue }
            sum.add(sums[index], column.table, at: column.start, width: column.width)
        }
        sum.add(response.negated, .affine, at: 0, width: Self.baseWidth)
        return sum.isOfSmallOrder(multiples, tables.multiples)
    }
}
