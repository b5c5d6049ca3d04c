internal import CLinux
internal import DAppRuntime
internal import Glibc

// The engine reads its options from the environment when it starts; whatever the parent set is replaced.
clearenv()
for entry in DAppWorkerProcess.environment {
    let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2 { unsafe setenv(parts[0], parts[1], 1) }
}

Program.run(Array(CommandLine.arguments.dropFirst()))
