import Foundation
import TestSupport
import Testing

@testable import AmphoraBenchmarks

@Suite("Documents with tables")
struct DocumentTests {
    @Test("Only what stands between the markers is replaced, however often")
    func replaced() throws {
        var document = MarkedDocument(
            text: "a\n<!-- table:x -->\nold\n<!-- /table -->\nb\n<!-- table:y -->\n<!-- /table -->\n")
        for _ in 0..<2 { try document.replace("x", with: "new\n") }
        try document.replace("y", with: "other\n")
        #expect(
            document.text
                == "a\n<!-- table:x -->\nnew\n<!-- /table -->\nb\n<!-- table:y -->\nother\n<!-- /table -->\n")
    }

    @Test("A document without the markers is left as it is")
    func unmarked() throws {
        let scratch = try Scratch()
        let text = "<!-- table:x -->\n<!-- /table -->\n"
        let path = try scratch.write("document", text)
        #expect(throws: Failure.self) {
            try MarkedDocument.update([("x", "new\n"), ("y", "new\n")], in: path)
        }
        #expect(try scratch.read("document") == Array(text.utf8))
    }

    @Test("The performance page has markers for all that the commands write")
    func performancePage() throws {
        let page = URL(filePath: fixturesFolder).deletingLastPathComponent().appending(
            path: "Docs/Performance.md")
        var document = MarkedDocument(text: try String(contentsOf: page, encoding: .utf8))
        for name in ["machine", "targets", "micro", "cores", "sync"] + Workload.allCases.map(\.rawValue) {
            try document.replace(name, with: "\n")
        }
    }

    @Test(
        "Numbers have as many digits as matter",
        arguments: [
            (0, "0.00"), (0.314, "0.31"), (9.994, "9.99"), (9.996, "10.0"), (47.04, "47.0"), (99.96, "100"),
            (166.4, "166"), (-0.001, "0.00"), (-1.5, "-1.50"), (1.05, "1.05"),
        ])
    func numbers(value: Double, text: String) {
        #expect(value.text == text)
    }
}
