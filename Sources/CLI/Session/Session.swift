package import Primitives

/// Everything a handler may touch: settings, home, terminal, node.
package final class Session {
    /// The variables and the place of this program.
    package let environment: Environment
    /// The settings of this run.
    package let settings: Settings
    /// Where things are printed and asked.
    package let terminal: Terminal
    /// The folder that holds keys and devnets.
    package let home: HomeDirectory
    private var connected: NodeClient?

    /// Joins the parts.
    package init(environment: Environment, settings: Settings, terminal: Terminal) {
        self.environment = environment
        self.settings = settings
        self.terminal = terminal
        home = HomeDirectory(path: settings.home)
    }

    /// Whether a person can be asked.
    package var canAsk: Bool { terminal.canAsk && !settings.asksNothing && !terminal.manner.isJSON }

    /// The node that the settings name.
    package var node: NodeClient {
        get throws(CommandFailure) {
            if let connected { return connected }
            let client = NodeClient(url: try nodeURL(), connection: TransportConnection(), terminal: terminal)
            connected = client
            return client
        }
    }

    /// The node that an earlier command spoke to, unless this one names another.
    package func node(asIn earlier: String, _ invocation: Invocation) throws(CommandFailure) -> NodeClient {
        if settings.node != nil || invocation.has("profile") { return try node }
        return NodeClient(url: earlier, connection: TransportConnection(), terminal: terminal)
    }

    /// The chain that the settings name, else the main chain.
    package var chain: String { settings.chain ?? "main" }

    /// The flags that a hint needs to reach the same node and chain.
    package func flags(chain: String = "main") -> String {
        var text = chain == "main" ? "" : " --chain \(chain)"
        if let node = settings.node { text += " --node \(node)" }
        if settings.profile != "default" { text += " --profile \(settings.profile)" }
        return text
    }

    private func nodeURL() throws(CommandFailure) -> String {
        if let url = settings.node {
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw .usage(
                    "BAD_VALUE", "--node wants a URL, not \"\(url)\"", hint: "--node http://127.0.0.1:4096")
            }
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        }
        if let record = try home.devnet(settings.profile).record() { return record.url }
        return "http://127.0.0.1:4096"
    }

    /// Calls `look` until it gives something; waits longer and longer, and no longer than the timeout.
    package func wait<Found>(
        for what: String, hint: String, timeout: Instant.Span? = nil,
        _ look: () throws(CommandFailure) -> Found?
    ) throws(CommandFailure) -> Found {
        let start = Clock.monotonic
        let limit = timeout ?? settings.timeout
        var pause: UInt64 = 20
        while true {
            if let found = try look() { return found }
            let waited = Clock.monotonic - start
            guard waited < limit.milliseconds else {
                throw CommandFailure(
                    "TIMED_OUT",
                    "\(what) took longer than \(DurationText.format(limit)); it may still happen",
                    hint: hint, exit: .timedOut)
            }
            terminal.spin("\(what) · \(waited / 1000) s")
            Clock.pause(milliseconds: min(pause, limit.milliseconds - waited))
            pause = min(pause * 3 / 2, 250)
        }
    }
}
