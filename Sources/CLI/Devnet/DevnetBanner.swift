internal import JSON
internal import Node
internal import Primitives

/// What `devnet up` prints once everything answers.
struct DevnetBanner {
    private let data: JSONValue

    /// Takes the summary that `data(of:)` makes.
    init(_ data: JSONValue) { self.data = data }

    /// Asks the running devnet itself, so that nothing is printed that does not answer.
    static func data(
        of plan: DevnetPlan, readyAfter milliseconds: UInt64, node: NodeClient, pid: Int32
    ) throws(CommandFailure) -> JSONValue {
        let status = try node.get("/v1/status")
        let devnet = try node.get("/v1/devnet")
        return [
            "name": .string(plan.name), "pid": JSONValue(Int(pid)), "chain": status["chain"] ?? .null,
            "seed": JSONValue(plan.seed), "mine": .string(plan.mining),
            "blockTime": .string(DurationText.format(plan.blockTime)),
            "validators": status["validators"] ?? [],
            "validatorCount": JSONValue(plan.validators),
            "seats": plan.seats.map { JSONValue(UInt64($0)) } ?? .null, "accounts": devnet["accounts"] ?? [],
            "api": .string("\(plan.url)/v1"), "stream": .string("\(plan.url)/v1/stream"),
            "node": .string(plan.url), "directory": .string(plan.directory),
            "readyMilliseconds": JSONValue(milliseconds),
        ]
    }

    /// The lines for people.
    var lines: [String] {
        let ready = data["readyMilliseconds"]?.uint64 ?? 0
        let validators = data["validatorCount"]?.uint64 ?? 0
        let name = data["name"]?.string ?? ""
        var lines = [
            "etm \(Software.version) · devnet \"\(name)\" · chain \(chain) · seed \(data["seed"]?.uint64 ?? 0)"
                + " · \(validators) validators\(seats) in one process · ready in \(ready / 1000).\(ready % 1000 / 100) s"
        ]
        lines += accounts
        lines += [
            "API     \(data["api"]?.string ?? "")",
            "Stream  \(data["stream"]?.string ?? "")",
            "Blocks  \(pace) · state kept in \(data["directory"]?.string ?? "")",
            "Next    etm dapp new hello --template hello",
        ]
        return lines
    }

    private var seats: String { data["seats"]?.uint64.map { " for \($0) seats" } ?? "" }

    private var chain: String { String((data["chain"]?["id"]?.string ?? "").prefix(12)) }

    private var pace: String {
        switch data["mine"]?.string {
        case "instant": "one as soon as a transaction waits"
        case "manual": "only on  etm devnet mine"
        default: "one every \(data["blockTime"]?.string ?? "3s")"
        }
    }

    private var accounts: [String] {
        let list = data["accounts"]?.array ?? []
        guard !list.isEmpty else { return [] }
        let rows = list.prefix(4).enumerated().map { index, account in
            [
                "\(index)", account["name"]?.string ?? "", account["address"]?.string ?? "",
                account["display"]?.string ?? account["balance"]?.string ?? "",
            ]
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = ["Accounts (\(list.count); their keys are public, use them only here)"]
        for row in rows {
            let cells = row.indices.map {
                $0 == 3 ? row[$0].leftPadded(to: widths[$0]) : row[$0].padded(to: widths[$0])
            }
            lines.append("  " + cells.joined(separator: "  "))
        }
        if list.count > 4 { lines.append("  … \(list.count - 4) more: etm account list") }
        return lines
    }
}
