internal import CCurl

// One connection's worth of libcurl.
//
// Sendable without checking because the client's pool gives it to one call at a time, and the only function
// called from other threads, `wake`, is made for that.
@safe final class CurlHandle: @unchecked Sendable {
    private let easy: UnsafeMutableRawPointer
    private let multi: OpaquePointer

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init?() {
        guard CurlHandle.isReady, let easy = unsafe curl_easy_init() else { return nil }
        guard let multi = unsafe curl_multi_init() else {
            unsafe curl_easy_cleanup(easy)
            return nil
        }
        unsafe self.easy = easy
        unsafe self.multi = OpaquePointer(multi)
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_multi_cleanup(UnsafeMutableRawPointer(multi))
    }

    // Makes a waiting `perform` look whether it is to stop.
    func wake() {
        unsafe curl_multi_wakeup(UnsafeMutableRawPointer(multi))
    }

    func perform(
        _ call: CurlCall, _ isInterrupted: () -> Bool
    ) -> Result<HTTPResponse, TransportFailure> {
        guard let list = unsafe headerList(call) else {
            return .failure(TransportFailure(.exhausted, attempted: call.attempted))
        }
        defer { unsafe curl_slist_free_all(list) }
        unsafe curl_easy_reset(easy)
        prepare(call)
        unsafe ccurl_set_list(easy, CURLOPT_HTTPHEADER, list)
        let multi = unsafe UnsafeMutableRawPointer(multi)
        guard unsafe curl_multi_add_handle(multi, easy) == CURLM_OK else {
            return .failure(TransportFailure(.exhausted, attempted: call.attempted))
        }
        let outcome = wait(isInterrupted)
        unsafe curl_multi_remove_handle(multi, easy)
        guard let outcome else { return .failure(TransportFailure(.interrupted, attempted: call.attempted)) }
        return conclude(call, outcome)
    }

    // Nil when it was interrupted.
    private func wait(_ isInterrupted: () -> Bool) -> CURLcode? {
        let multi = unsafe UnsafeMutableRawPointer(multi)
        var running: Int32 = 1
        while !isInterrupted() {
            guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_OUT_OF_MEMORY }
            var outcome = CURLE_OK
            if running == 0 {
                return unsafe ccurl_multi_result(multi, &outcome) != 0 ? outcome : CURLE_OUT_OF_MEMORY
            }
            unsafe curl_multi_poll(multi, nil, 0, 1000, nil)
        }
        return nil
    }

    private func conclude(_ call: CurlCall, _ outcome: CURLcode) -> Result<HTTPResponse, TransportFailure> {
        if call.isTooLarge {
            return .failure(TransportFailure(.tooLarge(limit: call.maximumBytes), attempted: call.attempted))
        }
        if outcome == CURLE_OK { call.end() }
        if outcome == CURLE_OK || call.isSatisfied { return .success(call.response) }
        let detail = unsafe String(cString: curl_easy_strerror(outcome))
        return .failure(TransportFailure(CurlHandle.code(outcome), attempted: call.attempted, detail: detail))
    }

    private static func code(_ outcome: CURLcode) -> TransportFailure.Code {
        switch outcome {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .exhausted
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: .disconnected
        default: .protocolBroken
        }
    }
}

extension CurlHandle {
    private func prepare(_ call: CurlCall) {
        unsafe ccurl_set_text(easy, CURLOPT_URL, call.url)
        unsafe ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe ccurl_set_text(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1,[::1]")
        unsafe ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        unsafe ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        unsafe ccurl_set_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS, min(10_000, call.timeout?.milliseconds ?? 10_000))
        if let timeout = call.timeout {
            unsafe ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, timeout.milliseconds)
        }
        unsafe ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, call.method.rawValue)
        if call.method == .head { unsafe ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        prepareBody(call)
        let user = unsafe Unmanaged.passUnretained(call).toOpaque()
        unsafe ccurl_set_pointer(easy, CURLOPT_WRITEDATA, user)
        unsafe ccurl_set_pointer(easy, CURLOPT_HEADERDATA, user)
        unsafe ccurl_set_writer(easy, CURLOPT_WRITEFUNCTION) { unsafe takeBody($0, $1 * $2, $3) }
        unsafe ccurl_set_writer(easy, CURLOPT_HEADERFUNCTION) { unsafe takeHeader($0, $1 * $2, $3) }
    }

    private func prepareBody(_ call: CurlCall) {
        guard !call.body.isEmpty || [.post, .put, .patch].contains(call.method) else { return }
        // The size before the bytes: the library copies them at once and they may hold zeros.
        unsafe ccurl_set_long(easy, CURLOPT_POSTFIELDSIZE, call.body.count)
        unsafe call.body.withUnsafeBytes { bytes in
            var nothing: UInt8 = 0
            let base = unsafe bytes.baseAddress.map { unsafe UnsafeMutableRawPointer(mutating: $0) }
            unsafe withUnsafeMutableBytes(of: &nothing) { empty in
                _ = unsafe ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, base ?? empty.baseAddress)
            }
        }
    }

    // Without the empty "Expect" the library waits a second for leave to send a long body.
    private func headerList(_ call: CurlCall) -> UnsafeMutablePointer<curl_slist>? {
        var list = unsafe curl_slist_append(nil, "Expect:")
        for header in call.headers where CurlHandle.isClean(header.name) && CurlHandle.isClean(header.value) {
            guard let longer = unsafe curl_slist_append(list, header.name + ": " + header.value) else {
                unsafe curl_slist_free_all(list)
                return nil
            }
            unsafe list = longer
        }
        return unsafe list
    }

    // A line end inside a header would begin another one.
    private static func isClean(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ user: UnsafeMutableRawPointer?)
    -> Int
{
    guard let bytes = unsafe bytes, let user = unsafe user else { return 0 }
    let call = unsafe Unmanaged<CurlCall>.fromOpaque(user).takeUnretainedValue()
    return unsafe call.takeBody(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}

private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ user: UnsafeMutableRawPointer?)
    -> Int
{
    guard let bytes = unsafe bytes, let user = unsafe user else { return 0 }
    let call = unsafe Unmanaged<CurlCall>.fromOpaque(user).takeUnretainedValue()
    return unsafe call.takeHeader(Array(UnsafeRawBufferPointer(start: bytes, count: count))) ? count : 0
}

extension Duration {
    // At least one, because zero means "for ever" to libcurl.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(
            1, Int(clamping: min(seconds, 1_000_000)) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
