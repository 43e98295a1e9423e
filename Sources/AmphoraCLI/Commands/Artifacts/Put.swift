public import Amphora
public import ArgumentParser
import FoundationEssentials

struct Put: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log a version of an artifact",
        discussion: """
            A folder's content goes to the top of the version, a file under its own name. Honours \
            .amphoraignore (the rules of gitignore). Prints `mnist-raw:v3` for a new version, or the newest \
            one's name if it has the same files. Inside `amphora run` the version becomes an output of that \
            run; otherwise a run of job type `put` is recorded.

            Examples:
              amphora put data/ --name mnist-raw --type dataset --alias clean
              amphora put model.pt --name convnet --type model --metadata '{"epochs": 5}'
              amphora put labels.csv --name mnist-raw --type dataset --base mnist-raw:latest
            """)

    @Argument(help: "Files and folders")
    var paths: [String] = []

    @Option(help: "The artifact's name")
    var name: String

    @Option(help: "The artifact's type, such as dataset or model")
    var type: String

    @Option(help: "What to tell people; its first line is the title")
    var description: String?

    @Option(help: ArgumentHelp("Facts for programs: a JSON object, or @FILE", valueName: "json"))
    var metadata: String?

    @Option(name: .customLong("alias"), help: "Point this alias at the version too; may be repeated")
    var aliases: [String] = []

    @Option(
        name: .customLong("exclude"),
        help: ArgumentHelp("Leave out what matches, as in .gitignore; may be repeated", valueName: "glob"))
    var excludes: [String] = []

    @Option(help: "What to do with links: \(LinkPolicy.allCases.map(\.rawValue).joined(separator: ", "))")
    var links = LinkPolicy.inside

    @Option(help: ArgumentHelp("Start from the files of this version and change them", valueName: "version"))
    var base: String?

    @Option(help: ArgumentHelp("Put the files below this folder of the version", valueName: "folder"))
    var into: String?

    @Option(name: .customLong("remove"), help: "With --base: take out this file or folder; may be repeated")
    var removals: [String] = []

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let began = GlobalOptions.surroundings.now()
        let store = try content.openStore(global)
        let base = try base.map { try store.version($0) }
        let artifact = try makeArtifact(from: base)
        let outerRun = try CurrentRun.find(in: store)
        if let base { try outerRun?.use(base) }
        let (run, version, isNew) = try log(artifact, in: store, outerRun, began: began)
        tell(of: artifact, version, isNew: isNew)
        var json = version.json(aliases: try version.aliases())
        json["new"] = .bool(isNew)
        json["logged_by"] = .string(run.id.rawValue)
        try global.output.write(json, text: version.description)
        store.tidyUp()
    }

    private func log(
        _ artifact: Artifact, in store: Store, _ outerRun: Run?, began: Date
    ) throws -> (run: Run, version: Version, isNew: Bool) {
        let staged = try global.withProgress { try store.stage(artifact, aliases: aliases, progress: $0) }
        // What can be wrong with the files has shown: only now is there a run to tell of.
        return try Interruption.postponed {
            let run = try outerRun ?? startRun(in: store, began: began)
            do {
                let (version, isNew) = try run.log(staged, finishing: outerRun == nil)
                return (run, version, isNew)
            } catch {
                if outerRun == nil { try? run.fail("\(error)") }
                throw error
            }
        }
    }

    private func makeArtifact(from base: Version?) throws -> Artifact {
        let metadata = try metadata.map { try JSONArgument.object($0, option: "--metadata") }
        var artifact: Artifact
        if let base {
            artifact = Artifact(
                basedOn: base, name: name, type: type, description: description, metadata: metadata)
        } else {
            artifact = Artifact(name: name, type: type, description: description, metadata: metadata ?? [:])
        }
        for path in removals { try artifact.remove(path) }
        for path in paths {
            guard !path.isEmpty else { throw EmptyPath() }
            var isFolder = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
                try artifact.addDirectory(path, as: into, links: links, excluding: excludes)
            } else {
                let file = path.split(separator: "/").last.map(String.init) ?? path
                try artifact.addFile(path, as: into.map { "\($0)/\(file)" })
            }
        }
        return artifact
    }

    private func startRun(in store: Store, began: Date) throws -> Run {
        try store.startRun(
            project: ProjectName.of(store), jobType: "put", command: CommandLine.arguments, began: began)
    }

    private func tell(of artifact: Artifact, _ version: Version, isNew: Bool) {
        let output = global.output
        for path in artifact.skippedRepositories { output.notice("left out: \(path)") }
        if artifact.skippedLinkCount > 0 {
            output.notice("left out: \(Format.count(artifact.skippedLinkCount, "link"))")
        }
        guard !isNew else { return }
        output.notice("unchanged: the newest version has the same files")
        let isDescriptionLost = description != nil && description != version.note
        if isDescriptionLost || (metadata != nil && artifact.metadata != version.metadata) {
            output.notice("the new description and metadata are not kept: a version is its files")
        }
    }
}

/// An empty word where a path belongs: most often a shell variable that is not set.
struct EmptyPath: UserFacingError {
    var code: ErrorCode { .invalidArgument }
    var message: String { "a path is empty" }
    var hint: String? { "Check the variables in the command: one may not be set." }
}

extension LinkPolicy: ExpressibleByArgument {}

/// What runs belong to, unless somebody says.
enum ProjectName {
    /// The name of the project's folder, or of the bare repository.
    static func of(_ store: Store) -> String {
        let names = store.path.split(separator: "/")
        let name = names.last == ".amphora" ? names.dropLast().last : names.last
        return name.map(String.init) ?? "project"
    }
}
