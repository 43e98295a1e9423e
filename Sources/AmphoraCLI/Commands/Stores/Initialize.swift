import Amphora
import ArgumentParser

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a store; one that is there stays as it is",
        discussion: """
            Examples:
              amphora init                    .amphora in the current folder
              amphora init --bare digits.git  a bare repository, to share
            """)

    @Argument(help: "The project's folder, or with --bare the repository's own")
    var folder = "."

    @Flag(help: "Make the folder itself the repository, instead of .amphora in it")
    var bare = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        if folder.isEmpty { throw ValidationError("the project's folder has no name") }
    }

    func run() throws {
        do {
            let store = try Store.create(at: folder, isBare: bare, surroundings: GlobalOptions.surroundings)
            try tell(store.path, isNew: true)
        } catch {
            // As with `git init`, a script may call it again.
            guard case .alreadyThere(let path)? = error as? StoreError else { throw error }
            try tell(path, isNew: false)
        }
    }

    private func tell(_ path: String, isNew: Bool) throws {
        try outputOptions.output.write(
            ["store": .string(path), "new": .bool(isNew)],
            text: isNew ? "Made an empty store in \(path)" : "There is a store in \(path) already")
    }
}
