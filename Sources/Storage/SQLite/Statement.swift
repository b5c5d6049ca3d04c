internal import CSQLite

/// A prepared statement; parameters and columns are typed, and a column of another type is damage.
@safe
final class Statement {
    private let handle: OpaquePointer
    private let failure: (Int32) -> StorageFailure

    /// Takes over a handle; `failure` turns a result code into a failure that names the file.
    init(_ handle: OpaquePointer, failure: @escaping (Int32) -> StorageFailure) {
        unsafe self.handle = handle
        self.failure = failure
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Sets parameter `index`, counted from 1.
    func bind(_ index: Int32, _ value: Int64) throws(StorageFailure) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    /// Sets parameter `index` to bytes, which are copied.
    func bind(_ index: Int32, _ value: [UInt8]) throws(StorageFailure) {
        // A null pointer would bind NULL, and an empty array may have one.
        guard !value.isEmpty else { return try check(unsafe sqlite3_bind_zeroblob(handle, index, 0)) }
        let copying = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        try check(unsafe sqlite3_bind_blob64(handle, index, value, UInt64(value.count), copying))
    }

    /// Sets parameter `index` to text.
    func bind(_ index: Int32, _ value: String) throws(StorageFailure) {
        let copying = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        try check(unsafe sqlite3_bind_text(handle, index, value, -1, copying))
    }

    /// Sets one parameter of any kind.
    func bind(_ index: Int32, _ field: Field) throws(StorageFailure) {
        switch field {
        case .integer(let value): try bind(index, value)
        case .blob(let value): try bind(index, value)
        case .text(let value): try bind(index, value)
        }
    }

    /// Moves to the next row; false when there is none.
    func step() throws(StorageFailure) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    /// Runs to the end and makes the statement ready for the next use.
    func run() throws(StorageFailure) {
        defer { reset() }
        while try step() {}
    }

    /// Makes the statement ready for the next use; its last failure was already reported by `step`.
    func reset() { unsafe _ = sqlite3_reset(handle) }

    /// Column `index`, counted from 0, which must be an integer.
    func integer(_ index: Int32) throws(StorageFailure) -> Int64 {
        guard unsafe sqlite3_column_type(handle, index) == SQLITE_INTEGER else {
            throw failure(SQLITE_CORRUPT)
        }
        return unsafe sqlite3_column_int64(handle, index)
    }

    /// Column `index`, which must be a blob.
    func blob(_ index: Int32) throws(StorageFailure) -> [UInt8] {
        guard unsafe sqlite3_column_type(handle, index) == SQLITE_BLOB else { throw failure(SQLITE_CORRUPT) }
        guard let start = unsafe sqlite3_column_blob(handle, index) else {
            // Without a pointer the blob is empty, or there was no memory for it.
            guard unsafe sqlite3_column_bytes(handle, index) == 0 else { throw failure(SQLITE_NOMEM) }
            return []
        }
        let count = Int(unsafe sqlite3_column_bytes(handle, index))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Column `index`, which must be text.
    func text(_ index: Int32) throws(StorageFailure) -> String {
        guard unsafe sqlite3_column_type(handle, index) == SQLITE_TEXT,
            let start = unsafe sqlite3_column_text(handle, index)
        else { throw failure(SQLITE_CORRUPT) }
        let count = Int(unsafe sqlite3_column_bytes(handle, index))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func check(_ code: Int32) throws(StorageFailure) {
        guard code == SQLITE_OK else { throw failure(code) }
    }
}

/// The value of one parameter.
enum Field {
    /// A signed 64-bit integer.
    case integer(Int64)
    /// Bytes.
    case blob([UInt8])
    /// Text.
    case text(String)
}
