import Amphora
import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct Git: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run git on the store",
        discussion: """
            Examples:
              amphora git log --no-walk --tags
              amphora git fsck --strict
              amphora git --store digits.git count-objects -v
            """)

    @Argument(parsing: .captureForPassthrough, help: "git's own arguments")
    var arguments: [String] = []

    func run() throws {
        if arguments == ["--help"] || arguments == ["-h"] { throw CleanExit.helpRequest(self) }
        // Passed through as they are, but for a store named in front.
        let ownCount = arguments.first == "--store" ? min(2, arguments.count) : 0
        let store = try GlobalOptions.parse(Array(arguments.prefix(ownCount))).openStore()
        let words = ["git", "--git-dir", store.path] + arguments.dropFirst(ownCount)
        var pointers = words.map { strdup($0) } + [nil]
        execvp("git", &pointers)
        throw ProgramNotFound(program: "git")
    }
}

/// A program that is not installed.
struct ProgramNotFound: UserFacingError {
    let program: String
    var code: ErrorCode { .unavailable }
    var message: String { "cannot run '\(program)'" }
    var hint: String? { "Install it, and check that it is on the PATH." }
}
