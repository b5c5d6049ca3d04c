public import Primitives

extension Genesis {
    /// A record that a module of the chain's rules begins with, such as a first vote.
    public struct Record: Sendable, Hashable, Canonical {
        /// Its key, in a module's own table.
        public let key: StateKey
        /// Its canonical bytes.
        public let value: [UInt8]

        /// Joins the parts.
        public init(key: StateKey, value: [UInt8]) {
            self.key = key
            self.value = value
        }

        /// Joins the key and the bytes of a value.
        public init(_ key: StateKey, _ value: some Canonical) {
            self.init(key: key, value: value.encoded)
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(key)
            writer.write(bytes: value)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            key = try reader.read()
            value = try reader.readByteString(most: Change.largestValue)
        }
    }

    /// The most records of modules.
    public static let mostModuleRecords = 1_000_000

    /// Whether the modules' records are in key order, each once and in a module's own table.
    var modulesDefect: String? {
        for index in modules.indices {
            let key = modules[index].key
            guard StateTable(rawValue: key.table)?.isModuleTable == true else {
                return "genesis may not set the record \(Hex.encode(key.bytes))"
            }
            guard index == 0 || modules[index - 1].key < key else {
                return "the modules' records are not in order"
            }
        }
        return nil
    }

    /// ETM that genesis gives out: to accounts and into vaults; nil when it does not fit.
    public var supply: Amount? {
        let held = balances.reduce(Amount?.some(.zero)) {
            $1.asset == .etm ? $0?.adding($1.amount) : $0
        }
        return modules.reduce(held) { sum, record in
            guard record.key.table == StateTable.vaults.rawValue, record.key != Vault.mintedKey else {
                return sum
            }
            guard let amount = try? Amount(decoding: record.value) else { return nil }
            return sum?.adding(amount)
        }
    }
}
