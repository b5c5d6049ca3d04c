/// Finds the word that somebody probably meant.
package enum Suggestion {
    /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
    /// (Damerau–Levenshtein, optimal string alignment).
    package static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.lowercased().utf8)
        let b = Array(right.lowercased().utf8)
        var before = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in 0..<b.count {
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], before[j - 1] + 1)
                }
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }

    /// The nearest candidate, when it is near enough: about one slip in three letters.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let most = max(1, word.utf8.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(word, candidate)
            let isExtension = word.utf8.count >= 3 && candidate.hasPrefix(word)
            guard distance <= most || isExtension else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// The words "; did you mean …?" for a message, or nothing.
    package static func phrase(for word: String, among candidates: [String], prefix: String = "") -> String {
        nearest(to: word, among: candidates).map { "; did you mean \"\(prefix)\($0)\"?" } ?? ""
    }
}
