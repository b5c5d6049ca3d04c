internal import CLI
internal import Glibc

@main
private enum EntryPoint {
    static func main() {
        exit(Program.main())
    }
}
