import Amphora
import Foundation
import TestSupport
import Testing

@testable import AmphoraWeb

/// A store in which everything that can hold text holds an attack.
struct HostileStore {
    let web: WebStore
    let run: RunID

    /// What breaks out of text and attributes if it is let through, with a word to find it by.
    static func attack(_ word: String) -> String {
        #""'><script>\#(word)</script><img src=x onerror=\#(word)>"# + "\u{202E}"
    }

    /// What a page has instead.
    static func escaped(_ word: String) -> String { "&lt;script&gt;\(word)&lt;/script&gt;" }

    static let markdown = """
        # <script>alert(1)</script>

        [link](javascript:alert(1)) [data](data:text/html;base64,PHNjcmlwdD4=) ![x](javascript:alert(1))
        <img src=x onerror=alert(1)> <a href="javascript:alert(1)">x</a> <iframe src="//evil.example"></iframe>

        ![elsewhere](https://evil.example/pixel.png) [VB](vbscript:x) [web](https://example.com/)
        """

    /// Files whose names or contents attack.
    private static let files: [(name: String, content: [UInt8])] = [
        ("notes.md", Array(markdown.utf8)),
        (
            "table.csv",
            Array("<script>csv-header</script>,b\n<b>csv-cell</b>,=cmd()\n".utf8)
        ),
        ("data.json", Array(#"{"json-key</pre><script>": "<script>json</script>"}"#.utf8)),
        (
            "deep.json",
            Array((String(repeating: "[", count: 480) + String(repeating: "[1],", count: 50_000)).utf8)
        ),
        ("page.html", Array("<!doctype html><script>alert(1)</script>".utf8)),
        ("picture.svg", Array("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".utf8)),
        ("html.png", Array("<script>alert(1)</script>".utf8)),
        ("polyglot.gif", Array("GIF89a/*<script>*/=1;alert(1)//</script>".utf8)),
        ("<script>file-name<", Array("x".utf8)), ("\"onmouseover=alert(1) ", Array("x".utf8)),
        ("back\u{202E}gnp.exe", Array("x".utf8)), ("two\nlines", Array("x".utf8)),
        ("%2e%2e%2fpasswd", Array("x".utf8)), ("back\\slash", Array("x".utf8)),
        ("javascript:alert(1)", Array("x".utf8)),
    ]

    init() throws {
        web = try WebStore { surroundings in
            surroundings.user = Self.attack("user")
            surroundings.host = Self.attack("host")
            surroundings.author = (Self.attack("author"), "a@example.com")
        }
        let run = try web.store.startRun(
            project: Self.attack("project"), jobType: Self.attack("job-type"), name: Self.attack("run-name"),
            config: [Self.attack("config-key"): .string(Self.attack("config-value"))],
            notes: Self.markdown, tags: [Self.attack("tag")],
            command: [Self.attack("command")], code: ["commit": .string(Self.attack("code"))])
        var artifact = Artifact(
            name: "hostile", type: "dataset", description: Self.markdown,
            metadata: [
                Self.attack("metadata-key"): .string(Self.attack("metadata-value")),
                "nested": [Self.attack("nested-key"): [.string(Self.attack("nested-value"))]],
            ])
        for (name, content) in Self.files { try artifact.addNewFile(name) { try $0.write(content) } }
        try run.log(artifact)
        try run.log(metrics: [Self.attack("metric"): 1, "x": 2], step: 1)
        try run.log(metrics: [Self.attack("metric"): 2, "x": 3], step: 2)
        try run.log(
            images: [(PNGImage(grayscale: [0], width: 1, height: 1), Self.attack("caption"))], key: "hard")
        try run.setSummary([Self.attack("summary-key"): .string(Self.attack("summary-value"))])
        try run.finish()
        self.run = run.id
        try forge("forged-bytes", entry: #"bytes-\377\376"#)
        try forge("forged-dots", entry: "..")
    }

    /// Makes a version by git alone, with a name in it that could not be logged.
    private func forge(_ name: String, entry: String) throws {
        let script = """
            set -e
            blob=$(echo x | git hash-object -w --stdin)
            tree=$(printf "100644 blob $blob\\t\(entry)\\n" | git mktree)
            commit=$(printf '\(name)\\n\\nArtifact-Format: 1\\nArtifact-Name: \(name)\\nArtifact-Type: t\\n'\
            'Artifact-Files: 1\\nArtifact-Size: 2\\n' | git commit-tree $tree)
            git update-ref refs/tags/\(name)/v0 $commit
            git update-ref refs/heads/\(name)/latest $commit
            """
        let result = try TestSupport.run("sh", ["-c", script], in: web.scratch("project/.amphora"))
        try #require(result.status == 0, "\(result.error)")
    }
}

extension HostileGroup {
    static func values(_ store: HostileStore) -> [HostileCase] {
        let version = "/artifacts/hostile/v0"
        let run = "/runs/\(store.run)"
        func text(_ what: String, _ word: String, _ address: String) -> HostileCase {
            HostileCase(what, "200, as text", address, shows: HostileStore.escaped(word))
        }
        func file(_ name: String) -> String { PercentEncoding.encode(name.utf8) }
        return [
            text("metadata: a key", "metadata-key", "\(version)/metadata"),
            text("metadata: a value", "metadata-value", "\(version)/metadata"),
            text("metadata: a key inside", "nested-key", "\(version)/metadata"),
            text("metadata: a value inside", "nested-value", "\(version)/metadata"),
            text(
                "metadata as a column", "metadata-value",
                "/artifacts/hostile?column=" + file(HostileStore.attack("metadata-key"))),
            HostileCase("the author", "200, as text", version, shows: "onerror=author"),
            text("a run's name", "run-name", "/runs"),
            text("a run's name, in the graph", "run-name", "\(run)/lineage"),
            text("a run's name, as a title", "run-name", run),
            text("a job type", "job-type", "/runs"),
            text("a job type, in the graph of types", "job-type", "/lineage/grouped"),
            text("a project", "project", run),
            HostileCase(
                "notes in Markdown with HTML", "200, without it", run,
                shows: "<a href=\"https://example.com/\""),
            text("a tag", "tag", run),
            text("a command", "command", run),
            text("a commit of code", "code", run),
            text("a user", "user", run),
            text("a host", "host", run),
            text("config: a key", "config-key", run),
            text("config: a value", "config-value", run),
            text("config, as a column to choose", "config-key", "/runs"),
            text("summary: a key", "summary-key", run),
            text("summary: a value", "summary-value", run),
            text("a metric's name", "metric", "\(run)/charts"),
            text("a metric's name, compared", "metric", "/compare?run=\(store.run)&run=\(store.run)"),
            text("a caption", "caption", "\(run)/media"),
            text("the name of the store's folder", "folder", "/"),
            HostileCase(
                "a description in Markdown with HTML", "200, without it", version,
                shows: "<a href=\"https://example.com/\""),
            HostileCase(
                "Markdown with HTML, `javascript:`, `data:` and pictures elsewhere", "200, without them",
                "\(version)/files/notes.md", shows: "<a href=\"https://example.com/\""),
            text("CSV: a column", "csv-header", "\(version)/files/table.csv"),
            HostileCase(
                "CSV: a cell", "200, as text", "\(version)/files/table.csv",
                shows: "&lt;b&gt;csv-cell&lt;/b&gt;"),
            text("JSON with markup", "json", "\(version)/files/data.json"),
            HostileCase(
                "JSON of 480 lists in each other", "200, as it is", "\(version)/files/deep.json",
                shows: "[[[[[[[[[[1],[1],"),
            text("an HTML file", "alert(1)", "\(version)/files/page.html"),
            HostileCase(
                "an HTML file, downloaded", "200, to be saved", "\(version)/download/page.html"),
            HostileCase("an SVG file", "200, as text", "\(version)/files/picture.svg", shows: "&lt;svg"),
            HostileCase("an SVG file as a picture", "404", "\(version)/picture/picture.svg"),
            text("HTML that is called .png", "alert(1)", "\(version)/files/html.png"),
            HostileCase("HTML that is called .png, as a picture", "404", "\(version)/picture/html.png"),
            HostileCase(
                "a GIF that is a script too", "200, as image/gif", "\(version)/picture/polyglot.gif"),
            HostileCase(
                "a file's name with markup", "200, as text", "\(version)/files",
                shows: "&lt;script&gt;file-name&lt;"),
            HostileCase(
                "the same, downloaded", "200, to be saved",
                "\(version)/download/" + file("<script>file-name<")),
            HostileCase(
                "a file's name with quotes", "200, as text", "\(version)/files",
                shows: "&quot;onmouseover=alert(1)"),
            HostileCase(
                "a file's name that runs backwards", "200, `\\u{202e}`", "\(version)/files",
                shows: "back\\u{202e}gnp.exe"),
            HostileCase(
                "a file's name of two lines", "200, `\\n`", "\(version)/files", shows: "two\\nlines"),
            HostileCase(
                "a file's name of two lines, downloaded", "200, to be saved",
                "\(version)/download/two%0Alines"),
            HostileCase(
                "a file's name that is no UTF-8, forged with git", "500, that it is damaged",
                "/artifacts/forged-bytes/v0/files", shows: "bytes-\\xff\\xfe"),
            HostileCase(
                "a file called `..`, forged with git", "500, that it is damaged",
                "/artifacts/forged-dots/v0/files", shows: "To the project"),
            HostileCase(
                "a file called `%2e%2e%2fpasswd`", "200, that file", "\(version)/files/%252e%252e%252fpasswd",
                shows: "%2e%2e%2fpasswd"),
            HostileCase(
                "a file called `back\\slash`", "200, that file", "\(version)/files/back%5Cslash",
                shows: "back\\slash"),
            HostileCase(
                "a file called `javascript:alert(1)`", "200, that file",
                "\(version)/files/javascript%3Aalert%281%29", shows: "javascript:alert(1)"),
            HostileCase(
                "all of a run, as JSON", "200, as JSON", "/api/v1/runs/\(store.run)",
                shows: "application/json"),
        ]
    }
}
