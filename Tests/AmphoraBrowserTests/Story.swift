import Amphora
import Foundation
import TestSupport
import Testing

/// One reader's way through the pages; at each of them everything is looked at that can be wrong.
@Driver struct Story {
    /// The address of the first page.
    let home: String
    /// Whether a server answers questions.
    let isLive: Bool
    let tab: Tab
    private var look: Look { tab.look }

    func tell() async throws {
        try await tab.open(home)
        try await check("digits")
        try await versions()
        try await files()
        try await run()
        try await graph()
        try await runs()
        if isLive {
            try await comparison()
            try await search()
            try await wayBack()
        }
    }

    private func versions() async throws {
        try await tab.follow("mnist-raw", in: "main")
        try await check("mnist-raw dataset")
        if isLive { try await filter() }
        try await tab.follow("v1", in: "tbody")
        try await check("mnist-raw:v1 dataset")
        for view in ["Metadata", "Lineage", "Compare", "Usage", "Files"] {
            try await tab.follow(view, in: ".tabs")
            try await check("mnist-raw:v1 dataset")
        }
    }

    private func filter() async throws {
        try await tab.write("source=scans", into: "Filter")
        try await tab.turn { try await tab.press("Enter") }
        #expect(try await tab.evaluate("document.querySelectorAll('tbody tr').length") == 1)
        try await tab.click("Columns")
        try await tab.click("sizes", in: ".choices")
        try await tab.turn { try await tab.press("Enter") }
        #expect(try await tab.text("document.querySelector('thead').textContent").contains("source"))
        #expect(try await !tab.text("document.querySelector('thead').textContent").contains("sizes"))
    }

    private func files() async throws {
        try await tab.follow("README.md")
        try await check("README.md")
        #expect(try await tab.text("document.querySelector('.prose em').textContent") == "Eight by eight")
        let folder = try Scratch()
        try await tab.save("Download", into: folder.path)
        let saved = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(
            try saved.map { String(decoding: try folder.read($0), as: UTF8.self).prefix(14) } == [
                "# Handwriting\n"
            ])
        try await tab.follow("v1", in: ".crumbs")
        try await tab.follow("Files", in: ".tabs")
        try await tab.follow("labels.csv")
        try await check("labels.csv")
        #expect(try await tab.text("document.querySelector('th').textContent") == "label")
        try await tab.follow("v1", in: ".crumbs")
        try await tab.follow("Files", in: ".tabs")
        try await tab.follow("training")
        try await check("training")
    }

    private func run() async throws {
        try await tab.follow("Artifacts", in: "header")
        try await tab.follow("trained-model", in: "main")
        try await tab.follow("v0", in: "tbody")
        let maker =
            "[...document.querySelectorAll('dt')].find(term => term.textContent === 'Made by').parentElement.querySelector('a').textContent"
        try await tab.follow(try await tab.text(maker), in: "main dl")
        try await check(nil)
        try await tab.follow("Charts", in: ".tabs")
        try await check(nil)
        if look.hasScripts {
            try await tab.point(at: ".chart")
            try await tab.wait(
                until: "/^step \\d+.*\\d/.test(document.querySelector('.reading').textContent)")
        }
        for view in isLive ? ["log", "time"] : [] {
            try await tab.follow(view, in: ".switches")
            try await check(nil)
        }
        for view in ["Artifacts", "Lineage"] {
            try await tab.follow(view, in: ".tabs")
            try await check(nil)
        }
        try await tab.follow("Runs", in: "header")
        let report = try await tab.text(
            "[...document.querySelectorAll('tbody tr')].find(row => row.textContent.includes('report')).querySelector('a').textContent"
        )
        try await tab.follow(report, in: "tbody")
        try await tab.follow("Media", in: ".tabs")
        try await check(nil)
        let images = "[...document.querySelectorAll('.media img')]"
        if look.hasScripts {
            // Images far below are fetched when they are come to.
            try await tab.evaluate(
                "Promise.all(\(images).map(image => { image.loading = 'eager'; return image.decode(); }))")
        }
        #expect(try await tab.evaluate("\(images).filter(image => image.naturalWidth > 0).length") == 32)
    }

