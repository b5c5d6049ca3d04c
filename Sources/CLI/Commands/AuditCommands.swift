internal import JSON

/// `etm audit NAME [FILE]`: computes one consensus function, so that an outsider can check any figure.
enum AuditCommands {
    static let audit = Command(
        "audit", "compute one consensus function on a JSON object",
        argument: .optional("NAME [FILE]", .text("NAME [FILE]"), most: 2),
        flags: [.toggle("list", "every function with its fields")],
        examples: [
            .init("etm audit --list", "what can be computed"),
            .init("echo '{\"q\":0.1,\"z\":6}' | etm audit doubleSpend", "from standard input"),
        ],
        details: "Reads one JSON object from FILE or standard input. Large integers are decimal strings, "
            + "bytes are lower-case hexadecimal. A field that is missing, wrong or unknown is named.",
        handler: run)

    private static func run(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        if invocation.has("list") { return list }
        guard let name = invocation.arguments.first else {
            throw .usage("MISSING_ARGUMENT", "audit needs NAME", hint: "etm audit --list")
        }
        guard let function = AuditFunction.all.first(where: { $0.name == name }) else {
            let names = AuditFunction.all.map(\.name)
            throw .usage(
                "UNKNOWN_FUNCTION",
                "there is no function \"\(name)\"" + Suggestion.phrase(for: name, among: names),
                hint: "etm audit --list")
        }
        let file = invocation.arguments.count > 1 ? invocation.arguments[1] : nil
        let data = try function.compute(InputDocument(file, session).record())
        return Outcome(data: data, lines: StatusText.members(data))
    }

    private static var list: Outcome {
        let functions = AuditFunction.all
        return Outcome(
            data: .array(
                functions.map { function in
                    [
                        "name": .string(function.name), "summary": .string(function.summary),
                        "input": .array(function.input.map { .string($0) }),
                        "output": .array(function.output.map { .string($0) }),
                    ]
                }),
            lines: functions.flatMap { [$0.signature, "    \($0.summary)"] })
    }
}
