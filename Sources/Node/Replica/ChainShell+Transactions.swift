internal import API
internal import Assets
internal import Consensus
internal import Ledger
internal import Primitives

/// Transactions on their way into blocks, and what makes an idle chain work.
extension ChainShell {
    /// Takes a transaction of this node's users, and says why not.
    func submit(_ checked: CheckedTransaction, _ reply: @Sendable (Result<TransactionID, Refusal>) -> Void) {
        guard let view = state.view(at: finalBlock) else { return reply(.failure(.stopped)) }
        do {
            guard !state.contains(checked.id, on: finalBlock) else {
                throw AdmissionRejection.duplicate(checked.id)
            }
            let time = max(now(), finalHeader.timestamp)
            if let error = try bench.preview(
                checked, height: finalHeader.height.next, time: time, on: finalBlock, state: view)
            {
                return reply(.failure(Refusal(error, of: checked, spec: configuration.spec, state: view)))
            }
            configuration.observer.settled(try mempool.add(checked))
            configuration.observer.waiting([checked.transaction], at: nil)
            try broadcast(.transactions([checked.transaction]))
            reply(.success(checked.id))
        } catch let rejection as AdmissionRejection {
            reply(.failure(Refusal(rejection)))
        } catch let rejection as Mempool.Rejection {
            reply(.failure(Refusal(code: rejection.code, message: rejection.message)))
        } catch {
            failure = "\(error)"
            isStopped = true
            reply(.failure(.stopped))
        }
    }

    /// Takes transactions that a peer passed on; what is wrong with them is the peer's affair.
    func accept(_ transactions: [SignedTransaction]) {
        let new = transactions.filter {
            !mempool.contains($0.id) && !state.contains($0.id, on: finalBlock)
        }
        guard let view = state.view(at: finalBlock) else { return }
        let time = now()
        let next = finalHeader.height.next
        // A copy that lacks signatures must not take the place of the whole one: both have the same id.
        for checked in bench.checks.passing(new)
        where bench.isAlive(checked, height: next, time: time)
            && bench.isAuthorized(checked, height: next, state: view)
        {
            do {
                configuration.observer.settled(try mempool.add(checked))
                configuration.observer.waiting([checked.transaction], at: nil)
            } catch {
                // Full or duplicate: the sender's own node has told the user already.
            }
        }
    }

    func mine(_ count: Int, _ reply: @escaping @Sendable (Result<Height, Refusal>) -> Void) {
        guard configuration.mining == .manual else {
            return reply(
                .failure(
                    Refusal(
                        code: "NOT_MANUAL", message: "this network makes blocks by itself",
                        hint: "etm devnet up --mine manual")))
        }
        guard mineReplies.count < ChainShell.mostMiners else {
            return reply(
                .failure(Refusal(code: "BUSY", message: "too many ask for blocks", hint: "try again")))
        }
        // Orders that are under way come first: each gets its own blocks.
        let target = Height(max(mineUpTo, finalHeader.height).value + UInt64(max(1, min(count, 100_000))))
        mineUpTo = target
        mineReplies.append((target, reply))
        try? broadcast(.mine(upTo: mineUpTo))
    }

    /// A peer wants blocks up to a height; one that lies absurdly far ahead is not believed.
    func takeMiningOrder(upTo height: Height) {
        guard configuration.mining == .manual, height.value <= finalHeader.height.value + 100_000_000 else {
            return
        }
        mineUpTo = max(mineUpTo, height)
    }

    func answerMiners() {
        let height = finalHeader.height
        for waiting in mineReplies where waiting.height <= height { waiting.reply(.success(height)) }
        mineReplies.removeAll { $0.height <= height }
    }

    /// Tells the replica when there is something to put into a block, or no longer.
    func updateCause() throws {
        guard case .onDemand = configuration.spec.consensus.pacing else {
            hasCause = false
            return
        }
        let now = causeNow
        guard now != hasCause else { return }
        hasCause = now
        try feed(.causeChanged(now))
    }

    private var causeNow: Bool {
        if configuration.spec.role == .main, configuration.mining == .manual {
            return finalHeader.height < mineUpTo
        }
        if mempool.count > 0 { return true }
        guard let view = state.view(at: finalBlock) else { return false }
        return bench.hasUndelivered(in: view) || DelayedQuery(view).isDue(at: now())
    }

    /// Shows the chain as it is now to everyone who asks.
    func publish() {
        guard let view = state.view(at: finalBlock) else { return }
        var snapshot = ChainSnapshot(
            spec: configuration.spec, lifecycle: .running, finalHeader: finalHeader, finalBlock: finalBlock,
            state: view, members: members)
        snapshot.record = configuration.record
        snapshot.head = head
        snapshot.pendingCount = mempool.count
        snapshot.pendingBytes = mempool.bytes
        publishedCount = mempool.count
        configuration.observer.published(snapshot)
    }
}

extension Refusal {
    /// Carries a rejection to whoever asked, with the figures that help.
    init(_ rejection: AdmissionRejection) {
        var facts: [String: String] = [:]
        var hint = ""
        switch rejection {
        case .feeTooLow(let needed, let got): facts = ["needed": "\(needed)", "got": "\(got)"]
        case .cannotPayFee(_, let balance, let needed):
            facts = [
                "balance": "\(balance)", "needed": "\(needed)",
                "shortfall": "\(needed.subtracting(balance) ?? .zero)",
            ]
        case .expired(let expiry, let height): facts = ["expiry": "\(expiry)", "height": "\(height)"]
        case .needsSignatures(let least, let got, let missing):
            facts = ["least": "\(least)", "got": "\(got)", "missing": Refusal.list(missing)]
            hint = Refusal.signing
        case .needsSecondSignature(let key):
            facts = ["missing": key.hex]
            hint = Refusal.signing
        case .needsConsent(let missing):
            facts = ["missing": Refusal.list(missing)]
            hint = Refusal.signing
        case .strangeSignature(let key): facts = ["key": key.hex]
        case .accountLocked(let until):
            facts = ["until": "\(until)"]
            hint = "send it after height \(until)"
        default: break
        }
        self.init(code: rejection.code, message: rejection.message, hint: hint, facts: facts)
    }

    private static let signing = "etm tx sign FILE --from NAME adds a signature to a saved transaction"

    private static func list(_ keys: [PublicKey]) -> String {
        keys.map(\.hex).joined(separator: " ")
    }
}