    private func graph() async throws {
        try await tab.follow("Lineage", in: "header")
        try await check("Lineage")
        if look.hasScripts {
            try await tab.write("convnet", into: "Find in the graph")
            #expect(try await tab.text("document.querySelector('.node.hit').textContent").contains("convnet"))
            let width = "document.querySelector('.graph').getBoundingClientRect().width"
            let before = try await tab.evaluate(width).number ?? 0
            try await tab.click("Zoom in")
            #expect(try await tab.evaluate(width).number ?? 0 > before)
            for button in ["Zoom out", "Zoom out", "Zoom out"] { try await tab.click(button) }
            #expect(try await tab.evaluate(width).number ?? 0 < before)
            try await tab.write("", into: "Find in the graph")
            try await tab.point(at: ".node.version")
            try await tab.wait(until: "document.querySelectorAll('.edges .hit').length > 0")
        }
        let nodes = "document.querySelectorAll('.node').length"
        let before = try await tab.evaluate(nodes).int ?? 0
        try await tab.follow(
            try await tab.text("document.querySelector('.node.fold').computedName"), in: ".graph")
        #expect(try await tab.evaluate(nodes).int == before + 3)
        try await check("Lineage")
        try await tab.follow("version convnet:v0", in: ".graph")
        try await check("convnet:v0 model")
        try await tab.follow("Lineage", in: "header")
        for view in ["Types", "List"] {
            try await tab.follow(view, in: ".switches")
            try await check("Lineage")
        }
        guard isLive else { return }
        try await tab.write("trained-model:best", into: "Around a version or run")
        try await tab.turn { try await tab.press("Enter") }
        try await check("Lineage")
    }

    private func runs() async throws {
        try await tab.follow("Runs", in: "header")
        try await check("Runs")
        guard isLive || look.hasScripts else { return }
        if isLive { try await tab.follow("Duration") } else { try await tab.click("Duration") }
        #expect(try await tab.text("document.querySelector('[aria-sort]').ariaSort") == "descending")
        if isLive {
            try await tab.write("type=train", into: "Filter")
            try await tab.turn { try await tab.press("Enter") }
        } else {
            try await tab.write("train finished", into: "Filter: Runs")
        }
        #expect(try await tab.evaluate("document.querySelectorAll('tbody tr:not([hidden])').length") == 2)
    }

    private func comparison() async throws {
        for row in 1...2 { try await tab.click("Choose", in: "tbody tr:nth-child(\(row))") }
        try await tab.follow("Compare", in: "form")
        try await check("Compare runs")
        #expect(
            try await tab.evaluate("document.querySelectorAll('.chart:first-of-type .line').length >= 2")
                == true)
    }

    private func search() async throws {
        try await tab.write("accuracy>0.5", into: "Search artifacts and runs")
        try await tab.turn { try await tab.press("Enter") }
        try await check("Search")
        #expect(try await tab.evaluate("document.querySelectorAll('tbody tr').length") == 6)
    }

    private func wayBack() async throws {
        try await tab.open("\(home)/artifacts/mnist-rew")
        let faults = tab.takeFaults()
        #expect(faults.count == 1 && faults.allSatisfy { $0.contains("404") })
        try await check(nil)
        try await tab.follow("To the project")
        #expect(try await tab.text("location.pathname") == "/")
    }

    /// Looks at the page for what is wrong with it.
    private func check(_ heading: String?, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let place = try await tab.text("decodeURI(location.pathname + location.search)")
        if let heading {
            let shown = try await tab.text("document.querySelector('h1').textContent.trim()")
            #expect(shown.hasPrefix(heading), "\(place)", sourceLocation: sourceLocation)
        }
        let problems = try await tab.evaluate("page.problems(\(look.isPhone))").array?.compactMap(\.string)
        #expect(problems == [], "\(place)", sourceLocation: sourceLocation)
        #expect(tab.takeFaults() == [], "\(place)", sourceLocation: sourceLocation)
    }
}
