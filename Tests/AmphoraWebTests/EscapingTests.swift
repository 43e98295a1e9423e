import Amphora
import Foundation
import HTTPTypes
import Testing

@testable import AmphoraWeb

/// What comes from a store does nothing in a page.
@Suite struct EscapingTests {
    /// What breaks out of text, attributes, scripts and lists if it is let through.
    static let attacks = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "<\u{301}script>",
        "\"\u{301} onmouseover=alert(1) x=", "</title><script>alert(1)</script>", "{{{note}}}",
        "{{> layout}}",
        "javascript:alert(1)", "&lt;script&gt;", "\u{0}<b>", "\u{202E}evil", "]]><svg onload=alert(1)>",
    ]

    @Test(arguments: attacks) func textHasNoMarkup(_ attack: String) {
        let text = Markup.escape(attack)
        #expect(!text.utf8.contains(UInt8(ascii: "<")))
        #expect(!text.utf8.contains(UInt8(ascii: "\"")))
        #expect(!text.utf8.contains(UInt8(ascii: "'")))
        #expect(!text.utf8.contains(0))
    }

    @Test func backticksAreCodeAndNothingElse() {
        #expect(
            Markup.code("Run `a <b>` or ` & `c`") == "Run <code>a &lt;b&gt;</code> or <code> &amp; </code>c`")
    }

    @Test func templatesEscapeCodePointByCodePoint() {
        let html = Template.label.render([
            "text": "<\u{301}b", "href": "\"\u{301}x", "isWarning": false, "warning": "",
        ])
        #expect(html.utf8.count { $0 == UInt8(ascii: "<") } == 2)
        #expect(html.utf8.count { $0 == UInt8(ascii: "\"") } == 4)
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)", "<a href='javascript:alert(1)'>x</a>", "[x](vbscript:x)",
        "| a |\n| - |\n| <script>x</script> [x](javascript:x) ![x](javascript:x) |\n",
        "`<script>`", "    <script>alert(1)</script>", "[a]: javascript:alert(1)\n\n[a]",
    ])
    func markdownIsHarmless(_ text: String) throws {
        let html = Markdown.html(text)
        #expect(!html.contains("<script"))
        #expect(!html.contains("onerror"))
        #expect(!html.contains("javascript:"))
        #expect(!html.contains("vbscript:"))
        #expect(!html.contains("data:text"))
    }

    /// Others would lead to a page that there is not.
    @Test func linksLeadToTheWeb() {
        let links = "[a](HTTPS://a.b/c) [*b*](data/x.csv) [c](#d) [d](javascript:e) [e](mailto:f@g.h)"
        #expect(
            Markdown.html(links)
                == "<p><a href=\"HTTPS://a.b/c\">a</a> <em>b</em> c d <a href=\"mailto:f@g.h\">e</a></p>\n")
    }

    @Test func markdownHasTables() {
        let html = Markdown.html("| a | n |\n| --- | --: |\n| *b* | 1 |\n| short |\n")
        #expect(html.contains("<th align=\"right\">n</th>"))
        #expect(html.contains("<td><em>b</em></td>\n<td align=\"right\">1</td>"))
        #expect(html.contains("<td>short</td>\n<td align=\"right\"></td>"))
    }

    /// Each row would get as many cells as the first has.
    @Test(arguments: ["\n", "\r"]) func aHugeTableOfShortRowsIsText(_ end: String) {
        let columns = 2000
        let head = String(repeating: "a|", count: columns) + end + String(repeating: "-|", count: columns)
        let html = Markdown.html(head + String(repeating: "\(end)|", count: 50_000))
        #expect(!html.contains("<table"))
        #expect(html.utf8.count < 1 << 20)
        #expect(Markdown.html(head + "\(end)|").contains("<table"))
    }

    @Test func headingsAreBelowThatOfThePage() {
        #expect(Markdown.html("# A\n\n###### B\n") == "<h2>A</h2>\n<h6>B</h6>\n")
        #expect(Markdown.html("> ## C") == "<blockquote>\n<h3>C</h3>\n</blockquote>\n")
    }

    /// Everything in a store that can hold text holds attacks; no page has an element or attribute of theirs.
    @Test func pagesOfAHostileStoreHaveNoMarkupOfIts() async throws {
        let store = try WebStore()
        let attack = Self.attacks.filter { !$0.contains("\u{0}") }.joined(separator: " ")
        let run = try store.store.startRun(
            project: attack, jobType: attack, name: attack, config: [attack: .string(attack)], notes: attack,
            tags: [attack], command: [attack], code: ["commit": .string(attack)])
        var artifact = Artifact(
            name: "hostile", type: "dataset", description: attack, metadata: [attack: .string(attack)])
        let names = [
            "<script>alert(1)<", "\"onmouseover=alert(1)", "page.html", "picture.svg", "table.csv",
            "notes.md",
        ]
        for name in names {
            try artifact.addNewFile(name) { try $0.write("<script>alert(1)</script>,\(attack)\n1,2\n") }
        }
        try run.log(artifact)
        try run.log(metrics: [attack: 1, "x": 2], step: 1)
        try run.log(metrics: [attack: 2, "x": 3], step: 2)
        try run.setSummary([attack: .string(attack)])
        try run.finish()

        let query =
            "?q=" + PercentEncoding.encode(attack.utf8) + "&sort=" + PercentEncoding.encode(attack.utf8)
        let version = "/artifacts/hostile/v0"
        let paths =
            ["/", "/runs", "/search", "/artifacts/hostile", version]
            + Place.VersionTab.allCases.dropFirst().map { "\(version)/\($0.rawValue)" }
            + ["/runs/\(run.id)"] + Place.RunTab.allCases.dropFirst().map { "/runs/\(run.id)/\($0.rawValue)" }
            + names.map { "\(version)/files/" + PercentEncoding.encode($0.utf8) }
            + ["/nothing/\(PercentEncoding.encode(attack.utf8))"]
        for (path, reply) in zip(paths, try await store.getAll(paths.map { $0 + query })) {
            let scripts = reply.body.ranges(of: "<script").count
            #expect(scripts == 1, "\(path): \(scripts) scripts")
            #expect(!reply.body.contains("<img src=x"), "\(path)")
            #expect(!reply.body.contains("<svg onload"), "\(path)")
            #expect(!reply.body.contains("href=\"javascript"), "\(path)")
            // What is left of tags when all that their attributes hold is taken out is ours alone.
            #expect(!Self.tags(of: reply.body).contains("onmouseover"), "\(path)")
            #expect(reply.headers[.contentSecurityPolicy]?.contains("script-src 'self'") == true)
            #expect(reply.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    /// The tags of a page, without what is between them and without what their attributes hold.
    private static func tags(of html: String) -> String {
        html.matches(of: /<[^>]*>/).map { $0.output.replacing(/"[^"]*"/, with: "\"\"") }.joined()
    }
}
