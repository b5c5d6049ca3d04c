internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Staking

/// Random operations of accounts and miners; many fail, as strangers' do.
struct RandomOperations: Sendable {
    private var generator: SeededGenerator
    private let accounts: [FakeSigner]
    private let miners: [FakeSigner]
    private let assets: AssetOperations
    private var onions: [PublicKey: [HashOnion]] = [:]
    private var locks: [SignedTransaction] = []
    /// Leading zero bits of a miner's hashing test.
    var registrationBits: UInt8 = 0

    private static let onionLength: UInt64 = 1_024
    private static let firstMiners = 12
    private static let registrationFee = Amount.etm(101)

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        accounts = (0..<40).map { FakeSigner(seed: seed &+ 0x6163_0000 &+ UInt64($0)) }
        assets = AssetOperations(accounts: accounts)
        miners = (0..<16).map { FakeSigner(seed: seed &+ 0x6d69_0000 &+ UInt64($0)) }
        for miner in miners { _ = newAnchor(of: miner.publicKey) }
    }

    // Onion after onion; each follows from the key and its number.
    private mutating func newAnchor(of key: PublicKey) -> Digest {
        let number = UInt64(onions[key]?.count ?? 0)
        var bytes = SHA256.hash(key.array + [UInt8(truncatingIfNeeded: number)]).array
        let secret = SecretBytes(zeroing: &bytes)
        guard let onion = HashOnion(secret: secret, length: RandomOperations.onionLength) else {
            preconditionFailure("1,024 layers are within the bounds")
        }
        onions[key, default: []].append(onion)
        return Digest(onion.anchor)
    }

    func genesis(consensus: ConsensusParameters) throws(StakingGenesis.Defect) -> Genesis {
        let first = miners.prefix(RandomOperations.firstMiners)
        let stakes = StakingGenesis(
            miners: first.enumerated().map { index, miner in
                let anchor = onions[miner.publicKey]?.first.map { Digest($0.anchor) } ?? .zero
                return .init(key: miner.publicKey, name: "miner-\(index)", anchor: anchor)
            },
            locks: accounts.prefix(20).enumerated().map { index, account in
                .init(
                    address: Address(of: account.publicKey), amount: .etm(UInt64(200 + 70 * index)),
                    vote: miners[index % RandomOperations.firstMiners].publicKey)
            })
        let balances = (accounts + miners).map {
            Genesis.Balance(address: Address(of: $0.publicKey), amount: .etm(50_000))
        }
        return try stakes.genesis(time: .zero, consensus: consensus, balances: balances)
    }

    func signer(of miner: PublicKey) -> FakeSigner? { miners.first { $0.publicKey == miner } }

    /// The next layer of the onion that the state holds a miner to.
    func reveal(of miner: PublicKey, in view: StateView) -> Digest {
        guard let head = view.read(OnionHead.self, OnionHead.key(miner)) else { return .zero }
        let layers = (onions[miner] ?? []).compactMap { $0.reveal(at: head.revealed) }
        return layers.map { Digest($0) }.first { SHA256.hash($0.array) == head.layer } ?? .zero
    }

    /// Operations for a block above another.
    mutating func next(
        _ count: Int, above parent: BlockHeader, on chain: SimulatedChain
    ) -> [CheckedTransaction] {
        (0..<count).compactMap { _ in
            let signed = one(above: parent, on: chain)
            return chain.checked(signed)
        }
    }

    private mutating func one(above parent: BlockHeader, on chain: SimulatedChain) -> SignedTransaction {
        let account = pick(accounts)
        let place = (chain.spec.id, parent.height.next)
        switch generator.below(100) {
        case 0..<25: return order(.transfer, transfer(), by: account, place)
        case 25..<40:
            let operation = assets.next(at: parent.timestamp, &generator)
            return order(
                operation.kind, operation.payload, by: operation.signer, fee: operation.fee, place)
        case 40..<55:
            let lock = order(.lock, LockPayload(amount: amount(most: 400)), by: account, place)
            locks.append(lock)
            if locks.count > 200 { locks.removeFirst(100) }
            return lock
        case 55..<67:
            guard !locks.isEmpty else {
                return order(.withdrawVote, WithdrawVotePayload(), by: account, place)
            }
            let lock = pick(locks)
            // One in four tries somebody else's.
            let owner = accounts.first { $0.publicKey == lock.sender } ?? account
            let sender = generator.below(4) == 0 ? account : owner
            return order(.unlock, UnlockPayload(lock: lock.id), by: sender, place)
        case 67..<82:
            return order(.vote, MinerPayload(miner: pick(miners).publicKey), by: account, place)
        case 82..<88: return order(.withdrawVote, WithdrawVotePayload(), by: account, place)
        default: return ofMiner(pick(miners), after: parent.id, place)
        }
    }

    private mutating func ofMiner(
        _ miner: FakeSigner, after block: BlockID, _ place: (ChainID, Height)
    ) -> SignedTransaction {
        let key = miner.publicKey
        switch generator.below(4) {
        case 0:
            return order(
                .newAnchor, NewAnchorPayload(miner: key, anchor: newAnchor(of: key)), by: miner, place)
        // Resignations are rarer than registrations, so that somebody is left to elect.
        case 1 where generator.below(3) == 0:
            return order(.resignMiner, MinerPayload(miner: key), by: miner, place)
        default:
            let work = RegisterMinerPayload.workBytes(block: block, miner: key)
            let nonce = LightWork.search(work, bits: registrationBits, nonces: 0..<1 << 24) ?? 0
            let payload = RegisterMinerPayload(
                miner: key, name: "late-\(generator.below(24))", anchor: newAnchor(of: key), block: block,
                nonce: nonce)
            return order(.registerMiner, payload, by: miner, place)
        }
    }

    private mutating func transfer() -> TransferPayload {
        // Some are more than anybody has.
        TransferPayload(
            recipient: Address(of: pick(accounts).publicKey),
            amount: generator.below(20) == 0 ? .etm(90_000_000) : amount(most: 300),
            message: generator.below(5) == 0 ? "round \(generator.below(1_000))" : "")
    }

    private mutating func amount(most: UInt64) -> Amount {
        Amount(units: generator.below(most * Amount.unitsPerETM) + Amount.unitsPerETM)
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int(generator.below(UInt64(list.count)))]
    }

    private mutating func order(
        _ kind: TransactionKind, _ payload: some Canonical, by signer: FakeSigner,
        _ place: (chain: ChainID, height: Height)
    ) -> SignedTransaction {
        let fee: Amount = kind == .registerMiner ? RandomOperations.registrationFee : .etm(1)
        return order(kind, payload.encoded, by: signer, fee: fee, place)
    }

    private mutating func order(
        _ kind: TransactionKind, _ payload: [UInt8], by signer: FakeSigner, fee: Amount,
        _ place: (chain: ChainID, height: Height)
    ) -> SignedTransaction {
        Transaction(
            chain: place.chain, kind: kind, expiry: Height(place.height.value + 20), fee: fee,
            salt: generator.next(), sender: signer.publicKey, payload: payload
        ).signed(by: signer)
    }
}
