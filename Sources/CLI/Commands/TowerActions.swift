internal import Crypto
internal import JSON
internal import Ledger
internal import Node
internal import Primitives
internal import Randomness

/// What `etm random tower` does.
enum TowerActions {
    /// What was checked of a published tower.
    private struct Check {
        let pieces: Int
        let of: Int
    }

    static func tower(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let round = try RoundReading(invocation, session)
        let isChecked = invocation.has("verify")
        if invocation.has("samples"), !isChecked {
            throw .usage(
                "BAD_VALUE", "--samples says how much --verify checks", hint: "etm random tower --verify")
        }
        guard round.isPublished else {
            if isChecked {
                throw CommandFailure(
                    "NOT_PUBLISHED", "this chain publishes no such towers: there is nothing to check",
                    hint: "etm random tower --round \(round.last.round)", exit: .notFound)
            }
            return outcome(round, TimeTower(over: round.input, profile: round.profile), nil, session)
        }
        let published = try published(round, session)
        let count = Int(invocation.integer("samples", default: UInt64(round.profile.segmentCount)))
        let check = isChecked ? try verify(published, round, count, session) : nil
        return outcome(round, published, check, session)
    }

    private static func published(
        _ round: RoundReading, _ session: Session
    ) throws(CommandFailure) -> TimeTower {
        let data = try session.node.get("/v1/random/towers/\(round.last.round.value)")
        let list = data["checkpoints"]?.array ?? []
        let checkpoints = list.compactMap { $0.string.flatMap { Digest(hex: $0)?.bytes } }
        guard checkpoints.count == list.count, let tower = TimeTower(checkpoints: checkpoints) else {
            throw .bug("the node shows a tower without checkpoints")
        }
        let values = (data["values"]?.array ?? []).compactMap { $0.string.flatMap { Digest(hex: $0)?.bytes } }
        guard values == round.input.values else {
            throw refused("it stands on other values than the beacons of the round's blocks", round)
        }
        guard data["output"]?.string == Digest(tower.output).hex else {
            throw refused("its output is not the sum of its checkpoints", round)
        }
        if let kept = data["record"]?["output"]?.string, kept != Digest(tower.output).hex {
            throw refused("the state holds the output \(kept)", round)
        }
        return tower
    }

    private static func verify(
        _ tower: TimeTower, _ round: RoundReading, _ count: Int, _ session: Session
    ) throws(CommandFailure) -> Check {
        session.terminal.spin("checking the tower")
        do throws(TowerRejection) {
            let segments = try tower.segments(over: round.input, profile: round.profile)
            var chance = SystemRandomNumberGenerator()
            let seed = Bytes32(chance.next(), chance.next(), chance.next(), chance.next())
            let places = TimeTower.sample(of: count, from: segments.count, seed: seed)
            try SegmentCheck.all(places.map { segments[$0] }) { segment throws(TowerRejection) in
                try segment.verify()
            }
            return Check(pieces: places.count, of: segments.count)
        } catch {
            switch error {
            case .wrongCount(let expected, let got):
                throw refused("it has \(got) checkpoints where \(expected) belong", round)
            case .brokenSegment(let index, let expected, let got):
                throw refused(
                    "checkpoint \(index) is \(Digest(got).hex), hashing leads to \(Digest(expected).hex)",
                    round)
            }
        }
    }

    private static func refused(_ reason: String, _ round: RoundReading) -> CommandFailure {
        CommandFailure(
            "BAD_TOWER", "the published tower of round \(round.last.round) is false: \(reason)",
            hint: "ask another node", exit: .checksFailed)
    }

    private static func outcome(
        _ round: RoundReading, _ tower: TimeTower, _ check: Check?, _ session: Session
    ) -> Outcome {
        let profile = round.profile
        let data: JSONValue = [
            "chain": .string(session.chain), "round": JSONValue(round.last.round.value),
            "height": JSONValue(round.last.height.value), "M": JSONValue(UInt64(profile.lookups)),
            "X": JSONValue(profile.hashes),
            "hashes": .array(round.input.values.map { .string(Digest($0).hex) }),
            "picks": .array(tower.picks(in: round.input).map { JSONValue($0) }),
            "checkpoints": .array(tower.checkpoints.map { .string(Digest($0).hex) }),
            "output": .string(Digest(tower.output).hex), "published": .bool(round.isPublished),
            "checked": check.map { JSONValue(UInt64($0.pieces)) } ?? .null,
        ]
        var facts = [
            ("round", round.last.round.description), ("height", round.last.height.description),
            ("hashes", profile.totalHashes.grouped), ("checkpoints", "\(tower.checkpoints.count)"),
            ("output", Digest(tower.output).hex),
        ]
        if let check { facts.append(("checked", "\(check.pieces) of \(check.of) pieces")) }
        return Outcome(data: data, lines: TextLayout.pairs(facts))
    }
}

/// Pieces of a tower, checked on all cores.
enum SegmentCheck {
    /// Runs a check on every piece and throws what the first wrong one throws.
    static func all<Rejection: Error>(
        _ segments: [TowerSegment], _ check: @escaping @Sendable (TowerSegment) throws(Rejection) -> Void
    ) throws(Rejection) {
        let work = VerifyLanes.shared.begin(segments.count) { number, _ -> Rejection? in
            do throws(Rejection) {
                try check(segments[number])
                return nil
            } catch {
                return error
            }
        }
        for fault in work.join(with: KeyCache()) {
            if let fault { throw fault }
        }
    }
}
