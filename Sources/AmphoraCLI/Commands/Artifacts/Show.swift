import Amphora
import ArgumentParser

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show all about one version",
        discussion: """
            Examples:
              amphora show mnist-raw
              amphora show convnet:best --json
            """)

    @Argument(help: "NAME, NAME:ALIAS or NAME:vN")
    var version: String

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try content.openStore(global)
        let version = try store.version(version)
        let aliases = try version.aliases()
        let labels = try AliasLabels(in: store)
        let runs = try store.runs(linking: version).compactMap { run in
            run.links.first { $0.commitID == version.commitID }.map { (run: run, role: $0.role) }
        }
        let producers = runs.filter(\.role.isOutput).map(\.run)
        let consumers = runs.filter(\.role.isInput).map(\.run)
        var json = version.json(aliases: aliases, labels)
        json["producers"] = .array(producers.map { .string($0.id.rawValue) })
        json["consumers"] = .array(consumers.map { .string($0.id.rawValue) })
        try global.output.write(
            json, text: text(version, labels.list(aliases, of: version.name.artifact), producers, consumers))
        global.output.tell(
            try store.strayTypes(of: version.name.artifact).filter { $0.version == version.name })
    }

    private func text(
        _ version: Version, _ aliases: String, _ producers: [RunInfo], _ consumers: [RunInfo]
    ) -> String {
        var lines = [
            "\(version) (\(version.type))", "aliases:   \(aliases)",
            "created:   \(Format.date(version.created)) UTC by \(version.signature.person)",
            "content:   \(Format.count(version.fileCount, "file")), \(Format.bytes(version.byteCount))",
            "digest:    \(version.treeID)", "commit:    \(version.commitID)",
        ]
        lines += producers.map { "logged by: \($0.line)" }
        lines += consumers.map { "used by:   \($0.line)" }
        if let note = version.note {
            lines += [""] + note.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        if !version.metadata.isEmpty { lines += ["", JSONValue.object(version.metadata).pretty] }
        return lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .map { String($0).escapingControlCharacters() }.joined(separator: "\n")
    }
}

extension RunInfo {
    /// `train sunny-smoke-1 (finished) 3k9x2m1a`.
    var line: String { "\(record.jobType) \(record.name) (\(state.rawValue)) \(id)" }
}
