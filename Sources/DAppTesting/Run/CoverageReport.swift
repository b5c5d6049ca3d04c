internal import DAppRuntime

/// Which lines and branches of the contracts the tests reached.
package struct CoverageReport: Sendable, Equatable {
    /// One source file.
    package struct File: Sendable, Equatable {
        /// Path within the DApp.
        package let path: String
        /// Lines that hold a statement, and how often the one reached most was reached.
        package let lines: [(line: UInt32, hits: UInt64)]
        /// Decisions: their line and how often each side was taken.
        package let branches: [(line: UInt32, arms: [UInt64])]

        /// Paths, lines and branches agree.
        package static func == (left: File, right: File) -> Bool {
            left.path == right.path && left.lines.elementsEqual(right.lines, by: ==)
                && left.branches.elementsEqual(right.branches, by: ==)
        }

        /// Lines reached and all lines.
        package var lineShare: Share {
            Share(reached: lines.count { $0.hits > 0 }, of: lines.count)
        }

        /// Sides taken and all sides.
        package var branchShare: Share {
            let arms = branches.flatMap(\.arms)
            return Share(reached: arms.count { $0 > 0 }, of: arms.count)
        }
    }

    /// A part of a whole.
    package struct Share: Sendable, Equatable {
        /// How many were reached.
        package let reached: Int
        /// How many there are.
        package let of: Int

        /// Joins the two counts.
        package init(reached: Int, of: Int) {
            self.reached = reached
            self.of = of
        }

        /// In per cent, rounded down; 100 of nothing.
        package var percent: Int { of == 0 ? 100 : reached * 100 / of }
    }

    /// The files by path, those without statements left out.
    package let files: [File]

    /// Joins the sites of each file.
    init(_ sites: [CoverageSite]) {
        var byFile: [String: [CoverageSite]] = [:]
        for site in sites { byFile[site.file, default: []].append(site) }
        files = byFile.sorted { $0.key < $1.key }.map { path, sites in
            File(path: path, lines: Self.lines(sites), branches: Self.branches(sites))
        }
    }

    private static func lines(_ sites: [CoverageSite]) -> [(line: UInt32, hits: UInt64)] {
        var lines: [UInt32: UInt64] = [:]
        for site in sites where site.group == nil {
            lines[site.line] = max(lines[site.line] ?? 0, site.hits)
        }
        return lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func branches(_ sites: [CoverageSite]) -> [(line: UInt32, arms: [UInt64])] {
        var groups: [UInt32: [CoverageSite]] = [:]
        for site in sites { if let group = site.group { groups[group, default: []].append(site) } }
        return groups.sorted { $0.key < $1.key }.map { _, sites in
            var arms = sites.filter { $0.arm != nil }.map(\.hits)
            // The side without code is all visits but those of the other.
            if let all = sites.first(where: { $0.arm == nil })?.hits {
                arms.append(all - min(all, arms.first ?? 0))
            }
            return (sites[0].line, arms)
        }
    }

    /// All lines together.
    package var lineShare: Share { total(\.lineShare) }
    /// All branches together.
    package var branchShare: Share { total(\.branchShare) }

    private func total(_ share: (File) -> Share) -> Share {
        let shares = files.map(share)
        return Share(reached: shares.reduce(0) { $0 + $1.reached }, of: shares.reduce(0) { $0 + $1.of })
    }

    /// The tracefile format of LCOV (geninfo's manual), which editors and services read.
    package var lcov: String {
        files.map { file in
            var lines = ["TN:", "SF:\(file.path)"]
            for (block, branch) in file.branches.enumerated() {
                let isReached = branch.arms.contains { $0 > 0 }
                for (arm, hits) in branch.arms.enumerated() {
                    lines.append("BRDA:\(branch.line),\(block),\(arm),\(isReached ? String(hits) : "-")")
                }
            }
            lines += ["BRF:\(file.branchShare.of)", "BRH:\(file.branchShare.reached)"]
            lines += file.lines.map { "DA:\($0.line),\($0.hits)" }
            lines += ["LF:\(file.lineShare.of)", "LH:\(file.lineShare.reached)", "end_of_record"]
            return lines.joined(separator: "\n") + "\n"
        }.joined()
    }
}
