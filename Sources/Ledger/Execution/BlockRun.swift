internal import Crypto
internal import Primitives

/// One block's execution in progress.
struct BlockRun {
    let spec: ChainSpec
    let registry: TransactionRegistry
    let frame: BlockExecutor.Frame
    var state: StateOverlay
    private(set) var calls: [ContractCall] = []
    private(set) var gasReserved: UInt64 = 0
    private var result = ExecutedBlock()
    private var callFees: [Amount] = []
    private let feeKey: StateKey
    // False in a simulation, whose transaction nobody has signed yet.
    private let asksSignatures: Bool

    var count: Int { result.transactions.count }

    init(
        spec: ChainSpec, registry: TransactionRegistry, frame: BlockExecutor.Frame,
        parent: any StateReader, expecting transactions: Int = 0, asksSignatures: Bool = true
    ) throws(BlockRejection) {
        self.spec = spec
        self.registry = registry
        self.frame = frame
        self.asksSignatures = asksSignatures
        feeKey = Bank.feeKey(spec.fees.currency)
        state = StateOverlay(parent, expecting: 2 * transactions)
        // Messages make ETM out of an escrow on the main chain, which has no escrow of its own.
        guard spec.role == .side || frame.inbox.isEmpty && frame.tickets.isEmpty else { throw .badAnchor }
        try consumeReveal()
        do throws(ExecutionError) {
            try Inbox.inject(frame.inbox, in: &state)
            try DrawTickets.settle(frame.tickets, in: &state)
        } catch {
            throw .badAnchor
        }
    }

    // A chain with onions accepts exactly the next layer of the leader's; another chain accepts only zero.
    private mutating func consumeReveal() throws(BlockRejection) {
        let key = OnionHead.key(frame.context.leader)
        guard let head = state.read(OnionHead.self, key) else {
            guard frame.reveal == .zero else { throw .badReveal }
            return
        }
        guard SHA256.hash(frame.reveal.array) == head.layer else { throw .badReveal }
        state.write(key, OnionHead(layer: frame.reveal, revealed: head.revealed &+ 1))
    }

    /// Charges the fee and executes a native transaction, or queues a call; false when it was left out.
    mutating func take(_ checked: CheckedTransaction, isAssembling: Bool = false) -> Bool {
        let call = checked.transaction.kind == .call ? BlockRun.call(of: checked) : nil
        let (gas, overflow) = gasReserved.addingReportingOverflow(call?.payload.gasLimit ?? 0)
        if isAssembling, overflow || gas > spec.limits.gas { return false }
        guard (try? authorize(checked)) != nil else { return false }
        state.forgetSavepoints()
        let start = state.savepoint
        let fee = checked.transaction.fee
        do throws(ExecutionError) {
            try Bank.debit(fee, from: checked.sender, asset: spec.fees.currency, in: &state)
            try Bank.add(fee, to: feeKey, in: &state)
        } catch {
            state.rollBack(to: start)
            return false
        }
        if case .v0(let historical) = checked.transaction.content {
            UsedConsents.add(historical, at: frame.context.time, in: &state)
        }
        guard let call else {
            let mayDrop = isAssembling && result.dropped.count < BlockExecutor.mostDropped
            return execute(checked, fee: fee, start: start, dropIfFailing: mayDrop)
        }
        calls.append(call)
        callFees.append(fee)
        gasReserved = overflow ? .max : gas
        result.transactions.append(checked.transaction)
        return true
    }

    // The state is that before the transaction, in which an earlier one of the block may have set a policy.
    private func authorize(_ checked: CheckedTransaction) throws(AdmissionRejection) {
        let height = frame.context.height
        guard asksSignatures else { return try Authority.checkLock(checked, state: state, height: height) }
        try Authority.check(checked, registry, state: state, height: height)
    }

    /// Why a transaction that was not taken may not enter: its account forbids it, or cannot pay the fee.
    func refusal(of checked: CheckedTransaction) -> AdmissionRejection {
        do throws(AdmissionRejection) {
            try authorize(checked)
        } catch {
            return error
        }
        let balance = Bank.balance(of: checked.sender, asset: spec.fees.currency, in: state)
        return .cannotPayFee(account: checked.sender, balance: balance, needed: checked.transaction.fee)
    }

    private mutating func execute(
        _ checked: CheckedTransaction, fee: Amount, start: Int, dropIfFailing: Bool
    ) -> Bool {
        let charged = state.savepoint
        var outcome = HandlerOutcome()
        var failure: ExecutionError?
        do throws(ExecutionError) {
            outcome = try perform(checked, fee: fee)
        } catch {
            failure = error
            state.rollBack(to: dropIfFailing ? start : charged)
            if dropIfFailing {
                result.dropped.append(checked.id)
                return false
            }
        }
        result.transactions.append(checked.transaction)
        result.outbox.append(contentsOf: outcome.outbox)
        result.receipts.append(
            Receipt(transaction: checked.id, error: failure?.receipt, fee: fee, events: outcome.events))
        return true
    }

