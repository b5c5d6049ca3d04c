public import Primitives

/// What a chain charges, in base units of its fee currency.
public struct FeeSchedule: Sendable, Hashable, Canonical {
    /// Which asset fees are paid in.
    public var currency: AssetNumber
    /// The least fee of an ordinary transaction.
    public var base: Amount
    /// The least fee of a DApp registration.
    public var registration: Amount
    /// What a registration locks besides its fee.
    public var registrationDeposit: Amount
    /// Added for every started 1,024 bytes of payload above the first.
    public var perKilobyte: Amount
    /// Added for every started 1,000 units of gas used.
    public var gasPrice: Amount

    /// The main chain's: the historical 0.1 and 100 ETM (`etm-formats.md` 1.2).
    public static let main = FeeSchedule(
        currency: .etm, base: Amount(units: 10_000_000), registration: .etm(100),
        registrationDeposit: .etm(100),
        perKilobyte: Amount(units: 1_000_000), gasPrice: .zero)

    /// Joins the parts.
    public init(
        currency: AssetNumber, base: Amount, registration: Amount, registrationDeposit: Amount,
        perKilobyte: Amount, gasPrice: Amount
    ) {
        self.currency = currency
        self.base = base
        self.registration = registration
        self.registrationDeposit = registrationDeposit
        self.perKilobyte = perKilobyte
        self.gasPrice = gasPrice
    }

    /// The least fee for a payload of this many bytes; saturates, so nothing overflows into a bargain.
    public func minimum(base: Amount, payloadBytes: Int) -> Amount {
        let extra = UInt64(max(0, (payloadBytes - 1) / 1024))
        let size = perKilobyte.multiplied(by: extra) ?? Amount(units: .max)
        return base.adding(size) ?? Amount(units: .max)
    }

    /// What this much gas costs; saturates.
    public func price(ofGas gas: UInt64) -> Amount {
        gasPrice.multiplied(by: gas / 1000 + (gas.isMultiple(of: 1000) ? 0 : 1)) ?? Amount(units: .max)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        for amount in [base, registration, registrationDeposit, perKilobyte, gasPrice] {
            writer.write(amount)
        }
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.read()
        base = try reader.read()
        registration = try reader.read()
        registrationDeposit = try reader.read()
        perKilobyte = try reader.read()
        gasPrice = try reader.read()
    }
}
