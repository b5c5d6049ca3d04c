internal import Crypto
internal import Primitives

/// Cost of one SHA-256 by length, and of addresses and signatures.
struct HashRates: Benchmark {
    var name: String { "hash" }

    /// Prints a table; there is no bar.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("hashes and signatures, CPU ns an operation")
        let tag = HashTag("ETM/benchmark/1")
        for length in [32, 64, 150, 1_024, 65_536] {
            let bytes = [UInt8](repeating: 7, count: length)
            let count = max(200, 20_000_000 / (length + 100))
            var sink: UInt64 = 0
            let plain = options.bench.nanoseconds(of: count) {
                for _ in 0..<count { sink ^= SHA256.hash(bytes).bytes.a }
            }
            let tagged = options.bench.nanoseconds(of: count) {
                for _ in 0..<count { sink ^= tag.hash(bytes).bytes.a }
            }
            report.line(
                "SHA-256 of \(length) bytes".left(26) + plain.spread { $0 }.text(decimals: 0)
                    + ", tagged " + tagged.spread { $0 }.text(decimals: 0) + (sink == 1 ? " " : ""))
        }
        let key = PublicKey(SHA256.hash([1]).bytes)
        let address = options.bench.nanoseconds(of: 50_000) {
            for _ in 0..<50_000 { _ = Address(of: key) }
        }
        report.line("address of a key".left(26) + address.spread { $0 }.text(decimals: 0))
        let text = options.bench.nanoseconds(of: 20_000) {
            for _ in 0..<20_000 { _ = Address(of: key).description }
        }
        report.line("… and its text".left(26) + text.spread { $0 }.text(decimals: 0))
    }
}
