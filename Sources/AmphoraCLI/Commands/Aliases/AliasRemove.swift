import Amphora
import ArgumentParser

struct AliasRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove an alias; the version stays",
        discussion: """
            Examples:
              amphora alias rm convnet:best
            """)

    @Argument(help: "NAME:ALIAS")
    var alias: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let reference = try VersionReference(alias)
        guard self.alias.contains(":"), case .alias(let alias) = reference.selector else {
            throw AliasNeeded(text: self.alias)
        }
        try global.openStore().removeAlias(alias, of: reference.artifact)
        try global.output.write(["removed": .string(reference.description)], text: "Removed \(reference)")
    }
}

/// A version where an alias belongs.
struct AliasNeeded: UserFacingError {
    let text: String
    var code: ErrorCode { .invalidArgument }
    var message: String { "'\(text)' does not name an alias" }
    var hint: String? { "Write NAME:ALIAS, for example 'convnet:best'; `amphora rm` deletes versions." }
}
