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

    /// Every level has its margin: a page would be many times as long as the file.
    @Test(arguments: [60, 480])
    func jsonThatIsNestedDeepStaysAsItIs(_ depth: Int) throws {
        let list = String(repeating: "[1],", count: 60_000)
        let json = String(repeating: "[", count: depth) + list + "1" + String(repeating: "]", count: depth)
        #expect(try text(json) == json)
    }
}
