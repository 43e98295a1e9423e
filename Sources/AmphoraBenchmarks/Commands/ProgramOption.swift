import ArgumentParser
import FoundationEssentials
import SystemPackage

/// Which `amphora` is measured.
struct ProgramOption: ParsableArguments {
    @Option(help: ArgumentHelp("The program (default: the one beside this one)", valueName: "path"))
    var amphora: String?

    /// - Throws: ``Failure`` if it is not there.
    func path() throws -> String {
        let beside = FilePath(CommandLine.arguments[0]).removingLastComponent().appending("amphora").string
        let path = (amphora ?? beside).absolutePath
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure("\(path) is not there: build it, or name it with --amphora")
        }
        return path
    }
}
