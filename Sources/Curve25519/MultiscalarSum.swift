/// The sum of scalars times points by Straus's method: one chain of doublings for all.
///
/// Scalars are written in signed odd digits with many zeros between them (wNAF). The digits are sorted by
/// position first, so the loop over the positions meets only additions that happen, and of one kind
/// after another: nothing in it depends on a branch that the processor cannot foresee.
struct MultiscalarSum {
    /// Which table a digit points into.
    enum Table: UInt32 {
        case projective = 0
        case affine = 2
    }

    private static let positions = 256
    // Four kinds a position: table and sign.
    private static let kinds = 4
    private static let indexBits: UInt32 = 22

    // Position and kind in the upper ten bits, the table's index below.
    private var digits: [UInt32] = []
    private var starts = [Int](repeating: 0, count: positions * kinds + 1)
    private var sorted: [UInt32] = []

    /// Forgets all terms.
    mutating func removeAll() {
        digits.removeAll(keepingCapacity: true)
        for index in starts.indices { starts[index] = 0 }
    }

    /// Adds a scalar times the point whose odd multiples start at `first`, 2^(width - 2) of them.
    mutating func add(_ scalar: Scalar, _ table: Table, at first: Int, width: UInt64) {
        let words: InlineArray<5, UInt64> = [scalar.w0, scalar.w1, scalar.w2, scalar.w3, 0]
        let (mask, half) = ((1 as UInt64) &<< width &- 1, (1 as UInt64) &<< (width &- 1))
        var position = 0
        var carry: UInt64 = 0
        // A scalar is below 2^253, so the last carry ends at position 253 at most.
        while position < Self.positions {
            let (word, shift) = (position &>> 6, UInt64(truncatingIfNeeded: position & 63))
            // Shifting by 64 gives zero.
            let rest = (words[word] &>> shift | words[word + 1] << (64 &- shift)) &+ carry
            guard rest != 0 else {
                position &+= 64
                continue
            }
            let zeros = rest.trailingZeroBitCount
            guard zeros == 0 else {
                position &+= zeros
                continue
            }
            let window = rest & mask
            let isNegative = window > half
            let magnitude = isNegative ? mask &+ 1 &- window : window
            append(
                position, table, isNegative,
                UInt32(truncatingIfNeeded: first) &+ UInt32(truncatingIfNeeded: magnitude &>> 1))
            carry = isNegative ? 1 : 0
            position &+= Int(truncatingIfNeeded: width)
        }
    }

    @inline(__always)
    private mutating func append(_ position: Int, _ table: Table, _ isNegative: Bool, _ index: UInt32) {
        let kind = table.rawValue | (isNegative ? 1 : 0)
        let bucket = UInt32(truncatingIfNeeded: position) &<< 2 | kind
        digits.append(bucket &<< Self.indexBits | index)
        starts[Int(bucket) + 1] &+= 1
    }

    /// True when eight times the sum is the neutral element.
    mutating func isOfSmallOrder(_ projective: [ProjectiveMultiple], _ affine: [AffineMultiple]) -> Bool {
        sort()
        var sum = CompletedPoint.identity
        var position = Self.positions
        while position > 0, starts[(position - 1) * Self.kinds] == digits.count { position -= 1 }
        while position > 0 {
            position -= 1
            sum = sum.doubled
            let bucket = position * Self.kinds
            for place in starts[bucket]..<starts[bucket + 1] {
                sum = sum.extended.adding(projective[Int(sorted[place])])
            }
            for place in starts[bucket + 1]..<starts[bucket + 2] {
                sum = sum.extended.subtracting(projective[Int(sorted[place])])
            }
            for place in starts[bucket + 2]..<starts[bucket + 3] {
                sum = sum.extended.adding(affine[Int(sorted[place])])
            }
            for place in starts[bucket + 3]..<starts[bucket + 4] {
                sum = sum.extended.subtracting(affine[Int(sorted[place])])
            }
        }
        return sum.doubled.doubled.doubled.isIdentity
    }

    // By position and kind; afterwards `starts` holds where each begins in `sorted`.
    private mutating func sort() {
        for bucket in 1..<starts.count { starts[bucket] &+= starts[bucket - 1] }
        if sorted.count < digits.count {
            sorted.append(contentsOf: repeatElement(0, count: digits.count - sorted.count))
        }
        var next = starts
        for digit in digits {
            let bucket = Int(digit &>> Self.indexBits)
            sorted[next[bucket]] = digit & (1 &<< Self.indexBits &- 1)
            next[bucket] &+= 1
        }
    }
}
