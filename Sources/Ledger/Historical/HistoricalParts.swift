internal import Crypto
internal import Primitives

/// Splits of the bytes of single kinds.
enum HistoricalParts {
    // A sign and 64 digits each.
    static func votes(_ rest: ArraySlice<UInt8>) -> [HistoricalVote]? {
        guard rest.count.isMultiple(of: 65), rest.count <= 2 * 65 else { return nil }
        var votes: [HistoricalVote] = []
        for start in stride(from: rest.startIndex, to: rest.endIndex, by: 65) {
            guard let vote = HistoricalVote(text: HistoricalTail.text(rest[start..<start + 65])) else {
                return nil
            }
            votes.append(vote)
        }
        return votes
    }

    // Two numbers, then "+" and 64 digits each.
    static func group(_ rest: ArraySlice<UInt8>) -> HistoricalGroup? {
        let count = rest.count - 2
        guard count >= 0, count.isMultiple(of: 65), count / 65 <= HistoricalGroup.mostKeys else { return nil }
        var keys: [PublicKey] = []
        for start in stride(from: rest.startIndex + 2, to: rest.endIndex, by: 65) {
            guard let vote = HistoricalVote(text: HistoricalTail.text(rest[start..<start + 65])), vote.isFor
            else { return nil }
            keys.append(vote.miner)
        }
        return HistoricalGroup(
            minimum: rest[rest.startIndex], lifetime: rest[rest.startIndex + 1], keys: keys)
    }

    /// The prefixes that are currencies.
    private static func currencies(_ rest: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        guard let point = rest.prefix(17).firstIndex(of: 0x2e) else { return [] }
        return (3...6).compactMap { count in
            let end = point + 1 + count
            guard end <= rest.endIndex, HistoricalText.isCurrency(rest[..<end]) else { return nil }
            return rest[..<end]
        }
    }

    // A symbol has no digits and an amount nothing else, so there is one split or none.
    static func currenciesAndAmounts(_ rest: ArraySlice<UInt8>) -> [(currency: String, amount: String)] {
        currencies(rest).compactMap { currency in
            let amount = rest[currency.endIndex...]
            guard HistoricalText.isAssetAmount(amount) else { return nil }
            return (HistoricalTail.text(currency), HistoricalTail.text(amount))
        }
    }

    private static let etm = "ETM".utf8

    // An id of 64 digits, then ETM alone or a currency and an amount.
    static func inTransfer(_ rest: ArraySlice<UInt8>) -> HistoricalContent? {
        let dapp = HistoricalTail.text(rest.prefix(64))
        guard HistoricalText.isID(dapp) else { return nil }
        let behind = rest.dropFirst(64)
        if behind.elementsEqual(etm) { return .inTransfer(dapp: dapp, currency: "ETM", amount: nil) }
        return currenciesAndAmounts(behind).first.map {
            .inTransfer(dapp: dapp, currency: $0.currency, amount: $0.amount)
        }
    }

    // Two ids of 64 digits, a currency and an amount.
    static func outTransfer(_ rest: ArraySlice<UInt8>) -> HistoricalContent? {
        let dapp = HistoricalTail.text(rest.prefix(64))
        let transaction = HistoricalTail.text(rest.dropFirst(64).prefix(64))
        guard HistoricalText.isID(dapp), HistoricalText.isID(transaction) else { return nil }
        let behind = rest.dropFirst(128)
        if behind.starts(with: etm), HistoricalText.isAssetAmount(behind.dropFirst(3)) {
            return .outTransfer(
                dapp: dapp, transaction: transaction, currency: "ETM",
                amount: HistoricalTail.text(behind.dropFirst(3)))
        }
        return currenciesAndAmounts(behind).first.map {
            .outTransfer(dapp: dapp, transaction: transaction, currency: $0.currency, amount: $0.amount)
        }
    }

    static func flags(_ rest: ArraySlice<UInt8>) -> HistoricalContent? {
        let currency = rest.dropLast(2)
        guard rest.count > 2, HistoricalText.isCurrency(currency) else { return nil }
        return .flags(
            currency: HistoricalTail.text(currency), type: rest[rest.endIndex - 2],
            flag: rest[rest.endIndex - 1])
    }

    // Only without a strategy: four bytes end it.
    static func assets(_ rest: ArraySlice<UInt8>) -> [HistoricalAsset] {
        guard rest.count > 4 else { return [] }
        let numbers = Array(rest.suffix(4))
        let texts = rest.dropLast(4)
        var assets: [HistoricalAsset] = []
        for name in currencies(texts) {
            let behind = texts[name.endIndex...]
            for count in 1...49 where count < behind.count {
                let maximum = behind.suffix(count)
                guard HistoricalText.isAssetAmount(maximum),
                    let about = String(validating: behind.dropLast(count), as: UTF8.self)
                else { continue }
                var asset = HistoricalAsset(
                    name: HistoricalTail.text(name), about: about, maximum: HistoricalTail.text(maximum),
                    precision: numbers[0])
                (asset.allowWriteoff, asset.allowWhitelist) = (numbers[1], numbers[2])
                asset.allowBlacklist = numbers[3]
                assets.append(asset)
            }
        }
        return assets
    }

    static func accessChanges(_ rest: ArraySlice<UInt8>) -> [HistoricalAccessChange] {
        currencies(rest).flatMap { currency -> [HistoricalAccessChange] in
            let behind = rest[currency.endIndex...]
            guard behind.count > 2, let sign = behind.first, sign == 0x2b || sign == 0x2d else { return [] }
            return addressLists(behind.dropFirst(2), most: 10).map { list in
                HistoricalAccessChange(
                    currency: HistoricalTail.text(currency), operation: sign == 0x2b ? "+" : "-",
                    flag: behind[behind.startIndex + 1], list: list)
            }
        }
    }

    // Addresses have 25 to 34 characters; two splits are enough to show that there is more than one.
    private static func addressLists(_ rest: ArraySlice<UInt8>, most: Int) -> [[String]] {
        if rest.isEmpty { return [[]] }
        guard most > 0, rest.first == 0x41 else { return [] }
        var lists: [[String]] = []
        for count in 25...34 where count <= rest.count && lists.count < 2 {
            let text = HistoricalTail.text(rest.prefix(count))
            guard Address(text: text) != nil else { continue }
            lists += addressLists(rest.dropFirst(count), most: most - 1).map { [text] + $0 }
        }
        return Array(lists.prefix(2))
    }
}
