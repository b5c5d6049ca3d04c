internal import CJavaScriptCore

/// A JavaScript error that reached the host, as text for a person; never part of a result.
struct EngineFault: Error {
    let text: String
}

/// A JavaScript value. It lives while it is on the stack of the engine's thread, or for ever once it is kept.
@safe
struct JSValue {
    let reference: JSValueRef?

    init(_ reference: JSValueRef?) { unsafe self.reference = reference }
}

/// One JavaScript context. Used on the engine's thread only.
@safe
final class Engine {
    let context: JSGlobalContextRef

    /// A context with a heap of its own.
    init() {
        unsafe context = JSGlobalContextCreate(nil)
    }

    deinit { unsafe JSGlobalContextRelease(context) }

    /// Runs a script; `name` appears in faults only.
    @discardableResult
    func evaluate(_ source: String, name: String) throws(EngineFault) -> JSValue {
        let script = unsafe JSText.make(source)
        defer { unsafe JSStringRelease(script) }
        var exception: JSValueRef?
        let value = unsafe JSEvaluateScript(context, script, nil, nil, 1, &exception)
        if let exception = unsafe exception {
            throw EngineFault(text: "\(name): \(unsafe text(of: JSValue(exception)))")
        }
        return unsafe JSValue(value)
    }

    /// Calls a function and returns its value; all promise reactions have run by then.
    func call(_ function: JSValue, _ arguments: [JSValue]) throws(EngineFault) -> JSValue {
        var exception: JSValueRef?
        let references = unsafe arguments.map { unsafe $0.reference }
        let value = unsafe references.withUnsafeBufferPointer { buffer in
            unsafe JSObjectCallAsFunction(
                context, function.reference, nil, buffer.count, buffer.baseAddress, &exception)
        }
        if let exception = unsafe exception { throw EngineFault(text: unsafe text(of: JSValue(exception))) }
        return unsafe JSValue(value)
    }

    /// A global object or function, kept as long as the engine.
    func global(_ name: String) -> JSValue? {
        unsafe property(name, of: JSValue(JSContextGetGlobalObject(context)))
    }

    /// A property that is an object or a function, kept as long as the engine.
    func property(_ name: String, of object: JSValue) -> JSValue? {
        let key = unsafe JSText.make(name)
        defer { unsafe JSStringRelease(key) }
        guard let value = unsafe JSObjectGetProperty(context, object.reference, key, nil),
            unsafe JSValueIsObject(context, value)
        else { return nil }
        unsafe JSValueProtect(context, value)
        return unsafe JSValue(value)
    }

    /// Refuses eval and every other way to make code from text.
    func forbidCode() {
        let message = unsafe JSText.make("code cannot be made at run time")
        unsafe JSGlobalContextSetEvalEnabled(context, false, message)
        unsafe JSStringRelease(message)
    }

    /// Makes a global property.
    func setGlobal(_ name: String, _ value: JSValue) {
        let key = unsafe JSText.make(name)
        defer { unsafe JSStringRelease(key) }
        unsafe JSObjectSetProperty(context, JSContextGetGlobalObject(context), key, value.reference, 0, nil)
    }

    func string(_ text: String) -> JSValue {
        let value = unsafe JSText.make(text)
        defer { unsafe JSStringRelease(value) }
        return unsafe JSValue(JSValueMakeString(context, value))
    }

    func string(utf8 bytes: [UInt8]) -> JSValue {
        let value = unsafe JSText.make(utf8: bytes)
        defer { unsafe JSStringRelease(value) }
        return unsafe JSValue(JSValueMakeString(context, value))
    }

    func number(_ value: Double) -> JSValue { unsafe JSValue(JSValueMakeNumber(context, value)) }

    /// The number in a value that the runtime made.
    func number(in value: JSValue) -> Double { unsafe JSValueToNumber(context, value.reference, nil) }

    /// The text of a value.
    func text(of value: JSValue) -> String {
        guard let copy = unsafe JSValueToStringCopy(context, value.reference, nil) else { return "" }
        defer { unsafe JSStringRelease(copy) }
        return unsafe JSText.read(copy)
    }
}

/// Text between Swift and the engine; ASCII takes a fast path because it is nearly all there is.
enum JSText {
    static func make(_ text: String) -> JSStringRef? {
        var text = text
        return text.withUTF8 { unsafe make($0) }
    }

    static func make(utf8 bytes: [UInt8]) -> JSStringRef? {
        unsafe bytes.withUnsafeBufferPointer { unsafe make($0) }
    }

    private static func make(_ bytes: UnsafeBufferPointer<UInt8>) -> JSStringRef? {
        unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: max(1, bytes.count)) { units in
            var union: UInt8 = 0
            for index in 0..<bytes.count {
                let byte = unsafe bytes[index]
                union |= byte
                unsafe units[index] = UInt16(byte)
            }
            if union < 0x80 { return unsafe JSStringCreateWithCharacters(units.baseAddress, bytes.count) }
            let wide = unsafe Array(String(decoding: bytes, as: UTF8.self).utf16)
            return unsafe JSStringCreateWithCharacters(wide, wide.count)
        }
    }

    /// The text as UTF-8 bytes.
    static func bytes(_ text: JSStringRef) -> [UInt8] {
        let count = unsafe JSStringGetLength(text)
        guard count > 0, let units = unsafe JSStringGetCharactersPtr(text) else { return [] }
        var union: UInt16 = 0
        for index in 0..<count { unsafe union |= units[index] }
        guard union < 0x80 else {
            let buffer = unsafe UnsafeBufferPointer(start: units, count: count)
            return unsafe Array(String(decoding: buffer, as: UTF16.self).utf8)
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, used in
            for index in 0..<count { unsafe out[index] = UInt8(truncatingIfNeeded: units[index]) }
            used = count
        }
    }

    static func read(_ text: JSStringRef) -> String {
        unsafe String(decoding: bytes(text), as: UTF8.self)
    }
}
