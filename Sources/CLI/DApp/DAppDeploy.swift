internal import Crypto
internal import DAppRuntime
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// `etm dapp deploy`: check, register, and wait until the chain runs.
enum DAppDeploy {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let folder = try DAppFolder.open(invocation.argument)
        let manifest = try DAppCheck.manifest(of: folder)
        let checked = try DAppCheck.check(folder, session)
        let main = try ChainView.load("main", session)
        try refuseTaken(manifest.name, session)
        let validators = try ValidatorChoice(session).members(
            invocation.text("validators"), manifest.validators, isSolo: manifest.consensus == .solo)
        let owner = try AccountBook(session).sender()
        let registration = try RegistrationForm(
            manifest: manifest, validators: validators, owner: owner.address
        )
        .registration(bundle: checked.bundle.encoded)
        if let defect = registration.defect {
            throw CommandFailure(
                "BAD_MANIFEST", "the main chain would refuse it: \(defect)",
                hint: "edit \(DAppFolder.manifestName)",
                exit: .checksFailed, place: SourcePlace(file: DAppFolder.manifestName))
        }
        let order = order(registration, main)
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: main)
        guard let sent else { return plan }
        return try finish(manifest.name, sent, registration, session)
    }

    private static func order(_ registration: Registration, _ main: ChainView) -> Order {
        let payload = registration.encoded
        let fees = FeeSchedule.main
        let deposit = ChainView.amount(main.data["fees"]?["registerDeposit"]) ?? fees.registrationDeposit
        var order = Order(
            title: "Deploy \(registration.name)", kind: .registerDApp, payload: payload,
            leaves: [(0, deposit)],
            facts: [
                ("deposit", "\(Currency.etm.display(deposit)), locked as long as the chain is registered"),
                (
                    "bundle",
                    "\(UInt64(registration.bundle.count).grouped) bytes, \(SideChainRecord.hash(ofBundle: registration.bundle))"
                ),
                ("validators", "\(registration.validators.count)"),
                ("blocks", "at most one every \(DurationText.format(registration.consensus.interval))"),
            ])
        order.fee = fees.minimum(base: fees.registration, payloadBytes: payload.count)
        return order
    }

    /// A name that exists is a conflict (exit 9), found before anything is signed.
    private static func refuseTaken(_ name: String, _ session: Session) throws(CommandFailure) {
        guard let chain = try session.node.find("/v1/chains/\(name.percentEncoded)") else { return }
        var facts = JSONObject()
        facts["owner"] = chain["owner"] ?? .null
        throw CommandFailure(
            "NAME_TAKEN", "a DApp named \"\(name)\" exists on this network",
            hint: "change \"name\" in \(DAppFolder.manifestName), or: etm dapp show \(name)", exit: .conflict,
            facts: facts)
    }

    private static func finish(
        _ name: String, _ sent: Sender.Sent, _ registration: Registration, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        var data = sent.data
        data["name"] = .string(name)
        data["bundleHash"] = .string(SideChainRecord.hash(ofBundle: registration.bundle).hex)
        guard sent.data["state"]?.string == "final" else {
            return Outcome(data: .object(data), lines: sent.lines, notes: ["Next  etm tx wait --last"])
        }
        let chain = try ChainView.awaitRunning(name, session)
        data["chain"] = chain
        return Outcome(
            data: .object(data),
            lines: sent.lines + ["\(name) runs on its own chain \(chain["id"]?.string ?? "")"],
            notes: ["Next  etm dapp show \(name)"])
    }
}

/// Makes a registration out of a manifest: the defaults that the manifest leaves to the command.
struct RegistrationForm {
    let manifest: DAppManifest
    let validators: MemberSet
    let owner: Address

    /// The most gas of one call where a block allows more (`js-runtime.md` 8).
    static let callGas: UInt64 = 10_000_000

    func registration(bundle: [UInt8]) throws(CommandFailure) -> Registration {
        var registration = Registration(
            name: manifest.name, validators: validators, consensus: consensus, limits: limits, fees: fees,
            bundle: bundle)
        registration.description = manifest.description
        registration.category = manifest.category.rawValue
        registration.tags = manifest.tags
        registration.token = try token()
        return registration
    }

