internal import JSON
internal import Ledger
internal import Primitives

/// `etm dapp call`: simulates with all the gas there is, then sends with what it needs.
enum DAppCall {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let (contract, method) = try target(try invocation.requiredArgument())
        let arguments = try arguments(invocation.text("args") ?? "{}")
        let chain = try ChainView.load(try DAppFolder.name(invocation, session), session)
        guard !chain.isMain else {
            throw .usage("NOT_A_SIDE_CHAIN", "the main chain runs no contracts", hint: "etm dapp list")
        }
        let sender = Sender(session, invocation)
        let gas = try gas(contract, method, arguments, chain, invocation, session)
        let payload = CallPayload(contract: contract, method: method, arguments: arguments, gasLimit: gas)
        var order = Order(
            title: "Call \(contract).\(method)", kind: .call, payload: payload.encoded, leaves: [],
            facts: [("arguments", String(decoding: arguments, as: UTF8.self)), ("gas limit", gas.grouped)])
        order.asksTestAccounts = false
        order.fee = chain.leastFee(gas: gas)
        order.remedy = remedy(chain)
        let (sent, plan) = try sender.carryOut(order, on: chain)
        guard let sent else { return plan }
        return Outcome(data: .object(sent.data), lines: sent.lines + (sent.receipt?.lines ?? []))
    }

    // Half as much again as the simulation used: other calls may come first and change the state.
    private static func gas(
        _ contract: String, _ method: String, _ arguments: [UInt8], _ chain: ChainView,
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> UInt64 {
        if let given = invocation.text("gas-limit").flatMap({ UInt64($0) }) { return given }
        let account = try AccountBook(session).sender()
        let payload = CallPayload(
            contract: contract, method: method, arguments: arguments, gasLimit: chain.callGas)
        var transaction = Transaction(
            chain: chain.id, kind: .call, expiry: Height(chain.height + Transaction.longestLife / 2),
            fee: chain.leastFee(gas: chain.callGas), salt: 0, sender: account.publicKey,
            payload: payload.encoded)
        var receipt: ReceiptView
        do throws(CommandFailure) {
            receipt = try Sender(session, invocation).simulate(transaction, on: chain)
        } catch  where error.code == "FEE_TOO_LOW" {
            transaction.fee = ChainView.amount(error.facts["needed"]) ?? transaction.fee
            receipt = try Sender(session, invocation).simulate(transaction, on: chain)
        }
        guard receipt.isOK else { throw receipt.failure(transaction: nil, hint: remedy(chain)) }
        return min(chain.callGas, receipt.gasUsed + receipt.gasUsed / 2 + 1_000)
    }

    private static func remedy(_ chain: ChainView) -> String { "etm dapp show \(chain.name)" }

    private static func target(_ word: String) throws(CommandFailure) -> (String, String) {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ (1...64).contains($0.utf8.count) }) else {
            throw .usage("BAD_VALUE", "a call is CONTRACT.METHOD, not \"\(word)\"", hint: "etm dapp show")
        }
        return (parts[0], parts[1])
    }

    /// The arguments as compact JSON text: an object, or an array for calls by position.
    static func arguments(_ text: String) throws(CommandFailure) -> [UInt8] {
        var bytes = Array(text.utf8)
        if text.hasPrefix("@") {
            let file = String(text.dropFirst())
            guard let found = try Files.read(file, most: 1_048_576) else {
                throw CommandFailure(
                    "NO_FILE", "there is no file \(file)", hint: "--args @FILE", exit: .notFound)
            }
            bytes = found
        }
        let value: JSONValue
        do throws(JSONRejection) {
            value = try JSONParser.parse(bytes)
        } catch {
            throw .usage("BAD_VALUE", "--args is no JSON: \(error)", hint: "--args '{\"name\":\"ann\"}'")
        }
        guard value.object != nil || value.array != nil else {
            throw .usage(
                "BAD_VALUE", "--args wants an object, not \(value.kindName)",
                hint: "--args '{\"name\":\"ann\"}'")
        }
        let compact = JSONWriter.compact(value)
        guard compact.count <= CallPayload.largestArguments else {
            throw .usage(
                "BAD_VALUE",
                "--args has \(compact.count) bytes, at most \(CallPayload.largestArguments) are taken",
                hint: "send less in one call")
        }
        return compact
    }
}

extension ChainView {
    /// A guess at the least fee of a call; the node corrects it.
    func leastFee(gas: UInt64) -> Amount {
        let base = Self.amount(data["fees"]?["minimum"]) ?? Self.amount(data["fees"]?["base"]) ?? .zero
        let blocks = gas / 1000 + (gas.isMultiple(of: 1000) ? 0 : 1)
        return gasPrice.multiplied(by: blocks).flatMap(base.adding) ?? base
    }
}
