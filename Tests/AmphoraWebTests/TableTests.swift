import Amphora
import Testing

@testable import AmphoraWeb

/// Tables that are sorted and shown a page at a time.
@Suite struct TableTests {
    private func shown(_ rows: [Int?], _ query: String, isLive: Bool = true) throws -> [String] {
        let table = Table(
            columns: [
                Column<Int?>(
                    key: "n", title: "N", isNumber: true, cell: { .text($0.map { "\($0)" } ?? "–") },
                    sortKey: { $0.map { .count($0) } })
            ], rows: rows, caption: "Numbers")
        let store = try WebStore()
        let context = PageContext(
            store: store.store, catalogue: Catalogue(try store.store.snapshot()),
            query: Query(parsing: query),
            links: isLive ? .live : .files(from: SiteFile(place: .runs), SiteMap(.init())))
        let model = table.model(at: .runs, context)
        return (model["rows"] as? [Model] ?? []).compactMap {
            ($0["cells"] as? [Model])?.first?["text"] as? String
        }
    }

    @Test func rowsWithoutAKeyComeLast() throws {
        #expect(try shown([2, nil, 10, 1], "sort=n") == ["1", "2", "10", "–"])
        #expect(try shown([2, nil, 10, 1], "sort=-n") == ["10", "2", "1", "–"])
        #expect(try shown([2, nil, 10, 1], "sort=other") == ["2", "–", "10", "1"])
    }

    @Test func everyPageLeadsToTheFirstTheLastAndItsNeighbours() throws {
        func numbers(_ page: Int) throws -> [String] {
            let store = try WebStore()
            let query = Query(parsing: "q=a&page=\(page)")
            let context = PageContext(
                store: store.store, catalogue: Catalogue(try store.store.snapshot()), query: query)
            let model = try #require(
                Pager(2000, query, standard: 100, choices: [50, 500]).model(at: .runs, context))
            #expect(
                (model["lengths"] as? [Model])?.compactMap { $0["href"] as? String }.last
                    == "/runs?q=a&rows=500")
            let pages = model["pages"] as? [Model] ?? []
            return pages.map { "\($0["isAfterGap"] as? Bool == true ? "… " : "")\($0["number"] ?? "")" }
        }
        #expect(try numbers(1) == ["1", "2", "… 20"])
        #expect(try numbers(10) == ["1", "… 9", "10", "11", "… 20"])
        #expect(try numbers(20) == ["1", "… 19", "20"])
    }

    @Test func ofManyLabelsAFewAreShownThoseWithWarningsFirst() {
        let labels = (1...40).map { Cell.Label(text: "a\($0)", warning: $0 == 40 ? "Elsewhere" : nil) }
        #expect(Cell.labels(labels).labels.map(\.text) == ["a40", "a1", "a2", "a3", "+36"])
        #expect(Cell.labels(Array(labels.prefix(5))).labels.count == 5)
    }

    @Test func pagesHaveAllRowsOnce() throws {
        let rows = (0..<25).map { Optional($0) }
        let pages = try (1...3).flatMap { try shown(rows, "rows=10&page=\($0)") }
        #expect(pages == rows.map { "\($0 ?? 0)" })
        #expect(try shown(rows, "rows=10&page=99") == ["20", "21", "22", "23", "24"])
        #expect(try shown(rows, "rows=10&page=-5").first == "0")
        #expect(try shown(rows, "rows=0").count == 1)
        #expect(try shown(rows, "rows=10", isLive: false).count == 25)
    }

    @Test func theProjectPageShowsSomeOfEachTypeAndTheRestIsAClickAway() async throws {
        let store = try WebStore()
        for index in 0..<35 { try store.put("set-\(index)", ["a": "1"]) }
        try store.put("net", type: "model", ["a": "1"])
        let replies = try await store.getAll([
            "/", "/?type=dataset", "/?type=dataset&sort=-name", "/?type=none",
        ])
        #expect(replies[0].body.contains("All 35") && replies[0].body.contains("href=\"/?type=dataset\""))
        #expect(replies[0].body.ranges(of: "<a href=\"/artifacts/set-").count < 100)
        #expect(!replies[0].body.contains("\"/artifacts/set-9\""))
        #expect(
            replies[1].body.contains("\"/artifacts/set-9\"")
                && !replies[1].body.contains("\"/artifacts/net\""))
        #expect(replies.map(\.status) == [200, 200, 200, 200])
    }

    @Test func filesAreShownAPageAtATime() async throws {
        let store = try WebStore()
        let files = (0..<120).map { ("many/file\(1000 + $0)", "\($0)") } + [("one", "1")]
        try store.put("data", Dictionary(uniqueKeysWithValues: files))
        let replies = try await store.getAll([
            "/artifacts/data/v0/files", "/artifacts/data/v0/files/many",
            "/artifacts/data/v0/files/many?page=3",
            "/artifacts/data/v0/files/one",
        ])
        #expect(replies[0].body.contains("121 files") && replies[0].body.contains("many/</a>"))
        #expect(replies[1].body.ranges(of: "<tr>").count == 51)
        #expect(replies[1].body.contains("120 files"))
        #expect(replies[2].body.contains("file1119") && !replies[2].body.contains("file1099"))
        #expect(replies[3].status == 200)
    }
}