    // Δ follows the pace of blocks as on the main chain of a devnet; a round gives every member one turn.
    private var consensus: ConsensusParameters {
        let interval = manifest.blocks.interval
        return ConsensusParameters(
            leaderRule: leaderRule,
            pacing: .onDemand(heartbeat: manifest.heartbeat), roundLength: UInt64(validators.count),
            interval: interval,
            delta: Instant.Span(milliseconds: max(300, min(1_000, interval.milliseconds / 2))))
    }

    private var leaderRule: Ledger.LeaderRule {
        switch manifest.leader {
        case .chaos: .chaos
        case .roundRobin: .roundRobin
        case .blockID: .blockID
        }
    }

    private var limits: BlockLimits {
        let blocks = manifest.blocks
        return BlockLimits(
            transactions: blocks.maxTransactions, bytes: blocks.maxBytes, gas: blocks.gas,
            callGas: min(blocks.gas, Self.callGas))
    }

    private var fees: FeeSchedule {
        let fees = manifest.fees
        return FeeSchedule(
            currency: fees.currency == "ETM" ? .etm : .own, base: fees.minimum, registration: .zero,
            registrationDeposit: .zero, perKilobyte: .zero, gasPrice: fees.gasPrice)
    }

    private func token() throws(CommandFailure) -> Registration.Token? {
        guard let token = manifest.token else { return nil }
        let holder = token.owner.map { Address(text: $0) } ?? owner
        guard let holder else {
            throw CommandFailure(
                "BAD_MANIFEST", "the token's owner is no address: its checksum is wrong",
                hint: "edit \(DAppFolder.manifestName)", exit: .checksFailed,
                place: SourcePlace(file: DAppFolder.manifestName))
        }
        return Registration.Token(
            symbol: token.symbol, decimals: token.decimals, supply: token.supply, holder: holder)
    }
}

/// Who makes the blocks of a new chain.
struct ValidatorChoice {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// The members that --validators names, else the manifest's, else the main chain's.
    func members(
        _ flag: String?, _ fromManifest: [PublicKey], isSolo: Bool
    ) throws(CommandFailure) -> MemberSet {
        var keys = fromManifest
        if flag != nil || keys.isEmpty { keys = try chosen(flag, isSolo: isSolo) }
        guard !isSolo || keys.count == 1 else {
            throw .usage(
                "BAD_VALUE", "consensus \"solo\" takes one validator, not \(keys.count)",
                hint: "--validators 1")
        }
        guard let members = MemberSet(keys) else {
            throw .usage("BAD_VALUE", "--validators names one twice", hint: "--validators 3")
        }
        return members
    }

    private func chosen(_ flag: String?, isSolo: Bool) throws(CommandFailure) -> [PublicKey] {
        let known = try known()
        guard let flag else { return isSolo ? [known[0].key] : known.map(\.key) }
        if let count = Int(flag) {
            guard (1...known.count).contains(count) else {
                throw .usage(
                    "BAD_VALUE", "--validators wants 1 to \(known.count), the main chain has no more",
                    hint: "--validators \(known.count)")
            }
            return known.prefix(count).map(\.key)
        }
        return try flag.split(separator: ",").map(String.init).map { word throws(CommandFailure) in
            if let found = known.first(where: { $0.name == word }) { return found.key }
            if let key = PublicKey(hex: word) { return key }
            throw .usage(
                "BAD_VALUE",
                "no validator \"\(word)\"" + Suggestion.phrase(for: word, among: known.map(\.name)),
                hint: "etm status --json")
        }
    }

    private func known() throws(CommandFailure) -> [(name: String, key: PublicKey)] {
        let list = try session.node.get("/v1/status")["validators"]?.array ?? []
        let found = list.compactMap { entry in
            entry["key"]?.string.flatMap { PublicKey(hex: $0) }.map { (entry["name"]?.string ?? "", $0) }
        }
        guard !found.isEmpty else { throw .bug("the node named no validators") }
        return found
    }
}
