import Testing

@Suite struct HouseTests {
    @Test(arguments: HouseRule.all) func theProjectKeeps(_ rule: HouseRule) {
        let findings = rule.check(.project)
        let list = findings.prefix(50).map(\.description).joined(separator: "\n")
        #expect(findings.isEmpty, "\(rule.name): \(findings.count) findings\n\(list)")
    }

    @Test(arguments: HouseRule.all) func everyBadSampleIsFoundBy(_ rule: HouseRule) {
        #expect(!rule.bad.isEmpty, "a rule without a bad sample proves nothing")
        for (index, sample) in rule.bad.enumerated() {
            #expect(!rule.check(sample).isEmpty, "bad sample \(index) of \(rule.name) passes")
        }
    }

    @Test(arguments: HouseRule.all) func everyGoodSampleIsAcceptedBy(_ rule: HouseRule) {
        for (index, sample) in rule.good.enumerated() {
            #expect(rule.check(sample).isEmpty, "good sample \(index): \(rule.check(sample))")
        }
    }

    @Test func theProjectIsFound() {
        #expect(SourceTree.project.sources.count > 100)
        #expect(SourceTree.project["Package.swift"] != nil)
    }
}

@Suite struct SwiftLexerTests {
    private func code(_ text: String) -> String {
        String(decoding: SwiftLexer(Array(text.utf8)).code, as: UTF8.self)
    }

    @Test(arguments: [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (#"f("x\"y") g"#, "f(      ) g"),
        (#"f("\(g("h"))") i"#, "f(           ) i"),
        ("let a = #\"b\"c\"# d", "let a =         d"),
        ("x = \"\"\"\n print \"q\"\n \"\"\" y", "x =    \n          \n     y"),
        ("a / b", "a / b"),
    ]) func onlyCodeIsLeft(_ sample: (text: String, code: String)) {
        #expect(code(sample.text) == sample.code)
    }

    @Test func commentsAreKeptApart() {
        let comments = SwiftLexer(Array("a // b\n\"// c\"".utf8)).comments
        #expect(String(decoding: comments, as: UTF8.self) == "  // b\n      ")
    }
}
