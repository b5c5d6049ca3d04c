internal import Primitives

/// What stands behind the amount, in one of the ways in which a kind's own rules let it be split.
struct HistoricalTail {
    var message = ""
    var arguments: [String] = []
    let content: HistoricalContent

    /// Every split whose parts have the right forms.
    ///
    /// A registered DApp is five texts in a row, which can be split anywhere; no chain carries it out, and no
    /// split is given.
    static func readings(of bytes: [UInt8], _ kind: HistoricalKind) -> [HistoricalTail] {
        let rest = bytes[...]
        switch kind {
        case .registerDApp: return []
        case .delegate:
            return HistoricalText.isUsername(rest)
                ? [HistoricalTail(content: .delegate(username: text(rest)))] : []
        case .inTransfer: return one(HistoricalParts.inTransfer(rest))
        case .outTransfer: return one(HistoricalParts.outTransfer(rest))
        case .send: return sends(rest)
        case .delayTransfer: return delays(rest)
        case .secondSignature:
            return PublicKey(bytes: rest).map { [HistoricalTail(content: .secondSignature($0))] } ?? []
        case .vote: return one(HistoricalParts.votes(rest).map(HistoricalContent.vote))
        case .multisignature: return one(HistoricalParts.group(rest).map(HistoricalContent.multisignature))
        case .storage: return [HistoricalTail(content: .storage(bytes))]
        case .issuer: return issuers(rest)
        case .asset: return HistoricalParts.assets(rest).map { HistoricalTail(content: .asset($0)) }
        case .flags: return one(HistoricalParts.flags(rest))
        case .acl: return HistoricalParts.accessChanges(rest).map { HistoricalTail(content: .acl($0)) }
        case .issue:
            return HistoricalParts.currenciesAndAmounts(rest).map {
                HistoricalTail(content: .issue(currency: $0, amount: $1))
            }
        case .assetTransfer:
            return HistoricalParts.currenciesAndAmounts(rest).map {
                HistoricalTail(content: .assetTransfer(currency: $0, amount: $1))
            }
        case .lockHeight: return argument(rest, .lockHeight)
        case .lockVotes: return argument(rest, .lockVotes)
        case .unlockVotes: return unlocks(rest)
        case .resignDelegate: return rest.isEmpty ? [HistoricalTail(content: .resignDelegate)] : []
        }
    }

    private static func one(_ content: HistoricalContent?) -> [HistoricalTail] {
        content.map { [HistoricalTail(content: $0)] } ?? []
    }

    private static func sends(_ rest: ArraySlice<UInt8>) -> [HistoricalTail] {
        guard let message = HistoricalText.text(rest, units: HistoricalTransaction.longestMessage) else {
            return []
        }
        return [HistoricalTail(message: message, content: .send)]
    }

    // A message and a number of at most 20 digits.
    private static func delays(_ rest: ArraySlice<UInt8>) -> [HistoricalTail] {
        (1...20).compactMap { count in
            guard count <= rest.count, HistoricalText.isNumber(rest.suffix(count), most: 20),
                let message = HistoricalText.text(
                    rest.dropLast(count), units: HistoricalTransaction.longestMessage)
            else { return nil }
            return HistoricalTail(
                message: message, arguments: [text(rest.suffix(count))], content: .delayTransfer)
        }
    }

    private static func argument(
        _ rest: ArraySlice<UInt8>, _ content: HistoricalContent
    ) -> [HistoricalTail] {
        guard HistoricalText.isNumber(rest, most: 20) else { return [] }
        return [HistoricalTail(arguments: [text(rest)], content: content)]
    }

    private static func unlocks(_ rest: ArraySlice<UInt8>) -> [HistoricalTail] {
        guard rest.count.isMultiple(of: 64) else { return [] }
        let ids = stride(from: rest.startIndex, to: rest.endIndex, by: 64).map { text(rest[$0..<$0 + 64]) }
        return ids.count <= HistoricalTransaction.mostArguments
            ? [HistoricalTail(arguments: ids, content: .unlockVotes)] : []
    }

    private static func issuers(_ rest: ArraySlice<UInt8>) -> [HistoricalTail] {
        (1...16).compactMap { count in
            guard count < rest.count, HistoricalText.isIssuer(rest.prefix(count)),
                let description = String(validating: rest.dropFirst(count), as: UTF8.self)
            else { return nil }
            return HistoricalTail(
                content: .issuer(name: text(rest.prefix(count)), description: description))
        }
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
