import Amphora
import Foundation
import Testing

/// All pages together.
extension BrowserTests {
    @Test("Every link of every page leads somewhere, and none away")
    func links() async throws {
        try await Stage.withTab(.light) { stage, tab in
            try await tab.open(stage.address)
            let links = try await tab.evaluate("page.links()")
            #expect(links["dead"] == [])
            #expect(links["count"]?.int ?? 0 > 200)
        }
    }

    @Test("Every page of a static site is without fault, and every link of it leads to a file")
    func filesOfASite() async throws {
        try await Stage.withTab(.light) { stage, tab in
            let root = try #require(URL(string: stage.site)).deletingLastPathComponent().path
            let pages = try FileManager.default.subpathsOfDirectory(atPath: root).filter {
                $0.hasSuffix(".html")
            }
            #expect(pages.count > 100)
            for page in pages {
                let address = URL(filePath: "\(root)/\(page)").absoluteString
                try await tab.open(address)
                let links = try await tab.evaluate(
                    "[...document.querySelectorAll('[href], [src]')].map(link => new URL(link.getAttribute('href') ?? link.src, location).href)"
                )
                for link in Set(links.array?.compactMap(\.string) ?? []) {
                    let file = URL(string: link)
                    #expect(
                        file?.isFileURL == true && FileManager.default.fileExists(atPath: file?.path ?? ""),
                        "\(link) in \(page)")
                }
                #expect(tab.takeFaults() == [], "\(page)")
            }
        }
    }
}
