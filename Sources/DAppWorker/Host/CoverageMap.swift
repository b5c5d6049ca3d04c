internal import DAppRuntime

/// The sites that the compiler numbered, and how often each was reached.
struct CoverageMap {
    private let places: [(file: String, line: UInt32, group: UInt32?, arm: UInt32?)]

    /// Reads "module, line, group, arm" of each site, separated by tabs; a group of -1 is a statement.
    init(_ modules: [DAppModule], _ sites: [String]) {
        places = sites.map { text in
            let fields = text.split(separator: "\t").map { Int($0) ?? 0 }
            guard fields.count == 4, modules.indices.contains(fields[0]) else { return ("", 0, nil, nil) }
            return (
                modules[fields[0]].path, UInt32(clamping: fields[1]), UInt32(exactly: fields[2]),
                UInt32(exactly: fields[3])
            )
        }
    }

    /// Joins sites and their counts, which are separated by commas and may be empty.
    func sites(_ counts: String) -> [CoverageSite] {
        let counts = counts.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) ?? 0 }
        return places.enumerated().map { index, place in
            CoverageSite(
                file: place.file, line: place.line, group: place.group, arm: place.arm,
                hits: index < counts.count ? counts[index] : 0)
        }
    }
}
