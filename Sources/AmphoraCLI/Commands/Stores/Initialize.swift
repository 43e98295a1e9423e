import Amphora
import ArgumentParser

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a store",
        discussion: """
            Examples:
              amphora init                    .amphora in the current folder
              amphora init --bare digits.git  a bare repository, to share
            """)

    @Argument(help: "The project's folder, or with --bare the repository's own")
    var folder = "."

    @Flag(help: "Make the folder itself the repository, instead of .amphora in it")
    var bare = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try Store.create(at: folder, isBare: bare, surroundings: GlobalOptions.surroundings)
        try global.output.write(["store": .string(store.path)], text: "Made an empty store in \(store.path)")
    }
}
