import AmphoraObjects
import Testing

@testable import AmphoraWeb

/// What pages show of files.
@Suite struct FilePreviewTests {
    private func text(_ json: String) throws -> String? {
        let preview = FilePreview(try ArtifactPath("a.json"), Array(json.utf8), isCut: false)
        guard case .text(let text, isCut: false) = preview else { return nil }
        return text
    }

    @Test func jsonIsSetOverLines() throws {
        #expect(
            try text(#"{"b":[1,2.0,"\n"],"a":{"c":[[],[{}]]}}"#)
                == """
                {
                  "a": {
                    "c": [
                      [],
                      [
                        {}
                      ]
                    ]
                  },
                  "b": [1, 2, "\\n"]
                }
                """)
        #expect(try text("{a:1}") == "{a:1}")
    }

    @Test(arguments: [
        ("a.csv", "x,y\n1;5,2\n"), ("a.csv", "x;y\n1;5,2\n"), ("a.tsv", "x\ty\n1;5,2\n"),
        ("a.csv", "\u{FEFF}x;y\r\n1;5,2\r\n"),
    ])
    func tablesHaveTheSeparatorOfTheirFirstLine(name: String, text: String) throws {
        let preview = FilePreview(try ArtifactPath(name), Array(text.utf8), isCut: false)
        guard case .table(let header, let rows, isCut: false) = preview else {
            Issue.record("\(preview)")
            return
        }
        #expect(header == ["x", "y"])
        #expect(rows.count == 1)
    }

    @Test func whatIsLongComesInPartAndAllOfItWhenAskedFor() async throws {
        let store = try WebStore()
        let lines = (0..<8000).map { "<line \($0)>" }.joined(separator: "\n")
        let row = (0..<50).map { "value \($0)" }.joined(separator: ",")
        try store.put(
            "a",
            [
                "a.txt": lines, "a.md": lines,
                "table.md": String(repeating: "| a | b |\n| - | - |\n", count: 4000),
                "one.txt": String(repeating: "ä\"", count: 60_000),
                "a.csv": Array(repeating: row, count: 300).joined(separator: "\n"),
                "a.json":
                    "[\(Array(repeating: #"{"a":"b","c":[1,2]}"#, count: 5000).joined(separator: ","))]",
            ])
        for name in ["a.txt", "a.md", "table.md", "one.txt", "a.csv", "a.json"] {
            let page = "/artifacts/a/v0/files/\(name)"
            let replies = try await store.getAll([page, "\(page)?preview=all"])
            let (part, all) = (replies[0].body, replies[1].body)
            #expect(part.utf8.count < 50_000, "\(name)")
            #expect(part.contains("\(page)?preview=all\">Show more"), "\(name)")
            #expect(all.utf8.count > 60_000, "\(name)")
            #expect(!all.contains("Show more"), "\(name)")
        }
        let text = try await store.get("/artifacts/a/v0/files/a.txt")
        // To the end of a line.
        #expect(text.body.contains("&gt;\n</code>"))
    }

    /// Every level has its margin: a page would be many times as long as the file.
    @Test(arguments: [60, 480])
    func jsonThatIsNestedDeepStaysAsItIs(_ depth: Int) throws {
        let list = String(repeating: "[1],", count: 60_000)
        let json = String(repeating: "[", count: depth) + list + "1" + String(repeating: "]", count: depth)
        #expect(try text(json) == json)
    }
}
