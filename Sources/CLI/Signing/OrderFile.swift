internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// A transaction that travels between its signers as a file of hexadecimal digits.
struct OrderFile {
    /// Where it lies.
    let path: String
    /// What it holds; every signature in it has been checked.
    let signed: SignedTransaction
    /// Its unsigned part.
    let transaction: Transaction

    /// Reads a file, and refuses one with a signature that does not hold.
    static func read(_ path: String) throws(CommandFailure) -> OrderFile {
        guard let content = try Files.read(path, most: Signing.largestFile) else {
            throw CommandFailure(
                "NO_FILE", "there is no file \(path)", hint: "--save FILE writes one", exit: .notFound)
        }
        let text = String(validating: content, as: UTF8.self)?.trimmed() ?? ""
        let signed: SignedTransaction
        do throws(CodecRejection) {
            signed = try SignedTransaction(decoding: Hex.decode(text) ?? content)
        } catch {
            throw CommandFailure(
                "NOT_A_TRANSACTION", "\(path) holds no transaction: \(error)",
                hint: "etm tx decode \(path)", exit: .usage)
        }
        guard case .v1(let transaction, _) = signed.content else {
            throw CommandFailure(
                "NOT_A_TRANSACTION",
                "\(path) holds a version 0 transaction, which nobody can sign with others",
                hint: "etm tx decode \(path)", exit: .usage)
        }
        if let wrong = Ed25519Verifier().firstFailure(in: signed.signatureChecks) {
            throw CommandFailure(
                "BAD_SIGNATURE", "\(path) holds a signature that is not of \(signed.signers[wrong])",
                hint: "ask for the file again", exit: .refused)
        }
        return OrderFile(path: path, signed: signed, transaction: transaction)
    }

    /// Writes a transaction into a file that must not exist.
    static func create(_ signed: SignedTransaction, at path: String) throws(CommandFailure) {
        try Files.create(text(signed), at: path, mode: 0o644)
    }

    /// Writes the transaction with another signature in the file's place.
    func replace(by signed: SignedTransaction) throws(CommandFailure) {
        try Files.write(Self.text(signed), to: path)
    }

    private static func text(_ signed: SignedTransaction) -> [UInt8] {
        Array((Hex.encode(signed.bytes) + "\n").utf8)
    }

    /// What is signed, in lines: a signer must see it.
    func facts(on chain: ChainView?) -> [(String, String)] {
        let decoded = DecodedTransaction(signed).members
        let currency = chain.map { $0.currencies[$0.feeCurrency] }
        var pairs = [
            ("transaction", signed.id.hex), ("chain", chain?.name ?? transaction.chain.hex),
            ("kind", PayloadFields.name(of: transaction.kind)),
            ("from", Address(of: transaction.sender).description),
        ]
        let asset = decoded["fields"]?["asset"]?.int ?? 0
        for member in decoded["fields"]?.object?.members ?? [] {
            if member.key == "amount", let units = member.value.string.flatMap({ UInt64($0) }),
                let chain, chain.currencies.indices.contains(asset)
            {
                pairs.append((member.key, chain.currencies[asset].display(Amount(units: units))))
            } else if member.key != "asset", member.value != "" {
                pairs.append((member.key, member.value.string ?? member.value.description))
            }
        }
        pairs.append(("fee", currency?.display(transaction.fee) ?? "\(transaction.fee) base units"))
        pairs.append(("expires", "after height \(transaction.expiry.value.grouped)"))
        return pairs
    }
}
