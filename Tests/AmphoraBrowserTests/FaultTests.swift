import Amphora
import Foundation
import TestSupport
import Testing

/// The tests of the tests: what is wrong with a page is found.
extension BrowserTests {
    @Test("Each fault of a page that is bad on purpose is told")
    func faults() async throws {
        let scratch = try Scratch()
        try scratch.write(
            "bad.html",
            """
            <!doctype html>
            <meta http-equiv="Content-Security-Policy" content="style-src 'none'">
            <style>p { color: red }</style>
            <script>console.warn("careful"); throw new Error("broken")</script>
            <img src="missing.png"><input>
            """)
        let stage = try #require(Stage.current)
        let faults = try await stage.browser.withTab(.light) { tab in
            try await tab.open("file://\(scratch.path)/bad.html")
            return tab.faults
        }
        for fault in [
            "console: \"careful\"", "Error: broken", "missing.png", "Content Security Policy", "FormEmptyId",
        ] {
            #expect(faults.contains { $0.contains(fault) }, "\(fault) is not told")
        }
    }

    @Test("What keeps people from using a page is told")
    func problems() async throws {
        let scratch = try Scratch()
        try scratch.write(
            "bad.html",
            """
            <!doctype html><title>Bad</title>
            <h1 id="a">One</h1><h3 id="a">Three</h3><main></main><nav><a href="x"><b></b></a></nav><nav></nav>
            <p style="color: #999">Pale <a href="y" style="color: #888; text-decoration: none">like its text</a></p>
            <table><tr><th>Head<td>Cell</table><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
            <svg width="99" height="20"><a href="z"><rect width="99" height="20" fill="#eee"/><text y="15" fill="#bbb">Node</text></a></svg>
            <button tabindex="3" style="font-size: 8px; padding: 0">a</button><button style="font-size: 8px; padding: 0">b</button>
            <div style="width: 3000px">Wide</div>
            """)
        let stage = try #require(Stage.current)
        let problems = try await stage.browser.withTab(.phone) { tab in
            try await tab.open("file://\(scratch.path)/bad.html")
            return try await tab.evaluate("page.problems(true)").array?.compactMap(\.string) ?? []
        }
        for problem in [
            "no language", "a level of headings is left out", "two are called a", "without a name: <a>",
            "parts of the role navigation", "contrast 2.85: <p> Pale", "a link like the text around it",
            "without a scope", "an image without words", "a drawing without words", "<text> Node",
            "out of order for the keyboard", "is small for a finger", "the page is ",
        ] {
            #expect(problems.contains { $0.contains(problem) }, "\(problem) is not told in \(problems)")
        }
    }
}
