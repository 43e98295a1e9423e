import Amphora
import ArgumentParser

struct AliasResolve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Decide about an alias that was moved here and at a remote",
        discussion: """
            Examples:
              amphora alias resolve convnet:best --ours     what it is here is what the next push sends
              amphora alias resolve convnet:best --theirs   it becomes what the remote has
            """)

    @Argument(help: "NAME:ALIAS")
    var alias: String

    @Flag(help: "Keep what it is here")
    var ours = false

    @Flag(help: "Take what the remote has")
    var theirs = false

    @Option(help: ArgumentHelp("Whose, if several remotes differ", valueName: "name"))
    var remote: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard ours != theirs else { throw ValidationError("Say either --ours or --theirs.") }
    }

    func run() throws {
        let reference = try VersionReference(alias)
        guard alias.contains(":"), case .alias(let alias) = reference.selector else {
            throw AliasNeeded(text: alias)
        }
        let store = try global.openStore()
        let target = try store.resolveConflict(
            of: alias, reference.artifact, taking: ours ? .ours : .theirs(remote: remote))
        let version = try store.versions(of: reference.artifact).first { $0.commitID == target }
        let name = version.map { "\($0.name.number)" } ?? target.abbreviated
        try global.output.write(
            [
                "alias": .string(reference.description),
                "version": version.map { .string($0.description) } ?? .null,
                "kept": .string(ours ? "ours" : "theirs"),
            ], text: "\(reference) → \(name)")
    }
}
