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
}
