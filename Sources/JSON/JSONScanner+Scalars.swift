// Strings and numbers: the parts where most of the bytes are.
extension JSONScanner {
    // `at` stands on the opening quote and ends behind the closing one.
    mutating func string() throws(JSONRejection) -> String {
        at += 1
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x22 {
                at += 1
                return String(decoding: bytes[start..<(at - 1)], as: UTF8.self)
            }
            if byte == 0x5C { return try escapedString(from: start) }
            try step(over: byte)
        }
        throw rejection(.unexpectedEnd, at: at)
    }

    private mutating func escapedString(from start: Int) throws(JSONRejection) -> String {
        var text = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x22 {
                at += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == 0x5C {
                try escape(into: &text)
            } else {
                let from = at
                try step(over: byte)
                text.append(contentsOf: bytes[from..<at])
            }
        }
        throw rejection(.unexpectedEnd, at: at)
    }

    // One unescaped character: refuses control characters and whatever is not UTF-8.
    @inline(__always)
    private mutating func step(over byte: UInt8) throws(JSONRejection) {
        if byte < 0x80 {
            guard byte >= 0x20 else { throw rejection(.controlCharacter(byte), at: at) }
            at += 1
        } else {
            let length = sequenceLength(of: byte)
            guard length > 0 else { throw rejection(.invalidUTF8, at: at) }
            at += length
        }
    }

    // RFC 3629 section 4: shortest form only, no surrogates, nothing above U+10FFFF. Zero when malformed.
    private func sequenceLength(of lead: UInt8) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: return 0
        }
        guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { return 0 }
        for place in (at + 2)..<max(at + 2, at + length) where bytes[place] & 0xC0 != 0x80 { return 0 }
        return length
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONRejection) {
        guard at + 1 < bytes.count else { throw rejection(.unexpectedEnd, at: bytes.count) }
        let plain: UInt8
        switch bytes[at + 1] {
        case 0x22, 0x5C, 0x2F: plain = bytes[at + 1]
        case 0x62: plain = 0x08
        case 0x66: plain = 0x0C
        case 0x6E: plain = 0x0A
        case 0x72: plain = 0x0D
        case 0x74: plain = 0x09
        case 0x75:
            text.append(contentsOf: Array(String(Character(try unicodeEscape())).utf8))
            return
        default: throw rejection(.invalidEscape, at: at)
        }
        text.append(plain)
        at += 2
    }

    private mutating func unicodeEscape() throws(JSONRejection) -> Unicode.Scalar {
        let start = at
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, at + 1 < bytes.count, bytes[at] == 0x5C, bytes[at + 1] == 0x75 else {
            throw rejection(.loneSurrogate, at: start)
        }
        let second = try codeUnit()
        let joined = 0x10000 &+ (UInt32(first) &- 0xD800) << 10 &+ (UInt32(second) &- 0xDC00)
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(joined) else {
            throw rejection(.loneSurrogate, at: start)
        }
        return scalar
    }

    // `at` stands on the backslash of "\uXXXX".
    private mutating func codeUnit() throws(JSONRejection) -> UInt16 {
        guard at + 6 <= bytes.count else { throw rejection(.unexpectedEnd, at: bytes.count) }
        var unit: UInt16 = 0
        for byte in bytes[(at + 2)..<(at + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw rejection(.invalidEscape, at: at)
            }
            unit = unit << 4 | UInt16(digit)
        }
        at += 6
        return unit
    }
}

extension JSONScanner {
    mutating func number() throws(JSONRejection) -> JSONValue {
        let start = at
        let isNegative = bytes[at] == 0x2D
        if isNegative { at += 1 }
        let magnitude = try wholePart()
        if at < bytes.count, bytes[at] == 0x2E || bytes[at] | 0x20 == 0x65 {
            try fractionAndExponent()
        } else if let magnitude, let value = JSONInteger(magnitude: magnitude, isNegative: isNegative) {
            return .integer(value)
        }
        return .decimal(JSONDecimal(scanned: String(decoding: bytes[start..<at], as: UTF8.self)))
    }

    // Nil when the digits exceed 64 bits.
    private mutating func wholePart() throws(JSONRejection) -> UInt64? {
        let start = at
        var value: UInt64 = 0
        var overflows = false
        while at < bytes.count, bytes[at] &- 0x30 < 10 {
            let (product, above) = value.multipliedReportingOverflow(by: 10)
            let (sum, beyond) = product.addingReportingOverflow(UInt64(bytes[at] &- 0x30))
            overflows = overflows || above || beyond
            value = sum
            at += 1
        }
        guard at > start else { throw missingDigit() }
        guard bytes[start] != 0x30 || at == start + 1 else { throw rejection(.leadingZero, at: start) }
        return overflows ? nil : value
    }

    private mutating func fractionAndExponent() throws(JSONRejection) {
        if bytes[at] == 0x2E {
            at += 1
            try digits()
        }
        guard at < bytes.count, bytes[at] | 0x20 == 0x65 else { return }
        at += 1
        if at < bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D { at += 1 }
        try digits()
    }

    private mutating func digits() throws(JSONRejection) {
        let start = at
        while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
        guard at > start else { throw missingDigit() }
    }

    private func missingDigit() -> JSONRejection {
        at < bytes.count ? rejection(.missingDigit, at: at) : rejection(.unexpectedEnd, at: at)
    }
}
