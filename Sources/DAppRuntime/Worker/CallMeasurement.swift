public import Primitives

/// What a worker measures when it is asked for its own rates: a bundle and blocks of calls on it.
///
/// The first block prepares the state and is not counted.
public struct CallMeasurement: Canonical, Equatable, Sendable {
    /// Most blocks.
    public static let mostBlocks = 64

    /// The DApp.
    public let bundle: DAppBundle
    /// The DApp's surroundings.
    public let context: DAppContext
    /// Blocks of calls, in order; the first is the preparation.
    public let blocks: [Delivery]

    /// Joins a bundle and its calls.
    public init(bundle: DAppBundle, context: DAppContext, blocks: [Delivery]) {
        self.bundle = bundle
        self.context = context
        self.blocks = blocks
    }

    /// Reads at most `mostBlocks` blocks.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            bundle: try reader.read(), context: try reader.read(),
            blocks: try reader.readList(most: Self.mostBlocks))
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(bundle)
        writer.write(context)
        writer.write(list: blocks)
    }
}
