internal import Primitives
internal import Randomness

/// `etm random …`: the chain's public chance, and draws that anybody can check.
enum RandomCommands {
    static let group = CommandGroup(
        "random", "the chain's public chance, and draws that anybody can check",
        [latest, draw, verify, tower])

    private static let round = Flag.option(
        "round", .integer("N", 1...UInt64.max), "which round", standard: "the last complete one")
    private static let profile = Flag.option(
        "tower", .choice(["test", "standard", "delay"]),
        "the tower's profile; the chain's own unless said otherwise")

    private static let latest = Command(
        "random latest", "the beacon of a complete round", flags: [round, profile],
        examples: [
            .init("etm random latest", "of the last complete round"),
            .init("etm random latest --round 3 --json", "of an earlier one"),
        ], handler: RandomActions.latest)

    private static let draw = Command(
        "random draw", "numbers from a round's beacon",
        flags: [
            .option("min", .integer("N", 0...UInt64.max), "the smallest number"),
            .option("max", .integer("N", 0...UInt64.max), "the largest number"),
            .option(
                "count", .integer("N", 1...UInt64(DrawRequest.counts.upperBound)), "how many", standard: "1"),
            .toggle("unique", "no number twice"),
            .option("label", .text("TEXT"), "tells this draw from others on the beacon", standard: "draw"),
            .option("out", .file("FILE"), "write the draw with its proof"), round, profile,
        ],
        examples: [
            .init("etm random draw --min 1 --max 49 --count 6 --unique", "a lottery"),
            .init("etm random draw --min 1 --max 6 --out dice.json", "with a proof"),
        ],
        details: "Publish label, range and count before the round ends: the beacon is public afterwards.",
        handler: RandomActions.draw)

    private static let verify = Command(
        "random verify", "check a draw file without a node", argument: .required("FILE", .file("FILE")),
        flags: [
            .option("block", .text("ID"), "the final block that you trust"),
            .option("members", .text("HASH"), "the fingerprint of the round's members that you trust"),
            .option("length", .integer("N", 1...4_096), "heights of a round of the chain"),
            .option("tower", .choice(["test", "standard", "delay"]), "the chain's tower profile"),
        ],
        examples: [
            .init("etm random verify dice.json --block ID --length 101", "against a block"),
            .init("etm random verify dice.json --members HASH --length 101", "against the round's members"),
            .init("etm random verify dice.json --json", "in itself only"),
        ],
        details: "Without --block or --members, --length and --tower compare what is printed yourself.",
        handler: RandomActions.verify)

    private static let tower = Command(
        "random tower", "a round's time tower with its checkpoints",
        flags: [
            round, profile, .toggle("verify", "check the published checkpoints on all cores"),
            .option(
                "samples", .integer("N", 1...65_536), "with --verify: check so many pieces that chance names",
                standard: "all"),
        ],
        examples: [
            .init("etm random tower", "of the last complete round"),
            .init("etm random tower --round 3 --verify", "check what the node publishes"),
            .init("etm random tower --verify --samples 8", "a part of it"),
        ],
        details:
            "A false tower of M + 1 pieces passes a sample of N with probability 1 - N / (M + 1) at most.",
        handler: TowerActions.tower)
}
