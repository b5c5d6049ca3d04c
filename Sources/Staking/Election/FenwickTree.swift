/// Running sums that can be searched and changed in logarithmic time.
struct FenwickTree {
    private var sums: [UInt64]
    private let top: Int

    /// Sums over values whose total fits into 64 bits.
    init(_ values: [UInt64]) {
        sums = [0] + values
        for index in 1..<sums.count {
            let above = index + index & -index
            if above < sums.count { sums[above] += sums[index] }
        }
        var top = 1
        while 2 * top < sums.count { top *= 2 }
        self.top = top
    }

    /// The first place where the sum up to and including it is above `target`, which is below the total.
    func find(_ target: UInt64) -> Int {
        var place = 0
        var rest = target
        var step = top
        while step > 0 {
            if place + step < sums.count, sums[place + step] <= rest {
                place += step
                rest -= sums[place]
            }
            step /= 2
        }
        return place
    }

    /// Takes from the value at a place.
    mutating func subtract(_ amount: UInt64, at place: Int) {
        var index = place + 1
        while index < sums.count {
            sums[index] -= amount
            index += index & -index
        }
    }
}
