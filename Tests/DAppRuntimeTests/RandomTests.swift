import Crypto
import DAppRuntime
import JSON
import Primitives
import Randomness
import Testing

@Suite struct RandomTests {
    private static let contract = """
        import { contract, model, random, reject } from 'etm:dapp'
        export const commit = contract({}, async () => random.commit())
        export const fail = contract({}, async () => { random.commit(); reject('no') })
        export const ready = contract({ args: { after: 'uint' } }, async (ctx, { after }) => random.ready({ after }))
        export const words = contract({ args: { after: 'uint', label: 'string(200)' } }, async (ctx, { after, label }) => {
          const draw = random.draw({ after }, label)
          const list = []
          for (let i = 0; i < 20; i++) list.push(draw.integer(0n, (1n << 64n) - 1n).toString())
          return list
        })
        export const dice = contract({ args: { after: 'uint' } }, async (ctx, { after }) => {
          const draw = random.draw({ after }, 'dice'), list = []
          for (let i = 0; i < 100; i++) list.push(draw.integer(1, 6))
          return list
        })
        export const all = contract({ args: { after: 'uint' } }, async (ctx, { after }) => {
          const draw = random.draw({ after }, 'all'), names = ['a', 'b', 'c', 'd', 'e']
          return {
            round: draw.round, negative: draw.integer(-3, -3), pick: draw.pick(names), shuffle: draw.shuffle(names),
            sample: draw.sample(names, 3), range: draw.sample({ min: 1, max: 1000000000000 }, 4),
            bytes: [...draw.bytes(5)], none: draw.sample(names, 0),
          }
        })
        export const wrong = contract({ args: { after: 'uint', which: 'uint' } }, async (ctx, { after, which }) => {
          if (which === 6) return random.ready('soon')
          if (which === 7) return random.draw({ after }, '')
          if (which === 8) return random.draw({ after })
          const draw = random.draw({ after }, 'x')
          if (which === 0) return draw.integer(2, 1)
          if (which === 1) return draw.integer(0.5, 1)
          if (which === 2) return draw.pick([])
          if (which === 3) return draw.sample([1, 2], 3)
          if (which === 4) return draw.bytes(1025)
          if (which === 5) return draw.integer(0n, 1n << 64n)
          if (which === 9) return draw.shuffle('text')
        })
        """
    private static let interface = """
        import { query, random } from 'etm:dapp'
        export const ready = query({ path: 'ready/:after', params: { after: 'uint' } }, async (ctx, { after }) => random.ready({ after }))
        export const dice = query({ path: 'dice/:after', params: { after: 'uint' } }, async (ctx, { after }) => random.draw({ after }, 'dice').integer(1, 6))
        export const commit = query({ path: 'commit' }, async () => random.commit())
        """
    // The context of `Bench` has a margin of ten seconds, and its first block this time.
    private static let first: UInt64 = 1_700_000_001_000 + 10_000
    private let output = SHA256.hash(Bytes32(1, 2, 3, 4)).bytes

    private func bench() throws -> Bench {
        try Bench(contract: Self.contract, interface: Self.interface)
    }

    private func settle(_ after: UInt64, in bench: inout Bench) {
        let time = Instant(milliseconds: after)
        bench.reader.records[DrawTicketKey.open(after: time)] = nil
        bench.reader.records[DrawTicketKey.settled(after: time)] =
            SettledDraw(output: output, round: Round(77), opened: Instant(milliseconds: after + 1)).encoded
    }

    /// The stream that the description of draws defines, from the numbers of `Randomness`.
    private func stream(_ label: String) -> HashStream {
        let tag = HashTag("ETM/dapp-random/1")
        var state = tag.begin()
        state.update(output)
        state.update(Bytes32(1, 2, 3, 4))
        state.update(Array(label.utf8))
        return HashStream(seed: state.finish().bytes, tag: tag)
    }

