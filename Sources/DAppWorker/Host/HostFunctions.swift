internal import CJavaScriptCore
internal import DAppRuntime
internal import Primitives

/// The arguments of one call from JavaScript.
@unsafe
private struct Arguments {
    let context: JSContextRef?
    let count: Int
    let values: UnsafePointer<JSValueRef?>?

    func bytes(_ index: Int) -> [UInt8] {
        guard let copy = unsafe JSValueToStringCopy(context, values?[index], nil) else { return [] }
        defer { unsafe JSStringRelease(copy) }
        return unsafe JSText.bytes(copy)
    }

    func text(_ index: Int) -> String { unsafe String(decoding: bytes(index), as: UTF8.self) }

    func number(_ index: Int) -> Double { unsafe JSValueToNumber(context, values?[index], nil) }

    func int(_ index: Int) -> Int { unsafe Int(exactly: number(index)) ?? 0 }

    func isPresent(_ index: Int) -> Bool {
        unsafe index < count && !JSValueIsUndefined(context, values?[index])
    }

    func part(_ index: Int) -> RecordTable.Part {
        unsafe JSValueIsNumber(context, values?[index]) ? .number(number(index)) : .text(bytes(index))
    }

    func optionalPart(_ index: Int) -> RecordTable.Part? { unsafe isPresent(index) ? part(index) : nil }

    func make(_ bytes: [UInt8]?) -> JSValueRef? {
        guard let bytes, let text = unsafe JSText.make(utf8: bytes) else {
            return unsafe JSValueMakeUndefined(context)
        }
        defer { unsafe JSStringRelease(text) }
        return unsafe JSValueMakeString(context, text)
    }

    func make(_ text: String?) -> JSValueRef? { unsafe make(text.map { Array($0.utf8) }) }

    func make(_ value: Bool) -> JSValueRef? { unsafe JSValueMakeBoolean(context, value) }

    func make(_ value: Double) -> JSValueRef? { unsafe JSValueMakeNumber(context, value) }

    func nothing() -> JSValueRef? { unsafe JSValueMakeUndefined(context) }
}

/// The functions that the runtime's JavaScript calls, as objects that carry a reference to the host's state.
enum HostFunctions {
    /// Makes the global `hostFunctions`, which the runtime takes and removes.
    ///
    /// `state` must outlive the engine.
    static func install(in engine: Engine, state: HostState, isTesting: Bool) {
        let object = unsafe JSObjectMake(engine.context, nil, nil)
        for unsafe(name, callback) in unsafe table + (isTesting ? testing : []) {
            var definition = unsafe kJSClassDefinitionEmpty
            unsafe definition.callAsFunction = unsafe callback
            let kind = unsafe JSClassCreate(&definition)
            let function = unsafe JSObjectMake(
                engine.context, kind, Unmanaged.passUnretained(state).toOpaque())
            unsafe JSClassRelease(kind)
            let key = unsafe JSText.make(name)
            unsafe JSObjectSetProperty(engine.context, object, key, function, 0, nil)
            unsafe JSStringRelease(key)
        }
        unsafe engine.setGlobal("hostFunctions", JSValue(object))
    }

    private static func state(_ function: JSObjectRef?) -> HostState? {
        guard let pointer = unsafe JSObjectGetPrivate(function) else { return nil }
        return unsafe Unmanaged<HostState>.fromOpaque(pointer).takeUnretainedValue()
    }

    private static let table: [(String, JSObjectCallAsFunctionCallback)] = unsafe records + calls + draws

