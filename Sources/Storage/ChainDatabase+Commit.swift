internal import Ledger
public import Primitives

extension ChainDatabase {
    /// Makes a batch durable, as a whole, before it returns; an empty batch writes nothing.
    ///
    /// Throws `invalidBatch` for a batch that would break the chain's history, in particular for a second
    /// signature in one round, view and kind; then nothing of it is kept.
    public func commit(_ batch: StoreBatch) throws(StorageFailure) {
        guard !batch.isEmpty else { return }
        try connection.exclusively("commit a batch") { () throws(StorageFailure) in
            try connection.write { () throws(StorageFailure) in
                var writer = try BatchWriter(connection)
                try writer.write(batch)
                try MetaRow.totals.store(writer.totals, to: connection)
            }
        }
    }

    /// Drops the changes of blocks at or below a final, flushed height; they can be neither undone nor asked for.
    public func pruneUndo(below height: Height) throws(StorageFailure) {
        try connection.exclusively("prune undo data") { () throws(StorageFailure) in
            try connection.write { () throws(StorageFailure) in
                var writer = try BatchWriter(connection)
                try writer.pruneUndo(below: height)
                try MetaRow.totals.store(writer.totals, to: connection)
            }
        }
    }
}
