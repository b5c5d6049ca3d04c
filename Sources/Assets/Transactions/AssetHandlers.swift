internal import Crypto
internal import Ledger
internal import Primitives

/// Makes the sender an issuer.
struct RegisterIssuerHandler: PayloadHandler {
    var kind: TransactionKind { .registerIssuer }
    var event: String { "issuerRegistered" }
    var baseFees: UInt64 { 1_000 }

    func execute(
        _ payload: RegisterIssuerPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        if let known = AssetBook.issuer(of: transaction.sender, in: state) {
            throw .asset(.alreadyIssuer(known.name))
        }
        guard AssetBook.issuer(named: payload.name, in: state) == nil else {
            throw .asset(.nameTaken(payload.name))
        }
        let record = IssuerRecord(
            name: payload.name, owner: transaction.sender, description: payload.description,
            registered: block.height)
        state.write(IssuerRecord.key(payload.name), record)
        state.write(IssuerRecord.ownerKey(transaction.sender), IssuerName(payload.name))
        return "\"issuer\":\"\(payload.name)\",\"owner\":\"\(transaction.sender)\""
    }
}

/// Makes an asset of the sender's, of which nothing exists yet.
struct CreateAssetHandler: PayloadHandler {
    var kind: TransactionKind { .createAsset }
    var event: String { "assetCreated" }
    var baseFees: UInt64 { 5_000 }

    func execute(
        _ payload: CreateAssetPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        // The registered spelling, to the letter: an asset has one name.
        guard let name = AssetNames.issuer(of: payload.currency),
            let issuer = AssetBook.issuer(of: transaction.sender, in: state), issuer.name == name
        else { throw .asset(.notIssuer(AssetNames.issuer(of: payload.currency) ?? "")) }
        guard AssetBook.asset(payload.currency, in: state) == nil else {
            throw .asset(.assetExists(payload.currency))
        }
        let record = AssetRecord(payload, owner: transaction.sender, created: block.height)
        state.write(AssetRecord.key(payload.currency), record)
        return "\"currency\":\"\(payload.currency)\",\"maximum\":\"\(payload.maximum)\","
            + "\"precision\":\(payload.precision)"
    }
}

/// Chooses the list that an asset goes by, or ends the asset.
struct SetAssetFlagHandler: PayloadHandler {
    var kind: TransactionKind { .setAssetFlag }
    var event: String { "assetFlagSet" }

    func execute(
        _ payload: SetAssetFlagPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        var asset = try AssetBook.asset(payload.currency, ownedBy: transaction.sender, in: state)
        let right = payload.list?.right ?? .writeOff
        guard asset.rights.contains(right) else { throw .asset(.notGranted(payload.currency, right)) }
        if let list = payload.list {
            guard asset.list != list else { throw .asset(.listUnchanged(payload.currency)) }
            asset.list = list
        } else {
            asset.isWrittenOff = true
        }
        state.write(AssetRecord.key(payload.currency), asset)
        return "\"currency\":\"\(payload.currency)\",\"list\":\"\(asset.list)\","
            + "\"writtenOff\":\(asset.isWrittenOff)"
    }
}

/// Puts accounts on one of an asset's lists, or takes them off.
struct ChangeAccessListHandler: PayloadHandler {
    var kind: TransactionKind { .changeAccessList }
    var event: String { "accessListChanged" }
    var baseFees: UInt64 { 2 }

    func execute(
        _ payload: ChangeAccessListPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        let asset = try AssetBook.asset(payload.currency, ownedBy: transaction.sender, in: state)
        guard asset.rights.contains(payload.list.right) else {
            throw .asset(.notGranted(payload.currency, payload.list.right))
        }
        for account in payload.accounts {
            let key = AssetBook.key(account, on: payload.list, of: payload.currency)
            let isListed = state.value(for: key) != nil
            switch payload.change {
            case .add:
                guard !isListed else { throw .asset(.alreadyListed(account)) }
                state.write(key, block.height)
            case .remove:
                guard isListed else { throw .asset(.notListed(account)) }
                state.set(key, to: nil)
            }
        }
        let accounts = payload.accounts.map { "\"\($0)\"" }.joined(separator: ",")
        return "\"currency\":\"\(payload.currency)\",\"list\":\"\(payload.list)\","
            + "\"change\":\"\(payload.change)\",\"accounts\":[\(accounts)]"
    }
}

/// Makes units of an asset, which its owner then holds.
struct IssueAssetHandler: PayloadHandler {
    var kind: TransactionKind { .issueAsset }
    var event: String { "assetIssued" }

    func execute(
        _ payload: IssueAssetPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        var asset = try AssetBook.asset(payload.currency, ownedBy: transaction.sender, in: state)
        guard let quantity = asset.quantity.adding(payload.amount), quantity <= asset.maximum else {
            throw .asset(
                .aboveMaximum(quantity: asset.quantity, amount: payload.amount, maximum: asset.maximum))
        }
        asset.quantity = quantity
        state.write(AssetRecord.key(payload.currency), asset)
        try AssetBook.credit(payload.amount, of: payload.currency, to: transaction.sender, in: &state)
        return "\"currency\":\"\(payload.currency)\",\"amount\":\"\(payload.amount)\","
            + "\"quantity\":\"\(quantity)\""
    }
}

/// Moves units of an asset between accounts that its list lets take part.
struct TransferAssetHandler: PayloadHandler {
    var kind: TransactionKind { .transferAsset }
    var event: String { "assetTransferred" }

    // Old libraries let such a transfer carry a message, right before the currency and without a length: where
    // the end of the issuer's name is an issuer's with the same symbol, nobody can say what was meant.
    private func refuseOtherReading(of currency: String, in state: some StateReader) throws(ExecutionError) {
        var other = currency.dropFirst()
        while other.utf8.first != 0x2e, !other.isEmpty {
            guard AssetBook.asset(String(other), in: state) == nil else {
                throw .notAllowed("version 0 bytes of \(currency) can also mean a message and \(other)")
            }
            other = other.dropFirst()
        }
    }

    func execute(
        _ payload: TransferAssetPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard payload.recipient != transaction.sender else { throw .sameAccount }
        guard let asset = AssetBook.asset(payload.currency, in: state) else {
            throw .asset(.unknownAsset(payload.currency))
        }
        if transaction.isHistorical { try refuseOtherReading(of: payload.currency, in: state) }
        guard !asset.isWrittenOff else { throw .asset(.writtenOff(payload.currency)) }
        for account in [transaction.sender, payload.recipient]
        where !AssetBook.isAdmitted(account, to: asset, in: state) {
            throw .asset(.barred(account, payload.currency))
        }
        try AssetBook.debit(payload.amount, of: payload.currency, from: transaction.sender, in: &state)
        try AssetBook.credit(payload.amount, of: payload.currency, to: payload.recipient, in: &state)
        return "\"from\":\"\(transaction.sender)\",\"to\":\"\(payload.recipient)\","
            + "\"currency\":\"\(payload.currency)\",\"amount\":\"\(payload.amount)\""
    }
}