    // A test asks the host for everything that happens on its chain.
    private static let testing: [(String, JSObjectCallAsFunctionCallback)] = unsafe [
        (
            "request",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(HostFunctions.state(function)?.request(given.bytes(0)))
            }
        ),
        (
            "place",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(HostFunctions.state(function)?.place(given.int(0)))
            }
        ),
    ]

    private static let records: [(String, JSObjectCallAsFunctionCallback)] = unsafe [
        (
            "table",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let table = unsafe RecordTable(
                    prefix: given.bytes(0), order: RecordTable.Order(rawValue: given.int(1)) ?? .text,
                    keyOrder: RecordTable.Order(rawValue: given.int(2)))
                return unsafe given.make(Double(HostFunctions.state(function)?.addTable(table) ?? 0))
            }
        ),
        (
            "read",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(HostFunctions.state(function)?.read(given.int(0), given.part(1)))
            }
        ),
        (
            "write",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let value = unsafe given.isPresent(2) ? given.bytes(2) : nil
                unsafe HostFunctions.state(function)?.write(given.int(0), given.part(1), value)
                return unsafe given.nothing()
            }
        ),
        (
            "link",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                unsafe HostFunctions.state(function)?
                    .link(given.int(0), given.part(1), key: given.part(2), text: given.bytes(3))
                return unsafe given.nothing()
            }
        ),
        (
            "unlink",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                unsafe HostFunctions.state(function)?.link(
                    given.int(0), given.part(1), key: given.part(2), text: nil)
                return unsafe given.nothing()
            }
        ),
        (
            "scan",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let state = unsafe HostFunctions.state(function)
                return unsafe given.make(
                    state?.scan(given.int(0), after: given.optionalPart(1), limit: given.int(2)))
            }
        ),
        (
            "scanIndex",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let text = unsafe HostFunctions.state(function)?.scan(
                    index: given.int(0), model: given.int(1), value: given.part(2),
                    after: given.optionalPart(3),
                    limit: given.int(4))
                return unsafe given.make(text)
            }
        ),
        (
            "scanEntries",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let text = unsafe HostFunctions.state(function)?.scanEntries(
                    of: given.int(0), from: given.optionalPart(1), after: given.optionalPart(2),
                    limit: given.int(3))
                return unsafe given.make(text)
            }
        ),
        (
            "precedes",
            { context, _, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(given.bytes(0).lexicographicallyPrecedes(given.bytes(1)))
            }
        ),
    ]

    private static let draws: [(String, JSObjectCallAsFunctionCallback)] = unsafe [
        (
            "commit",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(Double(HostFunctions.state(function)?.commit() ?? 0))
            }
        ),
        (
            "ticket",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(
                    HostFunctions.state(function)?.ticket(UInt64(clamping: given.int(0))))
            }
        ),
        (
            "seed",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(
                    HostFunctions.state(function)?
                        .seed(UInt64(clamping: given.int(0)), label: given.bytes(1)))
            }
        ),
        (
            "randomBlock",
            { context, _, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(
                    DrawSeed.block(given.text(0), UInt64(clamping: given.int(1))))
            }
        ),
    ]

    private static let calls: [(String, JSObjectCallAsFunctionCallback)] = unsafe [
        (
            "fatal",
            { context, _, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                Worker.fail(unsafe "the engine gave up: \(given.text(0))")
            }
        ),
        (
            "compile",
            { context, _, _, _, values, exception in
                guard let source = unsafe JSValueToStringCopy(context, values?[0], exception) else {
                    return nil
                }
                defer { unsafe JSStringRelease(source) }
                return unsafe JSEvaluateScript(context, source, nil, nil, 1, exception)
            }
        ),
        (
            "time",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(Double(HostFunctions.state(function)?.time ?? 0))
            }
        ),
        (
            "transaction",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(HostFunctions.state(function)?.call?.transaction.hex)
            }
        ),
        (
            "isAddress",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(HostFunctions.state(function)?.isAddress(given.text(0)) ?? false)
            }
        ),
        (
            "balance",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let asset = unsafe UInt8(truncatingIfNeeded: given.int(1))
                return unsafe given.make(
                    String(HostFunctions.state(function)?.balance(given.text(0), asset) ?? 0))
            }
        ),
        (
            "pay",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                let units = unsafe UInt64(given.text(2)) ?? .max
                let asset = unsafe UInt8(truncatingIfNeeded: given.int(3))
                let problem = unsafe HostFunctions.state(function)?
                    .pay(from: given.text(0), to: given.text(1), units: units, asset: asset)
                return unsafe given.make(problem)
            }
        ),
        (
            "emit",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(
                    HostFunctions.state(function)?.emit(given.text(0), given.bytes(1)) ?? false)
            }
        ),
        (
            "log",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                unsafe HostFunctions.state(function)?.log(given.text(0))
                return unsafe given.nothing()
            }
        ),
        (
            "returned",
            { context, function, _, count, values, _ in
                let given = unsafe Arguments(context: context, count: count, values: values)
                return unsafe given.make(HostFunctions.state(function)?.setReturned(given.bytes(0)) ?? false)
            }
        ),
    ]
}
