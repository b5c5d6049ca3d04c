/// Completion scripts for shells, written from the command table.
package struct Completions: Sendable {
    private let table: CommandTable

    /// Completions of a table.
    package init(_ table: CommandTable = .standard) { self.table = table }

    /// The shells that have a script.
    package static let shells = ["bash", "zsh", "fish"]

    /// The script for a shell; nil for one that has none.
    package func script(for shell: String) -> [String]? {
        switch shell {
        case "bash": bash
        case "zsh": ["#compdef etm", "autoload -U +X bashcompinit && bashcompinit"] + bash
        case "fish": fish
        default: nil
        }
    }

    // Bash looks at the words that are no flags: the first names a group, the second a command in it.
    private var bash: [String] {
        var lines = [
            "_etm() {",
            "    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" words=() word",
            "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do",
            "        case \"$word\" in -*) ;; *) words+=(\"$word\") ;; esac",
            "    done",
            "    local reply=\"\"",
            "    case \"$prev\" in",
        ]
        lines += bashValues.map { "        \($0)" }
        lines += ["    esac", "    if [ -z \"$reply\" ]; then case \"${words[*]}\" in"]
        lines.append("        \"\") reply=\"\(table.firstWords.joined(separator: " "))\" ;;")
        for group in table.groups where table.group(group.name) != nil {
            for (words, verbs) in Self.continuations(of: group) {
                lines.append("        \"\(words)\") reply=\"\(verbs.joined(separator: " "))\" ;;")
            }
        }
        for command in table.commands where command.argument != nil {
            guard let words = bashWords(of: command.argument?.kind) else { continue }
            lines.append("        \"\(command.name)\") reply=\"\(words)\" ;;")
        }
        lines += ["    esac; fi", "    case \"$cur\" in -*) case \"${words[*]}\" in"]
        for command in table.commands {
            lines.append("        \"\(command.name)\"*) reply=\"\(Self.dashed(command.flags))\" ;;")
        }
        lines += [
            "    esac; reply=\"$reply \(Self.dashed(GlobalFlags.all))\" ;; esac",
            "    COMPREPLY=($(compgen -W \"$reply\" -- \"$cur\"))", "}",
            "complete -o default -F _etm etm",
        ]
        return lines
    }

    // What may follow a group's name, and each of its commands' names that is not yet whole.
    private static func continuations(of group: CommandGroup) -> [(words: String, verbs: [String])] {
        var found: [(words: String, verbs: [String])] = []
        for count in [1, 2] {
            for path in group.commands.map(\.path) where path.count > count {
                let words = path.prefix(count).joined(separator: " ")
                if let index = found.firstIndex(where: { $0.words == words }) {
                    if !found[index].verbs.contains(path[count]) { found[index].verbs.append(path[count]) }
                } else {
                    found.append((words, [path[count]]))
                }
            }
        }
        return found
    }

    private var bashValues: [String] {
        var seen: Set<String> = []
        var lines: [String] = []
        for flag in GlobalFlags.all + table.commands.flatMap(\.flags) where seen.insert(flag.name).inserted {
            guard let words = bashWords(of: flag.value) else { continue }
            lines.append("--\(flag.name)) reply=\"\(words)\" ;;")
        }
        return lines
    }

    private func bashWords(of kind: ValueKind?) -> String? {
        switch kind {
        case .choice(let words): words.joined(separator: " ")
        case .name(_, let source): "$(etm completions --values \(source.rawValue) 2>/dev/null)"
        default: nil
        }
    }

    private static func dashed(_ flags: [Flag]) -> String {
        flags.map { "--\($0.name)" }.joined(separator: " ")
    }

    private var fish: [String] {
        var lines = ["complete -c etm -f"]
        for word in table.firstWords {
            let summary =
                table.groups.first { $0.name == word }?.summary ?? table.command([word])?.summary ?? ""
            lines.append("complete -c etm -n __fish_use_subcommand -a \(word) -d '\(Self.quoted(summary))'")
        }
        for command in table.commands {
            let seen = command.path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
            if let last = command.path.last, command.path.count > 1 {
                let before = command.path.dropLast().map { "__fish_seen_subcommand_from \($0)" }
                lines.append(
                    "complete -c etm -n '\(before.joined(separator: "; and "))' -a \(last)"
                        + " -d '\(Self.quoted(command.summary))'")
            }
            if let words = fishWords(of: command.argument?.kind) {
                lines.append("complete -c etm -n '\(seen)' -a \"\(words)\"")
            }
            for flag in command.flags { lines.append("complete -c etm -n '\(seen)' \(fish(flag))") }
        }
        return lines + GlobalFlags.all.map { "complete -c etm \(fish($0))" }
    }

    private func fish(_ flag: Flag) -> String {
        var text = "-l \(flag.name)"
        if let short = flag.short { text += " -s \(short)" }
        if flag.value != nil { text += " -x" }
        if let words = fishWords(of: flag.value) { text += " -a \"\(words)\"" }
        return text + " -d '\(Self.quoted(flag.summary))'"
    }

    private func fishWords(of kind: ValueKind?) -> String? {
        switch kind {
        case .choice(let words): words.joined(separator: " ")
        case .name(_, let source): "(etm completions --values \(source.rawValue) 2>/dev/null)"
        default: nil
        }
    }

    private static func quoted(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
    }
}
