import DAppRuntime
import Primitives
import Testing

/// What `find`, `page` and `count` answer, against a filter written out by hand in the same contract.
@Suite struct QueryTests {
    private static let model = """
        export default {
          name: 'Offer', key: 'id',
          fields: { id: 'uint', seller: 'string', price: 'amount', score: 'int?', open: 'bool', note: 'json?' },
          unique: [], index: ['price', 'seller', 'score'],
        }
        """
    private static let contract = """
        import { contract, model } from 'etm:dapp'
        const offers = model('Offer')
        const isLike = (text, pattern) => {
          if (pattern === '') return text === ''
          if (pattern[0] === '%') { for (let i = 0; i <= text.length; i++) if (isLike(text.slice(i), pattern.slice(1))) return true; return false }
          return text !== '' && (pattern[0] === '_' || pattern[0] === text[0]) && isLike(text.slice(1), pattern.slice(1))
        }
        const value = (field, given) => field === 'price' && given !== null ? BigInt(given) : given
        const tests = {
          $eq: (a, b) => a === b, $ne: (a, b) => a !== b,
          $gt: (a, b) => a !== null && a > b, $gte: (a, b) => a !== null && a >= b,
          $lt: (a, b) => a !== null && a < b, $lte: (a, b) => a !== null && a <= b,
          $between: (a, [x, y]) => a !== null && a >= x && a <= y,
          $in: (a, list) => list.includes(a), $nin: (a, list) => !list.includes(a),
          $like: (a, pattern) => a !== null && isLike(a, pattern),
        }
        const fits = (row, where) => Object.entries(where).every(([name, given]) => {
          if (name === '$and') return given.every(part => fits(row, part))
          if (name === '$or') return given.some(part => fits(row, part))
          if (name === '$not') return !fits(row, given)
          if (given === null || typeof given !== 'object') return row[name] === value(name, given)
          return Object.entries(given).every(([test, x]) => tests[test](row[name], Array.isArray(x) ? x.map(y => value(name, y)) : value(name, x)))
        })
        const order = (a, b) => a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1
        const all = () => { const rows = []; let after; do { const part = offers.page({ limit: 100, after }); rows.push(...part.rows); after = part.next } while (after !== null); return rows }
        export const put = contract({ args: { rows: 'json' } }, (ctx, { rows }) => { for (const row of rows) offers.put(row) })
        export const drop = contract({ args: { id: 'uint' } }, (ctx, { id }) => offers.delete({ id }))
        export const ask = contract({ args: { query: 'json' } }, (ctx, { query }) => {
          const found = offers.find({ ...query, limit: 100 }).map(row => row.id)
          const sort = query.sort === undefined ? [] : [].concat(query.sort)
          const wanted = all().filter(row => fits(row, query.where ?? {})).sort((a, b) => {
            for (const name of sort) { const field = name.replace('-', ''), o = order(a[field], b[field]); if (o !== 0) return name[0] === '-' ? -o : o }
            return a.id - b.id
          }).map(row => row.id)
          const pages = []
          let after
          do { const part = offers.page({ ...query, limit: 3, after }); pages.push(...part.rows.map(row => row.id)); after = part.next } while (after !== null)
          return { found, wanted, pages, count: offers.count(query.where) }
        })
        export const find = contract({ args: { query: 'json' } }, (ctx, { query }) => offers.find(query).map(row => row.id))
        """

    private struct Offer {
        var id: UInt64
        var seller: String
        var price: UInt64
        var score: Int?
        var isOpen: Bool

        var json: String {
            #"{"id":\#(id),"seller":"\#(seller)","price":"\#(price)","score":\#(score.map(String.init) ?? "null"),"open":\#(isOpen)}"#
        }
    }

    private static func offers(_ count: UInt64, _ random: inout SeededGenerator) -> [Offer] {
        (1...count).map { id in
            Offer(
                id: id * 7 % 101, seller: ["ann", "bob", "cyd", "anna", "a%b"][Int(random.below(5))],
                price: random.below(6) * 100, score: random.below(4) == 0 ? nil : Int(random.below(9)) - 4,
                isOpen: random.below(2) == 0)
        }
    }

