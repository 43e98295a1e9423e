import Amphora
import Testing

/// Pages without a pointer.
extension BrowserTests {
    @Test(
        "The keyboard comes first to the way past the head, then to everything, and is seen where it is",
        arguments: ["/", "/artifacts/mnist-raw/v1/compare", "/runs", "/lineage"])
    func keyboard(_ path: String) async throws {
        try await Stage.withTab(.light) { stage, tab in
            try await tab.open(stage.address + path)
            var reached: [Int] = []
            var first: String?
            while true {
                try await tab.press("Tab")
                let focus = try await tab.evaluate("page.focus()")
                // After the last it is on the page as a whole.
                guard let index = focus["index"]?.int, !reached.contains(index) else { break }
                first = first ?? focus["name"]?.string
                #expect(focus["isSeen"] == true, "\(focus["name"]?.string ?? "")")
                reached.append(index)
            }
            #expect(first == "Skip to the content")
            for stop in try await tab.evaluate("page.stops()").array ?? [] {
                let parts = stop.array ?? []
                #expect(
                    reached.contains(parts.first?.int ?? -1), "\(parts.last?.string ?? "") is not reached")
            }
        }
    }

    @Test("The way past the head leads there, and a slash to the search")
    func shortcuts() async throws {
        try await Stage.withTab(.light) { stage, tab in
            try await tab.open(stage.address)
            try await tab.press("Tab")
            try await tab.press("Enter")
            #expect(try await tab.text("location.hash") == "#main")
            try await tab.press("/")
            #expect(try await tab.text("document.activeElement.computedName") == "Search artifacts and runs")
        }
    }
}
