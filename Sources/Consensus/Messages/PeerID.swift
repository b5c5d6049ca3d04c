public import Primitives

/// Names a connected peer for as long as the process runs; the transport decides what the bytes mean.
public struct PeerID: Identifier32 {
    /// The contents.
    public let bytes: Bytes32
    /// Wraps the contents.
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}
