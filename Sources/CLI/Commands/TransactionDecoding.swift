internal import JSON
internal import Primitives

/// What `etm tx decode` does.
enum TransactionDecoding {
    static func decode(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let word = try invocation.requiredArgument()
        var secondKey: PublicKey?
        if let text = invocation.text("second-key") {
            guard let key = PublicKey(hex: text) else {
                throw .usage(
                    "BAD_VALUE", "--second-key wants 64 hexadecimal digits", hint: "etm tx decode --help")
            }
            secondKey = key
        }
        let decoded = try transaction(word, secondKey, session)
        return Outcome(data: decoded.json, lines: StatusText.members(decoded.json))
    }

    private static func transaction(
        _ word: String, _ secondKey: PublicKey?, _ session: Session
    ) throws(CommandFailure) -> DecodedTransaction {
        if let bytes = hexadecimal(word), !bytes.isEmpty {
            return try DecodedTransaction(bytes, secondKey: secondKey)
        }
        let content = try InputDocument.bytes(of: word, session)
        let text = String(validating: content, as: UTF8.self)?.trimmed() ?? ""
        if text.hasPrefix("{") {
            let document = try InputDocument(bytes: content, source: InputDocument.name(of: word))
            return try DecodedTransaction(historical: document, secondKey: secondKey)
        }
        return try DecodedTransaction(hexadecimal(text) ?? content, secondKey: secondKey)
    }

    // Digits of either case, with or without the mark that some tools write.
    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = text.hasPrefix("0x") ? text.dropFirst(2) : Substring(text)
        return Hex.decode(digits.lowercased())
    }
}
