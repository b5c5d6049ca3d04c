/// Puts text into columns and lines of a given width.
package enum TextLayout {
    /// The width that every help page fits.
    package static let helpWidth = 80

    /// Words in lines of at most `width` characters; continued lines are indented.
    package static func wrap(_ text: String, width: Int = helpWidth, indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count + indent > width {
                lines.append(margin + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines
    }

    /// A label of `column` characters and a text that wraps beside it; a longer label has a line of its own.
    package static func entry(_ label: String, _ text: String, column: Int, indent: Int = 2) -> [String] {
        let start = indent + column + 2
        var lines = wrap(text, indent: start)
        let label = String(repeating: " ", count: indent) + label
        guard label.count + 2 <= start, let first = lines.first else { return [label] + lines }
        lines[0] = label.padded(to: start) + first.dropFirst(start)
        return lines
    }

    /// Rows under headings, each column as wide as its widest cell; columns named in `right` are flush right.
    package static func table(_ headings: [String], _ rows: [[String]], right: Set<Int> = []) -> [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { column in
                right.contains(column)
                    ? row[column].leftPadded(to: widths[column]) : row[column].padded(to: widths[column])
            }
            return cells.joined(separator: "  ").trimmingEnd()
        }
    }

    /// Labels and values in two columns.
    package static func pairs(_ pairs: [(String, String)], indent: Int = 0) -> [String] {
        let width = pairs.map(\.0.count).max() ?? 0
        let margin = String(repeating: " ", count: indent)
        return pairs.map { (margin + $0.0.padded(to: width + 2) + $0.1).trimmingEnd() }
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }

    func trimmingEnd() -> String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    func trimmed() -> String {
        let blank: Set<Character> = [" ", "\n", "\r", "\t", "\r\n"]
        var text = Substring(self)
        while let first = text.first, blank.contains(first) { text.removeFirst() }
        while let last = text.last, blank.contains(last) { text.removeLast() }
        return String(text)
    }
}

extension UInt64 {
    /// The number with thousands separated by commas.
    var grouped: String {
        var out = ""
        for (index, digit) in String(self).enumerated() {
            if index > 0, (String(self).count - index).isMultiple(of: 3) { out.append(",") }
            out.append(digit)
        }
        return out
    }
}
