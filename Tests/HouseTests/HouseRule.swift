import Testing

/// A rule of the house, with samples that prove that it can fail and that it does not fail everywhere.
struct HouseRule: Sendable, CustomTestStringConvertible {
    let name: String
    let bad: [SourceTree]
    let good: [SourceTree]
    let check: @Sendable (SourceTree) -> [Finding]

    var testDescription: String { name }

    /// A rule over the whole tree.
    init(
        _ name: String, bad: [SourceTree], good: [SourceTree],
        check: @escaping @Sendable (SourceTree) -> [Finding]
    ) {
        self.name = name
        self.bad = bad
        self.good = good
        self.check = check
    }

    /// A rule over single files; the samples are the text of a file at `path`.
    init(
        _ name: String, at path: String, bad: [String], good: [String],
        check: @escaping @Sendable (SourceFile) -> [Finding]
    ) {
        self.init(
            name, bad: bad.map { SourceTree([SourceFile(path, $0)]) },
            good: good.map { SourceTree([SourceFile(path, $0)]) },
            check: { $0.files.flatMap(check) })
    }

    static let all: [HouseRule] =
        LayerRules.all + PurityRules.all + SafetyRules.all + SizeRules.all + TextRules.all
        + ProjectRules.all
}
