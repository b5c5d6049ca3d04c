internal import Crypto
internal import Primitives

/// The rules of the kinds' own fields.
extension HistoricalTransaction {
    func checkContent() throws(HistoricalRefusal) {
        switch content {
        case .secondSignature(let key):
            guard key != sender else {
                throw .outOfBounds(.content, rule: "must be another key than the sender's")
            }
        case .vote(let votes): try check(votes)
        case .multisignature(let group): try check(group)
        case .storage(let content):
            guard (1...HistoricalTransaction.largestStorage).contains(content.count) else {
                throw .outOfBounds(
                    .content, rule: "must have 1 to \(HistoricalTransaction.largestStorage) bytes")
            }
        case .issuer(let name, let description):
            guard HistoricalText.isIssuer(name.utf8) else {
                throw .outOfBounds(.name, rule: "must match [A-Za-z]{1,16}")
            }
            try checkDescription(description)
        case .asset(let asset): try check(asset)
        case .flags(let currency, let type, let flag):
            try check(currency: currency)
            guard (1...2).contains(type) else { throw .outOfBounds(.flagType, rule: "must be 1 or 2") }
            guard flag <= 1 else { throw .outOfBounds(.flag, rule: "must be 0 or 1") }
        case .acl(let change): try check(change)
        case .issue(let currency, let amount), .assetTransfer(let currency, let amount):
            try check(currency: currency)
            try check(amount, .amount)
        default: break
        }
    }

    private func check(_ votes: [HistoricalVote]) throws(HistoricalRefusal) {
        guard (1...2).contains(votes.count), votes.count(where: \.isFor) <= 1,
            votes.count(where: { !$0.isFor }) <= 1
        else { throw .outOfBounds(.votes, rule: "must be at most one \"+\" and at most one \"-\"") }
        guard Set(votes.map(\.miner)).count == votes.count else { throw .repeated(.votes) }
    }

    private func check(_ group: HistoricalGroup) throws(HistoricalRefusal) {
        guard (1...16).contains(group.keys.count) else {
            throw .outOfBounds(.keysgroup, rule: "must have 1 to 16 keys")
        }
        guard Set(group.keys).count == group.keys.count else { throw .repeated(.keysgroup) }
        guard !group.keys.contains(sender) else {
            throw .outOfBounds(.keysgroup, rule: "must not have the sender's own key")
        }
        guard (2...16).contains(group.minimum), Int(group.minimum) <= group.keys.count + 1 else {
            throw .outOfBounds(.min, rule: "must be 2 to 16 and at most one more than the keys")
        }
        guard (1...24).contains(group.lifetime) else {
            throw .outOfBounds(.lifetime, rule: "must be 1 to 24")
        }
        // Whoever is made a member must have agreed.
        guard group.keys.allSatisfy({ key in endorsements.contains { $0.key == key } }) else {
            throw .outOfBounds(.signatures, rule: "must be one of every key of the group")
        }
    }

    private func check(_ asset: HistoricalAsset) throws(HistoricalRefusal) {
        guard HistoricalText.isCurrency(asset.name.utf8) else {
            throw .outOfBounds(.name, rule: "must be an issuer, a point and [A-Z]{3,6}")
        }
        try checkDescription(asset.about)
        try check(asset.maximum, .maximum)
        guard asset.precision <= 16 else { throw .outOfBounds(.precision, rule: "must be 0 to 16") }
        // The historical nodes evaluated it as an expression.
        guard asset.strategy.isEmpty else {
            throw .outOfBounds(.strategy, rule: "must be empty: this chain evaluates no expressions")
        }
        guard asset.allowWriteoff <= 1 else { throw .outOfBounds(.allowWriteoff, rule: "must be 0 or 1") }
        guard asset.allowWhitelist <= 1 else { throw .outOfBounds(.allowWhitelist, rule: "must be 0 or 1") }
        guard asset.allowBlacklist <= 1 else { throw .outOfBounds(.allowBlacklist, rule: "must be 0 or 1") }
    }

    private func check(_ change: HistoricalAccessChange) throws(HistoricalRefusal) {
        try check(currency: change.currency)
        guard change.operation == "+" || change.operation == "-" else {
            throw .outOfBounds(.operation, rule: "must be \"+\" or \"-\"")
        }
        guard change.flag <= 1 else { throw .outOfBounds(.flag, rule: "must be 0 or 1") }
        guard (1...10).contains(change.list.count) else {
            throw .outOfBounds(.list, rule: "must have 1 to 10 addresses")
        }
        guard change.list.allSatisfy({ Address(text: $0) != nil }) else {
            throw .outOfBounds(.list, rule: "must be addresses")
        }
        guard Set(change.list).count == change.list.count else { throw .repeated(.list) }
    }

    private func check(currency: String) throws(HistoricalRefusal) {
        guard HistoricalText.isCurrency(currency.utf8) else {
            throw .outOfBounds(.currency, rule: "must be an issuer, a point and [A-Z]{3,6}")
        }
    }

    private func check(_ amount: String, _ field: HistoricalRefusal.Field) throws(HistoricalRefusal) {
        guard HistoricalText.isAssetAmount(amount.utf8) else {
            throw .outOfBounds(field, rule: "must be a whole number in decimal from 1 to 10^48")
        }
    }

    private func checkDescription(_ text: String) throws(HistoricalRefusal) {
        guard (1...HistoricalTransaction.longestText).contains(text.utf8.count) else {
            throw .outOfBounds(.desc, rule: "must have 1 to \(HistoricalTransaction.longestText) bytes")
        }
    }
}