    private static func condition(_ random: inout SeededGenerator, depth: Int) -> String {
        let number = random.below(depth > 1 ? 8 : 12)
        let price = #""\#(random.below(7) * 100)""#
        let score = "\(Int(random.below(9)) - 4)"
        let comparison = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"][Int(random.below(6))]
        switch number {
        case 0: return #"{"price":{"\#(comparison)":\#(price)}}"#
        case 1: return #"{"score":{"\#(comparison)":\#(score)}}"#
        case 2: return #"{"id":{"\#(comparison)":\#(random.below(101))}}"#
        case 3: return #"{"seller":"\#(["ann", "bob", "zoe"][Int(random.below(3))])"}"#
        case 4: return #"{"seller":{"$like":"\#(["an%", "%n", "_n_", "%", "a%a"][Int(random.below(5))])"}}"#
        case 5: return #"{"score":{"$in":[\#(score),null,3]},"open":\#(random.below(2) == 0)}"#
        case 6: return #"{"id":{"$in":[7,3,7,50,\#(random.below(101))]}}"#
        case 7: return #"{"price":{"$between":["100",\#(price)]},"score":{"$nin":[\#(score),1]}}"#
        case 8: return #"{"$not":\#(condition(&random, depth: depth + 1))}"#
        case 9:
            return
                #"{"$or":[\#(condition(&random, depth: depth + 1)),\#(condition(&random, depth: depth + 1))]}"#
        case 10:
            return
                #"{"$and":[\#(condition(&random, depth: depth + 1)),\#(condition(&random, depth: depth + 1))]}"#
        default: return "{}"
        }
    }

    private static func query(_ random: inout SeededGenerator) -> String {
        let sorts = [
            "", #","sort":"price""#, #","sort":"-price""#, #","sort":["seller","-score"]"#,
            #","sort":"score""#,
            #","sort":"-id""#, #","sort":["open","price"]"#,
        ]
        return #"{"where":\#(condition(&random, depth: 0))\#(sorts[Int(random.below(UInt64(sorts.count)))])}"#
    }

