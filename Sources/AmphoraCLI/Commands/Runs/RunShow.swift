import Amphora
import ArgumentParser

struct RunShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all about one run",
        discussion: """
            Examples:
              amphora run show 3k9x2m1a
              amphora run show sunny-smoke-1 --history
              amphora run show 3k9x2m1a --media hardest/0-0.png > hardest.png
            """)

    @Argument(help: ArgumentHelp("The run's ID, or its name if no other has it", valueName: "run"))
    var runName: String

    @Flag(help: "Write its metrics instead, a JSON object a step")
    var history = false

    @Option(help: ArgumentHelp("Write one of its images instead", valueName: "path"))
    var media: String?

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try content.openStore(global)
        let run = try store.run(runName)
        if history { return try store.history(of: run.id) { try Output.write("\($0.line)\n") } }
        if let media { return try Output.write(bytes: store.readMedia(media, of: run.id)) }
        var last: [String: JSONValue] = [:]
        var stepCount = 0
        try store.history(of: run.id) { line in
            stepCount += 1
            last.merge(line.object ?? [:]) { _, new in new }
        }
        let images = try store.media(of: run.id)
        var json = run.json
        json["history_lines"] = .int(Int64(stepCount))
        json["last_metrics"] = .object(last)
        json["media"] = .array(images.map(JSONValue.string))
        try global.output.write(json, text: text(run, last, stepCount, images))
    }

    private func text(_ run: RunInfo, _ last: [String: JSONValue], _ stepCount: Int, _ images: [String])
        -> String
    {
        let record = run.record
        let now = GlobalOptions.surroundings.now()
        let took = run.duration(until: now).map { ", \(Format.duration(.seconds($0)))" } ?? ""
        var lines = [
            "\(record.name) (\(run.id))", "job type:  \(record.jobType)", "project:   \(record.project)",
            "state:     \(run.state.rawValue)\(record.exitStatus.map { " (exit status \($0))" } ?? "")\(took)",
            "started:   \(Format.date(record.created)) UTC by \(record.user) on \(record.host)",
        ]
        if !record.command.isEmpty { lines.append("command:   \(record.command.joined(separator: " "))") }
        if let commit = record.code["commit"]?.string {
            lines.append("code:      \(commit)\(record.code["dirty"] == true ? " (with changes)" : "")")
        }
        if !record.tags.isEmpty { lines.append("tags:      \(record.tags.joined(separator: ", "))") }
        if !record.notes.isEmpty { lines.append("notes:     \(record.notes)") }
        lines += run.links.filter(\.role.isInput).map { "used:      \($0.artifact)" }
        lines += run.links.filter(\.role.isOutput).map { "logged:    \($0.artifact)" }
        lines += section("config", record.config) + section("summary", record.summary)
        lines += section(
            "metrics, last of \(Format.count(stepCount, "line"))", last.filter { !$0.key.hasPrefix("_") })
        let pictures = images.filter { $0.hasSuffix(".png") }
        if !pictures.isEmpty {
            lines.append("media: \(Format.count(pictures.count, "image")), such as \(pictures[0])")
        }
        return lines.map { $0.escapingControlCharacters() }.joined(separator: "\n")
    }

    private func section(_ title: String, _ entries: [String: JSONValue]) -> [String] {
        guard !entries.isEmpty else { return [] }
        return ["\(title):"]
            + entries.sorted { $0.key < $1.key }.map { "  \($0.key) = \($0.value.canonical)" }
    }
}
