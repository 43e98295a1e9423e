import ArgumentParser
import FoundationEssentials

struct Pages: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the pages of a store of 10,000 versions and 10,000 runs",
        discussion: """
            Makes the store, unless it is there, starts `amphora serve` in it, and asks with curl and wrk.

            Examples:
              amphora-bench pages /tmp/pages --write Docs/Performance.md
              amphora-bench pages /tmp/few --scale 100 --seconds 1
            """)

    @Argument(help: "The folder of the store")
    var folder: String

    @Option(help: "How many times smaller than 10,000 versions it is made")
    var scale = 1

    @Option(help: "How long each page is asked for")
    var seconds = 10

    @Option(help: "How many ask at once")
    var connections = 16

    @Option(help: ArgumentHelp("Put the table between the markers of this document", valueName: "file"))
    var write: String?

    @OptionGroup var program: ProgramOption

    func validate() throws {
        guard (1...100).contains(scale), seconds > 0, connections > 1 else {
            throw ValidationError("--scale is from 1 to 100, --seconds at least 1, --connections at least 2")
        }
    }

    func run() throws {
        let folder = folder.absolutePath
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let shell = Shell(folder: folder, variables: ["AMPHORA": try program.path()])
        let store = PageStore(scale: scale)
        if !FileManager.default.fileExists(atPath: "\(folder)/.amphora") {
            try Data(store.bytes).write(to: URL(filePath: "\(folder)/stream"))
            try shell.run(
                """
                "$AMPHORA" init .
                git --git-dir .amphora fast-import --quiet < stream
                git --git-dir .amphora pack-refs --all
                rm stream
                """)
        }
        let server = try PageServer(in: shell)
        defer { server.stop() }
        let text = try measured(server, store)
        try Tables.show([("pages", text)], writingTo: write)
    }

    private func measured(_ server: PageServer, _ store: PageStore) throws -> String {
        var table = MarkdownTable(
            titles: ["page", "KB", "first ms", "alone ms", "requests/s", "p50 ms", "p99 ms", "CPU ms"])
        let atStart = try server.memory()
        func measure(
            _ title: String, _ path: String, isKnown: Bool = false, meanwhile: String? = nil
        ) throws {
            let first = try server.ask(path)
            let alone = try server.load(
                path, connections: 1, seconds: max(1, seconds / 3), isKnown: isKnown, meanwhile: meanwhile)
            let load = try server.load(
                path, connections: connections, seconds: seconds, isKnown: isKnown, meanwhile: meanwhile)
            let size = isKnown ? "0" : (Double(first.byteCount) / 1000).text(decimals: 1)
            let times = [
                first.milliseconds, alone.median, load.rate, load.median, load.percentile99, load.cpu,
            ]
            table.rows.append([title, size] + times.map(\.text))
            Console.write("\(table.rows.last?.joined(separator: "  ") ?? "")\n")
        }
        for (title, path) in pages(store) { try measure(title, path) }
        let once = try server.memory()
        try measure("project, not changed", "/", isKnown: true)
        try measure(
            "runs, while another process puts", "/runs",
            meanwhile: "date +%N > file; \"$AMPHORA\" put file --name busy --type dataset -q")
        for (_, path) in pages(store) {
            _ = try server.load(path, connections: connections, seconds: max(1, seconds / 3))
        }
        let memory = [atStart, once, try server.memory()].map { "\(($0 + 1 << 19) >> 20) MiB" }
        return """
            \(table.text)
            Memory of the server: \(memory[0]) at the start, \(memory[1]) when all pages had been asked for, \
            \(memory[2]) when they had been asked for again.

            """
    }

    private func pages(_ store: PageStore) -> [(title: String, path: String)] {
        [
            ("project", "/"), ("artifact, 2,400 versions", "/artifacts/trained-model"),
            ("the same, sorted by metadata", "/artifacts/trained-model?sort=-metadata.accuracy"),
            ("artifact, 50 metadata fields", "/artifacts/wide"),
            ("version", "/artifacts/trained-model/v10"),
            ("version, lineage", "/artifacts/trained-model/v10/lineage"),
            ("version, 100,000 files", "/artifacts/many-files/v1/files"),
            ("two of them compared", "/artifacts/many-files/v1/compare"),
            ("runs", "/runs"), ("runs, sorted by summary", "/runs?sort=-summary.accuracy"),
            ("run", "/runs/\(store.run)"), ("run, charts", "/runs/\(store.run)/charts"),
            ("charts of 1,000,000 points", "/runs/\(store.longRun)/charts"), ("lineage", "/lineage"),
            ("lineage, by types", "/lineage/grouped"), ("lineage, as text", "/lineage/list"),
            ("search `lr>0.01 accuracy>0.9`", "/search?q=lr%3E0.01+accuracy%3E0.9"),
            ("search `train`", "/search?q=train"),
            ("API, versions", "/api/v1/artifacts/trained-model/versions"),
            ("API, runs", "/api/v1/runs"),
        ]
    }
}
