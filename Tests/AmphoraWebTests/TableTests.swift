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
        let model = try table.model(at: .runs, context)
        return (model["rows"] as? [Model] ?? []).compactMap {
            ($0["cells"] as? [Model])?.first?["text"] as? String
        }
    }

    @Test func rowsWithoutAKeyComeLast() throws {
        #expect(try shown([2, nil, 10, 1], "sort=n") == ["1", "2", "10", "–"])
        #expect(try shown([2, nil, 10, 1], "sort=-n") == ["10", "2", "1", "–"])
        // A field that is not shown just now.
        #expect(try shown([2, nil, 10, 1], "sort=summary.other") == ["2", "–", "10", "1"])
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

    /// A run that has used and logged five versions.
    private func busyRun(_ store: WebStore) throws -> RunID {
        for number in 0..<5 { try store.put("in-\(number)", ["a": "1"]) }
        let run = try store.store.startRun(project: "p", jobType: "train")
        for number in 0..<5 {
            try run.use("in-\(number):v0")
            var artifact = Artifact(name: "out-\(number)", type: "model")
            try artifact.addNewFile("a") { try $0.write("\(number)") }
            _ = try run.log(artifact)
        }
        try run.finish()
        return run.id
    }

    private static func links(_ html: String) -> [String] {
        html.matches(of: /href="([^"]*)"/).map { String($0.1).replacing("&amp;", with: "&") }
    }

    @Test func whatNoPageCanShowIsRefusedAndSaysWhatCan() async throws {
        let store = try WebStore()
        let run = try #require(try store.put("mnist", ["a": "1"]).producerID)
        let rows = "'rows' is a number from 1 to 500."
        let page = "'page' is a number from 1."
        let cases = [
            ("/runs?rows=abc", rows), ("/runs?rows=0", rows), ("/artifacts/mnist?rows=501", rows),
            ("/artifacts/mnist?page=abc", page), ("/runs?page=-1", page),
            ("/runs/\(run)/artifacts?outputs.rows=x", "'outputs.rows' is a number from 1 to 500."),
            ("/runs?sort=nonsense", "'sort' is one of these: name, state, job, started, duration."),
            ("/lineage?around=mnist&depth=x", "'depth' is a number from 0."),
            ("/lineage?around=mnist&direction=x", "'direction' is one of these: up, down."),
            ("/compare?run=\(run)&x=y", "'x' is one of these: step, time."),
        ]
        for ((address, message), reply) in zip(cases, try await store.getAll(cases.map(\.0))) {
            #expect(reply.status == 400, "\(address)")
            #expect(reply.body.contains(Markup.escape(message)), "\(address): \(reply.body)")
            let path = address.prefix { $0 != "?" }
            #expect(reply.body.contains("href=\"\(path)\">The page itself</a>"), "\(address)")
        }
        let api = try await store.get("/api/v1/lineage?around=mnist&depth=x")
        #expect(api.status == 400 && api.body.contains("'depth' is a number from 0."))
    }

    @Test func tablesOfOnePageAreTurnedAndSortedEachByItself() async throws {
        let store = try WebStore()
        let path = "/runs/\(try busyRun(store))/artifacts"
        let kept = "inputs.rows=2&outputs.rows=3&outputs.page=2"
        let replies = try await store.getAll(["\(path)?\(kept)", "\(path)?\(kept)&inputs.sort=-version"])
        let shown = replies.map { reply in
            reply.body.matches(of: />((?:in|out)-.):v0</).map { String($0.1) }
        }
        #expect(shown == [["in-0", "in-1", "out-3", "out-4"], ["in-4", "in-3", "out-3", "out-4"]])
        let links = replies.map { Self.links($0.body) }
        #expect(links[0].contains("\(path)?\(kept)&inputs.page=2"))
        #expect(links[0].contains("\(path)?\(kept)&inputs.sort=-size"))
        #expect(links[0].contains("\(path)?inputs.rows=2&outputs.rows=3&outputs.sort=-size"))
        #expect(links[1].contains("\(path)?\(kept)&inputs.sort=version"))
        #expect(links[1].contains("\(path)?inputs.rows=2&outputs.rows=3&inputs.sort=-version"))
    }

    @Test func theProjectPagesTablesAreSortedEachByItself() async throws {
        let store = try WebStore()
        for name in ["a", "b"] { try store.put(name, ["x": "1"]) }
        for name in ["c", "d"] { try store.put(name, type: "model", ["x": "1"]) }
        let run = try store.store.startRun(project: "p", jobType: "train")
        try run.setSummary(["loss": 1])
        try run.finish()
        let html = try await store.get("/?dataset.sort=-name").body
        let names = html.matches(of: /href="\/artifacts\/(.)">/).map { String($0.1) }
        #expect(names == ["b", "a", "c", "d"])
        #expect(Self.links(html).contains("/?dataset.sort=-name&model.sort=-size"))
        // The newest runs lead to all of them, which have the same columns.
        let sorting = Self.links(html).filter { $0.hasPrefix("/runs?") }
        #expect(sorting.contains("/runs?sort=-summary.loss"))
        for (link, reply) in zip(sorting, try await store.getAll(sorting)) {
            #expect(reply.body.contains("aria-sort="), "\(link)")
        }
    }

    @Test func whatIsDeletedIsStillFound() async throws {
        let store = try WebStore()
        try store.put("kept", ["a": "1"])
        for number in 0..<3 {
            let version = try store.put("gone", ["a": "\(number)"])
            if number > 0 { try store.store.remove(version, force: true) }
        }
        let paths = ["/", "/artifacts/gone", "/artifacts/gone/v9", "/artifacts/gone/alias/best"]
        let some = try await store.getAll(paths)
        #expect(some[2].body.contains("has the versions v0 and"))
        try store.store.remove(store.store.version("gone:v0"), force: true)
        let none = try await store.getAll(paths)
        #expect(none[0].body.contains("2 artifacts"))
        #expect(
            none[0].body.contains(/href="\/artifacts\/gone">gone<.*<span class="quiet">3 deleted<\/span>/))
        #expect(none.map(\.status) == [200, 200, 404, 404])
        for number in 0..<3 { #expect(none[1].body.contains("<li>v\(number), by Test User")) }
        for reply in none[2...] {
            #expect(reply.body.contains("All versions of &#39;gone&#39; were deleted"))
        }
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
