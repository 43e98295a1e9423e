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
        let metrics = try ifHere { try LastMetrics(of: run.id, in: store) }
        let images = try ifHere { try store.media(of: run.id) }
        var json = run.json
        json["history_lines"] = metrics.map { .int(Int64($0.lineCount)) } ?? .null
        json["last_metrics"] = metrics.map { .object($0.values) } ?? .null
        json["media"] = images.map { .array($0.map(JSONValue.string)) } ?? .null
        try global.output.write(json, text: text(run, metrics, images ?? []))
    }

    /// Tells of what is not here and cannot be brought: all else is shown.
    private func ifHere<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch {
            guard let error = error as? any UserFacingError, error.code == .unavailable else { throw error }
            global.output.notice(of: error)
            return nil
        }
    }

    private struct LastMetrics {
        var lineCount = 0
        var values: [String: JSONValue] = [:]

        init(of id: RunID, in store: Store) throws {
            try store.history(of: id) { line in
                lineCount += 1
                values.merge(line.object ?? [:]) { _, new in new }
            }
        }
    }

    private func text(_ run: RunInfo, _ metrics: LastMetrics?, _ images: [String]) -> String {
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
        if let metrics {
            lines += section(
                "metrics, last of \(Format.count(metrics.lineCount, "line"))",
                metrics.values.filter { !$0.key.hasPrefix("_") })
        }
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