    /// Random queries find what a plain filter finds, in its order, at once and page by page, while rows change.
    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func everyQueryFindsWhatAPlainFilterFinds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bench = try Bench(contract: Self.contract, models: [Self.model])
        func put(_ offers: [Offer]) -> Call {
            bench.call("test.put", #"{"rows":[\#(offers.map(\.json).joined(separator: ","))]}"#)
        }
        _ = try bench.run([put(Self.offers(30, &random))])
        for _ in 0..<4 {
            // Changes of the same block are seen by the queries behind them.
            var calls = [
                put(Self.offers(3, &random)), bench.call("test.drop", #"{"id":\#(random.below(101))}"#),
            ]
            let queries = (0..<4).map { _ in Self.query(&random) }
            calls += queries.map { bench.call("test.ask", #"{"query":\#($0)}"#) }
            let results = try bench.run(calls).results
            for (query, result) in zip(queries, results.dropFirst(2)) {
                #expect(result.status == .succeeded, "\(query): \(String(describing: result.error))")
                let text = result.returnedText
                let lists = text.split(separator: "[").dropFirst().map {
                    $0.prefix { $0 != "]" }.split(separator: ",").map(String.init)
                }
                guard lists.count == 3 else { Issue.record("\(text)"); continue }
                #expect(lists[0] == lists[1], "find of \(query)")
                #expect(lists[2] == lists[1], "pages of \(query)")
                #expect(text.hasSuffix(#""count":\#(lists[1].count)}"#), "count of \(query)")
            }
        }
    }

    @Test func aCallUndoesItsRowsAndTheQueriesBehindItDoNotSeeThem() throws {
        let source = """
            import { contract, model, reject } from 'etm:dapp'
            const offers = model('Offer')
            export const fail = contract({}, () => {
              offers.put({ id: 9, seller: 'bob', price: 900n, open: true })
              if (offers.find({ where: { price: { $gt: 800n } } }).length !== 1) throw new Error('unseen')
              reject('never mind')
            })
            export const look = contract({}, () => offers.find({ where: { price: { $gt: 800n } }, sort: 'price' }).length)
            """
        var bench = try Bench(contract: source, models: [Self.model])
        let results = try bench.run([bench.call("test.fail"), bench.call("test.look")]).results
        #expect(results[0].status == .rejected)
        #expect(results[1].returnedText == "0")
    }

    @Test(arguments: [
        (#"{"where":{"price":{"$above":"1"}}}"#, "there is no $above"),
        (#"{"where":{"colour":1}}"#, "cannot find by colour"),
        (#"{"where":{"note":1}}"#, "cannot find by note"),
        (#"{"where":{"price":{}}}"#, "is empty"),
        (#"{"where":{"price":{"$gt":null}}}"#, "price must be"),
        (#"{"where":{"price":{"$in":"1"}}}"#, "takes a list"),
        (#"{"where":{"price":{"$like":"1%"}}}"#, "$like needs text"),
        (#"{"where":{"score":{"$between":[1]}}}"#, "takes [least, most]"),
        (#"{"where":{"$or":[]}}"#, "takes a list of 1"),
        (#"{"where":[1]}"#, "where is an object"),
        (#"{"sort":"note"}"#, "cannot sort by note"),
        (#"{"sort":["id","id","id","id","id"]}"#, "at most 4"),
        (#"{"sort":"price","reverse":true}"#, "instead of reverse"),
        (#"{"sort":"price","after":"[1]"}"#, "next of a page"),
        (#"{"sort":"price","after":7}"#, "next of a page"),
        (#"{"limit":0}"#, "limit must be"), (#"{"limit":101}"#, "limit must be"),
        (#"{"first":1}"#, "find has no first"),
    ])
    func aWrongQueryIsRefusedWithWhatIsRight(query: String, message: String) throws {
        var bench = try Bench(contract: Self.contract, models: [Self.model])
        let result = try bench.run("test.find", #"{"query":\#(query)}"#)
        #expect(result.status == .failed)
        #expect(result.error?.message.contains(message) == true, "\(result.error?.message ?? "")")
    }

    @Test func conditionsDepthAndRowsHaveBounds() throws {
        var bench = try Bench(contract: Self.contract, models: [Self.model])
        let many = (0..<65).map { _ in #"{"id":{"$ne":1}}"# }.joined(separator: ",")
        let wide = try bench.run("test.find", #"{"query":{"where":{"$and":[\#(many)]}}}"#)
        #expect(wide.error?.message.contains("more than 64 conditions") == true)
        let deep = String(repeating: #"{"$not":"#, count: 9) + "{}" + String(repeating: "}", count: 9)
        let nested = try bench.run("test.find", #"{"query":{"where":\#(deep)}}"#)
        #expect(nested.error?.message.contains("nested deeper than 8") == true)
        // Twenty % and a text without end: linear in the text for each run of %, and paid for.
        let rows =
            #"{"rows":[{"id":1,"seller":"\#(String(repeating: "a", count: 4_000))","price":"1","open":true}]}"#
        _ = try bench.run("test.put", rows)
        let pattern = String(repeating: "%a", count: 60) + "%b"
        let like = try bench.run(
            "test.find", #"{"query":{"where":{"seller":{"$like":"\#(pattern)"}}}}"#, gas: 2_000_000)
        #expect(like.status == .succeeded || like.status == .outOfGas)
        #expect(like.gasUsed > 1_000)
    }

    @Test func aRangeReadsOnlyItsRows() throws {
        let source = """
            import { contract, model } from 'etm:dapp'
            const offers = model('Offer')
            export const fill = contract({}, () => { for (let i = 0; i < 120; i++) offers.put({ id: i, seller: 'bob', price: BigInt(i), open: true }) })
            export const few = contract({}, () => offers.find({ where: { price: { $between: [100n, 104n] } }, sort: 'price' }).length)
            export const some = contract({}, () => offers.find({ where: { id: { $gte: 110, $lt: 115 } } }).length)
            export const open = contract({}, () => offers.count({ open: true }))
            """
        var bench = try Bench(contract: source, models: [Self.model])
        #expect(try bench.run("test.fill").status == .succeeded)
        let few = try bench.run("test.few")
        let some = try bench.run("test.some")
        let open = try bench.run("test.open")
        #expect([few, some, open].map(\.returnedText) == ["5", "5", "120"])
        #expect(few.gasUsed < open.gasUsed / 5)
        #expect(some.gasUsed < open.gasUsed / 5)
    }
}