    @Test func aTicketIsATimeAndWaitsForItsRound() throws {
        var bench = try bench()
        let after = Self.first
        #expect(try bench.run("test.commit").returnedText == #"{"after":\#(after)}"#)
        #expect(bench.reader.records[DrawTicketKey.open(after: Instant(milliseconds: after))] == [])
        #expect(try bench.run("test.ready", #"{"after":\#(after)}"#).returnedText == "false")
        let early = try bench.run("test.dice", #"{"after":\#(after)}"#)
        #expect(early.status == .rejected && early.error?.code == "NotReady")
        #expect(early.error?.file == "contract/test.js")
        #expect(try bench.ask("ready/\(after)").text == "false")
        settle(after, in: &bench)
        #expect(try bench.run("test.ready", #"{"after":\#(after)}"#).returnedText == "true")
        #expect(try bench.ask("ready/\(after)").text == "true")
        let dice = try bench.run("test.dice", #"{"after":\#(after)}"#)
        #expect(dice.status == .succeeded)
        #expect(try bench.ask("dice/\(after)").text == dice.returnedText.dropFirst().prefix(1))
    }

    @Test func callsOfOneBlockShareATicketAndAFailingCallLeavesNone() throws {
        var bench = try bench()
        #expect(try bench.run("test.fail").status == .rejected)
        #expect(bench.reader.records.isEmpty)
        let names = ["test.commit", "test.commit", "test.fail"]
        let calls = names.map { bench.call($0) }
        let outcome = try bench.run(calls)
        #expect(outcome.results[0].returnedText == outcome.results[1].returnedText)
        #expect(outcome.writes.count == 1)
        #expect(try bench.ask("commit").text.hasPrefix("ReadOnly"))
    }

    @Test func numbersAreThoseOfTheHashStream() throws {
        var bench = try bench()
        settle(Self.first, in: &bench)
        for label in ["a", "pool 1", "é😀"] {
            let got = try bench.run("test.words", #"{"after":\#(Self.first),"label":"\#(label)"}"#)
            var expected = stream(label)
            let words = (0..<20).map { _ in "\"\(expected.next())\"" }
            #expect(got.returnedText == "[" + words.joined(separator: ",") + "]")
        }
        let dice = try bench.run("test.dice", #"{"after":\#(Self.first)}"#)
        var expected = stream("dice")
        let numbers = (0..<100).map { _ in String(1 + expected.below(6)) }
        #expect(dice.returnedText == "[" + numbers.joined(separator: ",") + "]")
        #expect(Set(numbers).count == 6)
        // A hundred numbers cost what their blocks and themselves are worth.
        #expect(dice.gasUsed > 100 * 60 && dice.gasUsed < 100_000)
    }

    @Test func everyFormOfDrawGivesWhatItSays() throws {
        var bench = try bench()
        settle(Self.first, in: &bench)
        let result = try bench.run("test.all", #"{"after":\#(Self.first)}"#)
        #expect(result.status == .succeeded, "\(String(describing: result.error))")
        let value = try JSONParser.parse(result.returned ?? [])
        #expect(value["round"] == 77 && value["negative"] == -3)
        let names = ["a", "b", "c", "d", "e"]
        #expect(names.contains(value["pick"]?.string ?? ""))
        #expect((value["shuffle"]?.array ?? []).compactMap(\.string).sorted() == names)
        let sample = (value["sample"]?.array ?? []).compactMap(\.string)
        #expect(sample.count == 3 && Set(sample).isSubset(of: names) && Set(sample).count == 3)
        let range = (value["range"]?.array ?? []).compactMap(\.uint64)
        #expect(range.count == 4 && Set(range).count == 4)
        #expect(range.allSatisfy { (1...1_000_000_000_000).contains($0) })
        #expect(value["bytes"]?.array?.count == 5 && value["none"]?.array?.isEmpty == true)
        #expect(try bench.run("test.all", #"{"after":\#(Self.first)}"#).returned == result.returned)
    }

    @Test(arguments: 0..<10) func whatCannotBeDrawnIsRefusedWithAReason(which: Int) throws {
        var bench = try bench()
        settle(Self.first, in: &bench)
        let result = try bench.run("test.wrong", #"{"after":\#(Self.first),"which":\#(which)}"#)
        #expect(result.status == .failed && result.error?.code == "Random", "\(result)")
        #expect(result.error?.message.isEmpty == false)
    }

    @Test func aTicketThatNobodyOpenedGivesNothing() throws {
        var bench = try bench()
        #expect(try bench.run("test.ready", #"{"after":5}"#).returnedText == "false")
        let result = try bench.run("test.dice", #"{"after":5}"#)
        #expect(result.status == .rejected && result.error?.code == "NoTicket")
    }

    @Test func theLotteryDrawsOneOfItsEntriesOnce() throws {
        var bench = Bench(try Place.template("lottery").bundle)
        #expect(try bench.run("lottery.open", #"{"price":"0"}"#).returnedText == #"{"id":1}"#)
        for who in [People.alice, People.bob, People.carol] {
            #expect(try bench.run("lottery.enter", #"{"id":1}"#, from: who).status == .succeeded)
        }
        #expect(try bench.run("lottery.draw", #"{"id":1}"#).error?.message == "pool 1 is still open")
        #expect(try bench.run("lottery.close", #"{"id":1}"#, from: People.bob).status == .rejected)
        let closed = try bench.run("lottery.close", #"{"id":1}"#)
        let after = try #require(try JSONParser.parse(closed.returned ?? [])["after"]?.uint64)
        #expect(try bench.run("lottery.enter", #"{"id":1}"#).error?.message == "pool 1 is closed")
        #expect(try bench.run("lottery.draw", #"{"id":1}"#).error?.code == "NotReady")
        #expect(try bench.ask("pool/1").text.contains(#""ready":false"#))
        settle(after, in: &bench)
        #expect(try bench.ask("pool/1").text.contains(#""ready":true"#))
        let drawn = try bench.run("lottery.draw", #"{"id":1}"#, from: People.dave)
        var expected = stream("pool 1")
        let winner = [People.alice, People.bob, People.carol][Int(expected.below(3))]
        #expect(try JSONParser.parse(drawn.returned ?? [])["winner"]?.string == winner)
        #expect(try bench.run("lottery.draw", #"{"id":1}"#).error?.message == "pool 1 was drawn")
    }
}
