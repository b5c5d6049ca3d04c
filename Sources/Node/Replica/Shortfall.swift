internal import API
internal import Assets
internal import Crypto
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Staking

extension Refusal {
    /// Carries what a transaction would fail with to whoever sent it; an overspend with its exact figures.
    init(
        _ error: ReceiptError, of checked: CheckedTransaction, spec: ChainSpec, state: some StateReader
    ) {
        guard error.code == "INSUFFICIENT_BALANCE",
            let short = Shortfall(of: checked, spec: spec, state: state)
        else {
            self.init(code: error.code, message: error.message, at: error.file.isEmpty ? nil : error)
            return
        }
        self.init(code: error.code, message: short.message, facts: short.facts)
    }
}

/// What a transaction takes out of its sender's account with its fee, and what is there.
struct Shortfall {
    let account: Address
    let asset: AssetNumber
    let balance: Amount
    let needed: Amount
    private let spec: ChainSpec

    /// Nil when the account holds enough, or the kind moves nothing of its sender's.
    init?(of checked: CheckedTransaction, spec: ChainSpec, state: some StateReader) {
        guard let (asset, amount) = Shortfall.moved(by: checked.transaction, spec) else { return nil }
        let fee = asset == spec.fees.currency ? checked.transaction.fee : .zero
        account = checked.sender
        self.asset = asset
        self.spec = spec
        balance = Bank.balance(of: account, asset: asset, in: state)
        // A sum beyond 64 bits is more than anybody holds.
        needed = amount.adding(fee) ?? Amount(units: .max)
        guard needed > balance else { return nil }
    }

    private static func moved(
        by signed: SignedTransaction, _ spec: ChainSpec
    ) -> (asset: AssetNumber, amount: Amount)? {
        switch signed.content {
        case .v0(let historical):
            // A lock names what it takes in its one argument; other amounts stand in their own field.
            let locked = historical.kind == .lockVotes ? historical.arguments.first.flatMap(UInt64.init) : nil
            let amount = locked.map { Amount(units: $0) } ?? historical.amount
            return amount == .zero ? nil : (.etm, amount)
        case .v1(let transaction, _):
            switch transaction.kind {
            case .transfer:
                return (try? TransferPayload(decoding: transaction.payload)).map { ($0.asset, $0.amount) }
            case .delayedTransfer:
                return (try? DelayedTransferPayload(decoding: transaction.payload)).map { (.etm, $0.amount) }
            case .deposit:
                return (try? DepositPayload(decoding: transaction.payload)).map { (.etm, $0.amount) }
            case .withdraw:
                return (try? WithdrawPayload(decoding: transaction.payload)).map { (.etm, $0.amount) }
            case .lock:
                return (try? LockPayload(decoding: transaction.payload)).map { (.etm, $0.amount) }
            case .registerMiner:
                return spec.consensus.elections.staking.map { (.etm, $0.minerDeposit) }
            case .registerDApp: return (.etm, spec.fees.registrationDeposit)
            default: return nil
            }
        }
    }

    private var missing: Amount { needed.subtracting(balance) ?? .zero }

    /// The figures in base units.
    var facts: [String: String] {
        [
            "balance": balance.description, "needed": needed.description, "shortfall": missing.description,
            "asset": asset.description,
        ]
    }

    var message: String {
        "\(account) holds \(show(balance)) and the transaction takes \(show(needed)) with its fee: "
            + "\(show(missing)) short"
    }

    private func show(_ amount: Amount) -> String {
        let known = spec.assets.indices.contains(Int(asset.number))
        let token = known ? spec.assets[Int(asset.number)] : .etm
        return "\(amount.formatted(decimals: Int(token.decimals))) \(token.symbol)"
    }
}