    private mutating func perform(
        _ checked: CheckedTransaction, fee: Amount
    ) throws(ExecutionError) -> HandlerOutcome {
        switch checked.transaction.content {
        case .v1(let transaction, _):
            return try perform(transaction.kind, transaction.payload, of: checked, fee: fee)
        case .v0(let historical):
            guard let orders = try? registry.orders(of: historical) else {
                throw .notAllowed("the chain has no such kind")
            }
            var whole = HandlerOutcome()
            for order in orders {
                let outcome = try perform(order.kind, order.payload, of: checked, fee: fee)
                whole.events += outcome.events
                whole.outbox += outcome.outbox
            }
            return whole
        }
    }

    private mutating func perform(
        _ kind: TransactionKind, _ payload: [UInt8], of checked: CheckedTransaction, fee: Amount
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let handler = registry[kind] else { throw .notAllowed("the chain has no such kind") }
        let context = TransactionContext(
            id: checked.id, sender: checked.sender, payload: payload, fee: fee,
            isHistorical: checked.transaction.isHistorical)
        return try handler.execute(context, in: frame.context, state: &state)
    }

    /// Runs the queued calls in one delivery and settles their fees; the block's changes are taken later.
    mutating func finish(_ contracts: some ContractExecutor) throws(ContractFailure) -> ExecutedBlock {
        if !calls.isEmpty {
            let outcome = try contracts.deliver(
                calls, in: frame.context, gasLimit: spec.limits.gas, state: state)
            guard outcome.results.count == calls.count else {
                throw ContractFailure("\(outcome.results.count) results for \(calls.count) calls")
            }
            try apply(outcome)
            for (index, call) in calls.enumerated() {
                settle(call, paid: callFees[index], outcome.results[index])
            }
        }
        return result
    }

    private mutating func apply(_ outcome: ContractOutcome) throws(ContractFailure) {
        try outcome.checkBounds()
        try checkSums(outcome.balances)
        for write in outcome.writes { state.set(StateKey(.dapp, write.key), to: write.value) }
        for balance in outcome.balances {
            Bank.write(balance.amount, at: Bank.key(balance.address, balance.asset), in: &state)
        }
    }

    // The worker is sandboxed but not trusted with money: what it moved must add up.
    private func checkSums(_ balances: [Genesis.Balance]) throws(ContractFailure) {
        // An account named twice would count its old balance twice and keep only its last new one.
        let accounts = balances.map { ($0.address, $0.asset) }.sorted { $0 < $1 }
        for index in accounts.indices.dropFirst() where accounts[index - 1] == accounts[index] {
            throw ContractFailure("the worker names the balance of \(accounts[index].0) twice")
        }
        for asset in spec.assets.indices.map({ AssetNumber(UInt8($0)) }) {
            var before = Amount.zero
            var after = Amount.zero
            for balance in balances where balance.asset == asset {
                let held = Bank.balance(of: balance.address, asset: asset, in: state)
                guard let b = before.adding(held), let a = after.adding(balance.amount) else {
                    throw ContractFailure("the moved balances overflow")
                }
                before = b
                after = a
            }
            guard before == after else {
                throw ContractFailure(
                    "the worker made \(after) base units of asset \(asset) out of \(before)")
            }
        }
        guard balances.allSatisfy({ Int($0.asset.number) < spec.assets.count }) else {
            throw ContractFailure("the worker moved an asset that the chain does not have")
        }
    }

    // Unused gas is paid back; the refund cannot fail because the fee pool holds at least what was reserved.
    private mutating func settle(_ call: ContractCall, paid: Amount, _ outcome: ContractResult) {
        let gasUsed = min(outcome.gasUsed, call.payload.gasLimit)
        let reserved = spec.fees.price(ofGas: call.payload.gasLimit)
        let refund = reserved.subtracting(spec.fees.price(ofGas: gasUsed)) ?? .zero
        var charged = paid
        let pool = Bank.fees(asset: spec.fees.currency, in: state)
        if refund != .zero, let rest = paid.subtracting(refund), let left = pool.subtracting(refund),
            (try? Bank.credit(refund, to: call.sender, asset: spec.fees.currency, in: &state)) != nil
        {
            Bank.write(left, at: Bank.feeKey(spec.fees.currency), in: &state)
            charged = rest
        }
        result.receipts.append(
            Receipt(
                transaction: call.transaction, error: outcome.error, fee: charged, gasUsed: gasUsed,
                events: outcome.error == nil ? outcome.events : [],
                returned: outcome.error == nil ? outcome.returned : []))
        for text in outcome.logs { result.logs.append((call.transaction, text)) }
    }

    private static func call(of checked: CheckedTransaction) -> ContractCall? {
        guard case .v1(let transaction, _) = checked.transaction.content,
            let payload = try? CallPayload(decoding: transaction.payload)
        else { return nil }
        return ContractCall(transaction: checked.id, sender: checked.sender, payload: payload)
    }
}
