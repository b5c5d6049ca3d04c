internal import Glibc

/// Where a command reads and writes; tests pass streams in memory.
package protocol Streams: AnyObject {
    /// Whether a person can be asked: input and standard error are terminals.
    var canAsk: Bool { get }
    /// Whether standard error is a terminal, so that colours and spinners are welcome.
    var showsProgress: Bool { get }
    /// Appends to standard output; false when nobody reads it any more.
    func writeOutput(_ text: String) -> Bool
    /// Appends to standard error.
    func writeError(_ text: String)
    /// Reads one line of input without its end; nil at the end or when it is longer than 4096 bytes.
    func readLine() -> [UInt8]?
    /// Reads one line of input without showing it.
    func readHiddenLine() -> [UInt8]?
    /// Reads input to its end; nil when it cannot be read or is longer than `most` bytes.
    func readAll(most: Int) -> [UInt8]?
}

/// The process's own standard streams.
package final class StandardStreams: Streams {
    /// There is nothing to set up.
    package init() {}

    /// Input and standard error are terminals.
    package var canAsk: Bool { Descriptor.isTerminal(Descriptor.input) && showsProgress }
    /// Standard error is a terminal.
    package var showsProgress: Bool { Descriptor.isTerminal(Descriptor.error) }

    /// Writes at once; a reader that went away is not an error.
    package func writeOutput(_ text: String) -> Bool {
        Descriptor.write(Array(text.utf8), to: Descriptor.output)
    }
    /// Writes at once.
    package func writeError(_ text: String) { Descriptor.write(Array(text.utf8), to: Descriptor.error) }
    /// Reads from standard input.
    package func readLine() -> [UInt8]? { Descriptor.readLine(Descriptor.input, most: 4096) }

    /// Reads standard input to its end.
    package func readAll(most: Int) -> [UInt8]? { Descriptor.readAll(Descriptor.input, most: most) }

    /// Reads from standard input with the terminal's echo off; an interruption turns it on again.
    package func readHiddenLine() -> [UInt8]? {
        guard let before = TerminalEcho.turnOff() else { return readLine() }
        defer {
            TerminalEcho.restore(before)
            writeError("\n")
        }
        return readLine()
    }
}

/// The echo of the terminal at standard input.
enum TerminalEcho {
    /// Turns it off and gives the settings to restore; nil when there is no terminal.
    static func turnOff() -> termios? {
        var settings = termios()
        guard unsafe tcgetattr(Descriptor.input, &settings) == 0 else { return nil }
        let before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        Interruption.restoring(before)
        guard unsafe tcsetattr(Descriptor.input, TCSAFLUSH, &settings) == 0 else { return nil }
        return before
    }

    /// Puts the settings back.
    static func restore(_ settings: termios) {
        var settings = settings
        unsafe _ = tcsetattr(Descriptor.input, TCSAFLUSH, &settings)
        Interruption.restoring(nil)
    }
}
