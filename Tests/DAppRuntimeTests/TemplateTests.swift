import DAppRuntime
import Primitives
import Testing

@Suite struct TemplateTests {
    @Test func helloRegistersANameOnceAndGreets() throws {
        let (bundle, text) = try Place.template("hello")
        #expect(try DAppManifest.parse(text).name == "hello")
        var bench = Bench(bundle)
        let first = try bench.run("hello.register", #"{"name":"alice"}"#)
        #expect(first.status == .succeeded)
        #expect(first.events.map(\.name) == ["registered"])
        #expect(first.returnedText == #"{"name":"alice","owner":"\#(People.alice)"}"#)
        #expect(
            bench.reader.texts["Name\0alice"] == #"{"name":"alice","owner":"\#(People.alice)","height":1}"#)
        let second = try bench.run("hello.register", #"{"name":"alice"}"#, from: People.bob)
        #expect(second.status == .rejected)
        #expect(second.error?.message == "alice belongs to \(People.alice) since block 1")
        #expect(second.error?.file == "contract/hello.js")
        #expect(second.error?.line == 9)
        #expect(second.error?.column == 14)
        let greeting = try bench.ask("greeting/alice")
        #expect(greeting.text.hasPrefix(#"{"text":"Hello, alice!""#))
        #expect(try bench.ask("greeting/bob").text == "Rejected: nobody registered bob")
        #expect(try bench.ask("summary").text == #"{"names":1,"height":3}"#)
        let owned = try bench.ask("names/\(People.alice)")
        #expect(owned.text.contains(#""name":"alice""#))
        let moved = try bench.run("hello.transfer", #"{"name":"alice","to":"\#(People.bob)"}"#)
        #expect(moved.status == .succeeded)
        #expect(try bench.ask("names/\(People.alice)").text == #"{"names":[]}"#)
        #expect(try bench.ask("names/\(People.bob)").text.contains("alice"))
    }

    @Test func tokenKeepsItsSupplyThroughEveryMethod() throws {
        var bench = Bench(try Place.template("token").bundle)
        let create = #"{"name":"Gold","symbol":"GLD","decimals":2,"supply":"1000"}"#
        #expect(try bench.run("token.create", create).status == .succeeded)
        #expect(try bench.run("token.create", create).error?.message == "the token exists already")
        #expect(
            try bench.run("token.transfer", #"{"to":"\#(People.bob)","amount":"250"}"#).status == .succeeded)
        let tooMuch = try bench.run(
            "token.transfer", #"{"to":"\#(People.carol)","amount":"251"}"#, from: People.bob)
        #expect(tooMuch.error?.message == "\(People.bob) holds 250 and needs 251")
        #expect(tooMuch.events.isEmpty)
        #expect(
            try bench.run(
                "token.approve", #"{"spender":"\#(People.carol)","amount":"100"}"#, from: People.bob
            ).status == .succeeded)
        let move = #"{"from":"\#(People.bob)","to":"\#(People.carol)","amount":"60"}"#
        #expect(try bench.run("token.transferFrom", move, from: People.carol).status == .succeeded)
        let again = try bench.run("token.transferFrom", move, from: People.carol)
        #expect(again.error?.message == "\(People.bob) allowed 40, 60 is too much")
        #expect(
            try bench.run("token.mint", #"{"to":"\#(People.carol)","amount":"5"}"#, from: People.bob).status
                == .rejected)
        #expect(try bench.run("token.mint", #"{"to":"\#(People.carol)","amount":"5"}"#).status == .succeeded)
        #expect(try bench.run("token.burn", #"{"amount":"15"}"#, from: People.carol).status == .succeeded)
        #expect(try bench.run("token.pause", #"{"paused":true}"#).status == .succeeded)
        #expect(
            try bench.run("token.transfer", #"{"to":"\#(People.bob)","amount":"1"}"#).error?.message
                == "transfers are paused")
        #expect(try bench.ask("supply").text.contains(#""supply":"990""#))
        #expect(try bench.ask("balance/\(People.carol)").text.contains(#""balance":"50""#))
        #expect(try bench.ask("allowance/\(People.bob)/\(People.carol)").text.contains(#""amount":"40""#))
        let holders = try bench.ask("holders").text
        #expect(holders.contains(#""total":3"#))
    }
}
