internal import Assets
internal import Crypto
internal import Ledger
internal import Primitives

/// Random operations about assets, stored contents and delayed transfers; many fail, as strangers' do.
struct AssetOperations: Sendable {
    /// An operation before it is signed.
    struct Operation {
        let kind: TransactionKind
        let payload: [UInt8]
        let signer: FakeSigner
        let fee: Amount
    }

    /// The issuers' accounts are the first ones.
    private let accounts: [FakeSigner]

    private static let issuers = ["Alpha", "Beta", "Gamma"]
    private static let symbols = ["GOLD", "TIN"]
    private static let rights = AssetRights(writeOff: true, whitelist: true, blacklist: true)

    init(accounts: [FakeSigner]) { self.accounts = accounts }

    func next(at time: Instant, _ random: inout SeededGenerator) -> Operation {
        let number = Int(random.below(UInt64(Self.issuers.count)))
        // One in eight tries somebody else's.
        let owner = random.below(8) == 0 ? pick(&random) : accounts[number]
        let currency = "\(Self.issuers[number]).\(Self.symbols[Int(random.below(2))])"
        switch random.below(16) {
        case 0:
            let payload = RegisterIssuerPayload(name: Self.issuers[number], description: "")
            return Operation(
                kind: .registerIssuer, payload: payload.encoded, signer: owner, fee: .etm(101))
        case 1:
            let payload = CreateAssetPayload(
                currency: currency, description: "", maximum: AssetAmount.most, precision: 8,
                rights: Self.rights)
            return Operation(kind: .createAsset, payload: payload.encoded, signer: owner, fee: .etm(501))
        case 2...4:
            let payload = IssueAssetPayload(currency: currency, amount: amount(&random))
            return Operation(kind: .issueAsset, payload: payload.encoded, signer: owner, fee: .etm(1))
        case 5: return flag(currency, owner, &random)
        case 6, 7:
            let payload = ChangeAccessListPayload(
                currency: currency, change: random.below(2) == 0 ? .add : .remove,
                list: random.below(2) == 0 ? .blacklist : .whitelist,
                accounts: [Address(of: pick(&random).publicKey)])
            return Operation(
                kind: .changeAccessList, payload: payload.encoded, signer: owner, fee: .etm(1))
        default: return moved(currency, at: time, &random)
        }
    }

    private func moved(
        _ currency: String, at time: Instant, _ random: inout SeededGenerator
    ) -> Operation {
        let recipient = Address(of: pick(&random).publicKey)
        switch random.below(8) {
        case 0:
            let content = (0...random.below(300)).map { UInt8(truncatingIfNeeded: $0) }
            return Operation(
                kind: .storage, payload: StoragePayload(content: content).encoded, signer: pick(&random),
                fee: .etm(1))
        case 1, 2:
            let due = time.advanced(by: .seconds(3_500 + random.below(1_000)))
            let payload = DelayedTransferPayload(
                recipient: recipient, amount: Amount(units: 1 + random.below(1 << 32)), due: due)
            return Operation(
                kind: .delayedTransfer, payload: payload.encoded, signer: pick(&random), fee: .etm(1))
        default:
            let payload = TransferAssetPayload(
                recipient: recipient, currency: currency, amount: UInt256(1 + random.below(1 << 40)))
            // Units come from the issuers, so every other transfer is one of theirs.
            let sender = random.below(2) == 0 ? accounts[Int(random.below(3))] : pick(&random)
            return Operation(kind: .transferAsset, payload: payload.encoded, signer: sender, fee: .etm(1))
        }
    }

    private func flag(_ currency: String, _ owner: FakeSigner, _ random: inout SeededGenerator) -> Operation {
        // Writing off is rare: nothing happens to an asset afterwards.
        let payload =
            random.below(30) == 0
            ? SetAssetFlagPayload(writingOff: currency)
            : SetAssetFlagPayload(currency: currency, list: random.below(3) == 0 ? .whitelist : .blacklist)
        return Operation(kind: .setAssetFlag, payload: payload.encoded, signer: owner, fee: .etm(1))
    }

    // Up to 10^48, but one in four is small.
    private func amount(_ random: inout SeededGenerator) -> UInt256 {
        if random.below(4) == 0 { return UInt256(1 + random.below(1 << 50)) }
        return UInt256(high: UInt128(random.below(1 << 20)), low: UInt128(random.next()))
    }

    private func pick(_ random: inout SeededGenerator) -> FakeSigner {
        accounts[Int(random.below(UInt64(accounts.count)))]
    }
}
