import API
import Dispatch
import JSON
import Ledger
import Primitives
import Testing
import Transport

struct StreamTests {
    private func event(_ number: Int, chain: String = "main", kind: String = "block") -> NodeEvent {
        NodeEvent(kind: kind, chain: chain, body: ["height": JSONValue(UInt64(number))])
    }

    private func heights(_ lines: [JSONValue]) -> [UInt64] { lines.compactMap { $0["height"]?.uint64 } }

    @Test
    func aSubscriberResumesWithoutGapOrRepeat() throws {
        let node = try LiveNode()
        node.hub.post((1...5).map { event($0) })
        let first = try node.stream("from=0", lines: 3)
        #expect(heights(first) == [1, 2, 3])
        let cursor = try #require(first.last?["cursor"]?.string)
        let rest = try node.stream("from=\(cursor)", lines: 4) { node.hub.post([event(6), event(7)]) }
        #expect(heights(rest) == [4, 5, 6, 7])
        #expect(Set((first + rest).compactMap { $0["cursor"]?.string }).count == 7)
    }

    @Test
    func replayAndLiveEventsOfManyThreadsKeepOneOrder() throws {
        let node = try LiveNode()
        let count = 400
        let posting = DispatchGroup()
        for thread in 0..<4 {
            DispatchQueue.global().async(group: posting) {
                for number in 0..<count / 4 { node.hub.post([event(thread * 1_000 + number)]) }
            }
        }
        let lines = try node.stream("from=0", lines: count)
        posting.wait()
        let places = lines.compactMap { $0["cursor"]?.string?.split(separator: "-").last.flatMap { Int($0) } }
        #expect(places == Array(1...count))
        for thread in 0..<4 {
            let own = heights(lines).filter { Int($0) / 1_000 == thread }
            #expect(own == own.sorted() && own.count == count / 4)
        }
    }

    @Test
    func whatIsNoLongerKeptIsAnnouncedAsAGapFirst() throws {
        let node = try LiveNode(hub: EventHub(most: 4))
        node.hub.post((1...3).map { event($0) })
        let cursor = try #require(node.stream("from=0", lines: 1).first?["cursor"]?.string)
        node.hub.post((4...20).map { event($0) })
        let lines = try node.stream("from=\(cursor)", lines: 5)
        #expect(lines.first?["kind"] == "gap")
        let first = try #require(heights(lines).first)
        #expect(first > 4 && heights(lines) == (0..<4).map { first + $0 })
        let gap = try #require(lines.first?["cursor"]?.string)
        #expect(try heights(node.stream("from=\(gap)", lines: 2)) == Array(heights(lines).prefix(2)))
    }

    @Test
    func theBytesThatAreKeptAreBounded() throws {
        let node = try LiveNode(hub: EventHub(most: 1_000, mostBytes: 4_000))
        node.hub.post((1...500).map { event($0) })
        let lines = try node.stream("from=0", lines: 2)
        #expect(lines[0]["kind"] == "gap")
        #expect(try #require(lines[1]["height"]?.uint64) > 400)
    }

    @Test
    func aCursorOfAnEarlierRunIsAGap() throws {
        let node = try LiveNode()
        node.hub.post([event(1)])
        let lines = try node.stream("from=1f-700", lines: 2)
        #expect(lines[0]["kind"] == "gap" && heights(lines) == [1])
    }

    @Test
    func chainsAndKindsAreFiltered() throws {
        let node = try LiveNode()
        node.hub.post([
            event(1), event(2, chain: "hello"), event(3, kind: "event"),
            event(4, chain: "hello", kind: "chain"),
            event(5),
        ])
        #expect(try heights(node.stream("from=0", lines: 3)) == [1, 3, 5])
        #expect(try heights(node.stream("from=0&chain=*", lines: 5)) == [1, 2, 3, 4, 5])
        #expect(try heights(node.stream("from=0&chain=hello", lines: 2)) == [2, 4])
        #expect(try heights(node.stream("from=0&chain=\(node.side.spec.id)", lines: 2)) == [2, 4])
        #expect(try heights(node.stream("from=0&chain=*&kinds=event,chain", lines: 2)) == [3, 4])
        for query in [
            "kinds=blocks", "kinds=", "kinds=block,", "from=x", "from=-1", "from=1-2-3", "from=+1-2",
            "since=1",
        ] {
            #expect(try node.get("/v1/stream?\(query)").status == 400, "\(query)")
        }
        #expect(try node.get("/v1/stream?chain=nobody").status == 404)
    }

    @Test
    func blocksAndTheirCursorsReachALiveSubscriberAtOnce() throws {
        let node = try LiveNode()
        node.hub.post([event(1)])
        let lines = try node.stream("from=0", lines: 2) {
            let final = try node.main.make()
            node.hub.post([event(Int(final.block.header.height.value))])
        }
        #expect(heights(lines) == [1, 2])
    }
}
