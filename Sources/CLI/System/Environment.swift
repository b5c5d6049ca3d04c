/// The variables and the place that a command runs in; tests make their own.
package struct Environment: Sendable {
    /// The variables by name.
    package var variables: [String: String]
    /// The path of this program.
    package var executable: String

    /// Joins the parts.
    package init(variables: [String: String], executable: String = "/proc/self/exe") {
        self.variables = variables
        self.executable = executable
    }

    /// What the system gave to this process.
    package static func current() -> Environment {
        var variables: [String: String] = [:]
        let bytes = ((try? Files.read("/proc/self/environ")) ?? nil) ?? []
        for entry in bytes.split(separator: 0) {
            guard let mark = entry.firstIndex(of: 0x3D) else { continue }
            let name = String(decoding: entry[..<mark], as: UTF8.self)
            variables[name] = String(decoding: entry[(mark + 1)...], as: UTF8.self)
        }
        let executable = Files.linkTarget("/proc/self/exe") ?? "/proc/self/exe"
        return Environment(variables: variables, executable: executable)
    }

    /// The variable, unless it is missing or empty.
    package subscript(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
