internal import Crypto
internal import JSON
internal import Primitives

/// The controls of a development network.
enum DevnetResource {
    private static let faucetStandard = Amount.etm(100)

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in try controls(call).description }
    }

    static func mine(_ call: Call) {
        do throws(Refusal) {
            let controls = try controls(call)
            let count = call.body?["count"]
            guard let number = count == nil ? 1 : count?.int, (1...10_000).contains(number) else {
                throw .badRequest("\"count\" must be a whole number from 1 to 10000")
            }
            controls.mine(number) { result in
                switch result {
                case .success(let height): call.answer(["height": JSONValue(height.value)])
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    static func faucet(_ call: Call) {
        do throws(Refusal) {
            let controls = try controls(call)
            guard let address = call.body?["address"]?.string.flatMap({ Address(text: $0) }) else {
                throw .badRequest("\"address\" must be an address")
            }
            var amount = faucetStandard
            if let text = call.body?["amount"] {
                guard let units = text.string.flatMap(Call.number) else {
                    throw .badRequest("\"amount\" must be base units as decimal text")
                }
                amount = Amount(units: units)
            }
            controls.fund(address, amount: amount) { result in
                switch result {
                case .success(let id): call.answer(["id": .string(id.hex), "state": "pending"], status: 202)
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    static func moveTime(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let controls = try controls(call)
            guard let add = call.body?["add"]?.uint64, add > 0 else {
                throw .badRequest("\"add\" must be a whole number of milliseconds above 0")
            }
            guard let time = controls.advanceTime(by: Instant.Span(milliseconds: add)) else {
                throw .badRequest("the clock goes at most a hundred years ahead of the machine's")
            }
            return ["time": JSONValue(time.milliseconds)]
        }
    }

    static func stop(_ call: Call) {
        do throws(Refusal) {
            let controls = try controls(call)
            call.answer(["stopping": true])
            controls.stop()
        } catch {
            call.refuse(error)
        }
    }

    private static func controls(_ call: Call) throws(Refusal) -> any DevnetControls {
        guard let controls = call.service.node.devnet else {
            throw .notFound("this node is not part of a development network")
        }
        return controls
    }
}
