import Amphora
import ArgumentParser

struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Delete a version",
        discussion: """
            Leaves a tombstone: the number is never used again, and runs keep their links. Refuses while an \
            alias other than latest points at the version.

            Examples:
              amphora rm mnist-raw:v2
              amphora rm convnet:v0 --force
            """)

    @Argument(help: "NAME:vN")
    var version: String

    @Flag(help: "Remove aliases that point at it too")
    var force = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try global.openStore()
        let reference = try VersionReference(version)
        guard case .number(let number) = reference.selector else { throw NumberNeeded(text: version) }
        try store.remove(VersionName(reference.artifact, number), force: force)
        try global.output.write(["deleted": .string(version)], text: "Deleted \(version)")
        store.tidyUp()
    }
}

/// An alias where only a number is clear enough.
struct NumberNeeded: UserFacingError {
    let text: String
    var code: ErrorCode { .invalidArgument }
    var message: String { "'\(text)' does not say which version" }
    var hint: String? { "Deleting takes a number, such as 'mnist-raw:v2': an alias may move meanwhile." }
}
