import Amphora
import Foundation
import Testing

/// Pictures of the pages, for the documentation.
extension BrowserTests {
    /// `AMPHORA_UPDATE_FIXTURES=1` writes them down.
    @Test("Pages look like something, and dark where that is wanted", arguments: [Look.light, .dark])
    func pictures(_ look: Look) async throws {
        try await Stage.withTab(look) { stage, tab in
            for (name, path) in try await stage.pictures {
                try await tab.open(stage.address + path)
                let picture = try await tab.picture()
                try await check(picture, name, look, stage.browser)
                if ProcessInfo.processInfo.environment["AMPHORA_UPDATE_FIXTURES"] == "1" {
                    let bytes = try #require(Data(base64Encoded: picture))
                    #expect(bytes.count < 120_000, "\(name)")
                    try bytes.write(to: URL(filePath: "\(Self.folder)/\(name)-\(look.name).png"))
                }
            }
        }
    }

    /// The folder of the documentation's pictures.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../Docs/Pages"
    ).standardized.path

    private func check(_ picture: String, _ name: String, _ look: Look, _ browser: Chromium) async throws {
        let seen = try await browser.withTab(.light) { tab in
            try await tab.open("about:blank")
            return try await tab.evaluate("page.seen('\(picture)')")
        }
        #expect(seen["width"]?.int == look.width)
        #expect(300...look.height ~= seen["height"]?.int ?? 0, "\(name)")
        #expect(seen["colours"]?.int ?? 0 > 50, "\(name)")
        let lightness = try #require(seen["lightness"]?.number)
        #expect(look.isDark ? lightness < 0.5 : lightness > 0.5, "\(name)")
    }
}

extension Stage {
    /// What the documentation shows, and where it is.
    fileprivate var pictures: KeyValuePairs<String, String> {
        get async throws {
            let run = try await [project.newestRun("train"), project.newestRun("report")]
            return [
                "project": "/", "artifact": "/artifacts/mnist-raw", "version": "/artifacts/mnist-raw/v1",
                "run-charts": "/runs/\(run[0])/charts", "run-media": "/runs/\(run[1])/media",
                "graph-grouped": "/lineage/grouped", "graph-exploded": "/lineage",
            ]
        }
    }
}
