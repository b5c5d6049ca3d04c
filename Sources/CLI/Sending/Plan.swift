package import JSON
package import Primitives

/// What will happen to the sender's balances, shown before anything is signed.
package struct Plan: Sendable, Equatable {
    /// What is done and where.
    package var title: String
    /// Who pays.
    package var sender: String
    /// Further facts of the order, label and value.
    package var facts: [Fact]
    /// The fee and what it is paid in.
    package var fee: Amount
    /// The currency of the fee.
    package var feeCurrency: Currency
    /// The balances that change.
    package var balances: [Change]

    /// A label and its value.
    package struct Fact: Sendable, Equatable {
        /// What it is.
        package var label: String
        /// How much or who.
        package var value: String
        /// Joins the parts.
        package init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// One balance before and after.
    package struct Change: Sendable, Equatable {
        /// In what.
        package var currency: Currency
        /// Now.
        package var before: Amount
        /// Afterwards.
        package var after: Amount
        /// Joins the parts.
        package init(currency: Currency, before: Amount, after: Amount) {
            self.currency = currency
            self.before = before
            self.after = after
        }
    }

    /// Joins the parts.
    package init(
        title: String, sender: String, facts: [Fact], fee: Amount, feeCurrency: Currency, balances: [Change]
    ) {
        self.title = title
        self.sender = sender
        self.facts = facts
        self.fee = fee
        self.feeCurrency = feeCurrency
        self.balances = balances
    }

    /// The plan for people.
    package var lines: [String] {
        var pairs = [("from", sender)] + facts.map { ($0.label, $0.value) }
        pairs.append(("fee", feeCurrency.display(fee)))
        for change in balances {
            pairs.append(
                (
                    "balance",
                    "\(change.before.formatted(decimals: change.currency.decimals)) → \(change.currency.display(change.after))"
                ))
        }
        return [title] + TextLayout.pairs(pairs, indent: 2)
    }

    /// The plan for programs.
    package var json: JSONValue {
        var facts = JSONObject()
        for fact in self.facts { facts[fact.label] = .string(fact.value) }
        return [
            "action": .string(title), "from": .string(sender), "facts": .object(facts),
            "fee": feeCurrency.json(fee),
            "balances": .array(
                balances.map {
                    [
                        "symbol": .string($0.currency.symbol), "before": $0.currency.json($0.before),
                        "after": $0.currency.json($0.after),
                    ]
                }),
        ]
    }

    /// Takes what leaves and the fee from the balances; fails with the exact shortfall.
    package static func changes(
        balances: [Amount], leaving: [Amount], fee: Amount, feeAsset: Int, currencies: [Currency], who: String
    ) throws(CommandFailure) -> [Change] {
        var changes: [Change] = []
        for index in balances.indices {
            let paid = index == feeAsset ? fee : .zero
            guard let needed = leaving[index].adding(paid) else {
                throw .usage("BAD_AMOUNT", "the amount is larger than any balance", hint: "--amount 10")
            }
            if needed == .zero { continue }
            guard let after = balances[index].subtracting(needed) else {
                throw shortfall(balance: balances[index], needed: needed, currencies[index], who)
            }
            changes.append(Change(currency: currencies[index], before: balances[index], after: after))
        }
        return changes
    }

    private static func shortfall(
        balance: Amount, needed: Amount, _ currency: Currency, _ who: String
    ) -> CommandFailure {
        let short = needed.subtracting(balance) ?? .zero
        var facts = JSONObject()
        facts["balance"] = currency.json(balance)
        facts["needed"] = currency.json(needed)
        facts["shortfall"] = currency.json(short)
        return CommandFailure(
            "INSUFFICIENT_BALANCE",
            "\(who) holds \(currency.display(balance)) and needs \(currency.display(needed)), fee included: "
                + "\(currency.display(short)) short",
            hint:
                "etm devnet faucet \(who) --amount \(short.formatted(decimals: currency.decimals).filter { $0 != "," })",
            exit: .refused, facts: facts)
    }
}
