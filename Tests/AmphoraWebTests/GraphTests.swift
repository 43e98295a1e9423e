import Amphora
import Foundation
import Testing

@testable import AmphoraWeb

/// Graphs, folded and drawn.
@Suite struct GraphTests {
    private static var drawings: Drawings { Drawings(Workers(.patient), patience: .seconds(300)) }

    /// One dataset, runs of one job on it, and a model of each; a long chain of datasets; and chains that are alike.
    private func lineage(
        models: Int = 0, states: [Int: RunState] = [:], chain: Int = 0, alike: Int = 0
    ) throws -> LineageGraph {
        func commitID(_ number: Int) throws -> CommitID {
            let digits = String(number, radix: 16)
            return CommitID(
                try ObjectID(
                    hex: String(repeating: "0", count: 10 - digits.count) + digits
                        + String(repeating: "0", count: 30)))
        }
        func version(_ name: String, _ number: Int, _ id: Int) throws -> LineageGraph.VersionNode {
            LineageGraph.VersionNode(
                commitID: try commitID(id), name: VersionName(try ArtifactName(name), VersionNumber(number)),
                type: try ArtifactType(name), aliases: [], byteCount: 1, isDeleted: false)
        }
        func run(_ job: String, _ number: Int, _ state: RunState = .finished) throws -> LineageGraph.RunNode {
            let digits = String(number)
            return LineageGraph.RunNode(
                id: try RunID(String(repeating: "a", count: 8 - digits.count) + digits), name: "",
                project: "p", jobType: job,
                state: state, created: Date(timeIntervalSince1970: Double(number)))
        }
        var versions = [try version("data", 0, 1)]
        var runs: [LineageGraph.RunNode] = []
        var edges: [LineageGraph.Edge] = []
        for number in 0..<models {
            let model = try version("model", number, 100 + number)
            let train = try run("train", number, states[number] ?? .finished)
            versions.append(model)
            runs.append(train)
            edges.append(.init(from: .version(try commitID(1)), to: .run(train.id)))
            edges.append(.init(from: .run(train.id), to: .version(model.commitID)))
        }
        for number in 0..<alike {
            var last = versions[0]
            for step in 0..<5 {
                let tune = try run("tune", 100_000 + 10 * number + step)
                let next = try version("tuned", 10 * number + step, 200_000 + 10 * number + step)
                edges.append(.init(from: .version(last.commitID), to: .run(tune.id)))
                edges.append(.init(from: .run(tune.id), to: .version(next.commitID)))
                versions.append(next)
                runs.append(tune)
                last = next
            }
        }
        for number in 0..<chain {
            let step = try run("clean", 10_000 + number)
            let next = try version("data", number + 1, 100_000 + number)
            edges.append(.init(from: .version(versions[number].commitID), to: .run(step.id)))
            edges.append(.init(from: .run(step.id), to: .version(next.commitID)))
            versions.append(next)
            runs.append(step)
        }
        return LineageGraph(versions: versions, runs: runs, edges: edges)
    }

    @Test func whatIsAlikeIsPutTogether() throws {
        let graph = try #require(Graph(try lineage(models: 50)).folded())
        #expect(graph.nodes.map(\.count).sorted() == [1, 50, 50])
        #expect(graph.edges.count == 2)
        let fold = try #require(graph.nodes.first { $0.kind == .run })
        #expect(fold.lines == ["50 runs", "train"])
    }

    /// Neither by colour alone, nor hidden among the others.
    @Test func whatFailedOrGoesOnIsToldApart() async throws {
        let graph = try #require(
            Graph(try lineage(models: 50, states: [3: .failed, 4: .crashed, 5: .running])).folded())
        let runs = graph.nodes.filter { $0.kind == .run }
        #expect(runs.map(\.count).sorted() == [1, 1, 1, 47])
        let layout = try await Self.drawings.layout(of: graph)
        let svg = GraphDrawing(graph: graph, layout: layout) { _ in "" }.picture(.live).svg
        #expect(svg.ranges(of: ">✕ train<").count == 2)
        #expect(svg.ranges(of: ">● train<").count == 1)
        for state in ["failed", "crashed", "running"] {
            #expect(svg.contains("train, \(state), "), "\(state)")
        }
    }

    @Test func fewStayByThemselves() throws {
        #expect(Graph(try lineage(models: 3)).folded()?.nodes.count == 7)
    }

    @Test func whatIsOpenedStaysApart() throws {
        let whole = Graph(try lineage(models: 50))
        let folds = try #require(whole.folded()).nodes.filter { $0.count > 1 }.map(\.key)
        let graph = try #require(whole.folded(opened: Set(folds)))
        #expect(graph.nodes.count == 101)
        #expect(graph.edges.count == 100)
    }

    @Test func whatTheReaderAsksAboutIsNotPutAway() throws {
        let lineage = try lineage(models: 50)
        let centre = LineageGraph.NodeID.version(try #require(lineage.versions.last).commitID)
        let graph = try #require(Graph(lineage, centre: centre).folded())
        #expect(graph.nodes.filter(\.isCentre).map(\.count) == [1])
        // Its run is unlike the others, too: they did not make it.
        #expect(graph.nodes.map(\.count).sorted() == [1, 1, 1, 49, 49])
    }

    @Test func theInsideOfALongChainIsOneNode() throws {
        let graph = try #require(Graph(try lineage(chain: 40)).folded())
        // The ends, their neighbours, and the steps between.
        #expect(graph.nodes.count == 5)
        #expect(graph.nodes.map(\.count).max() == 81 - 4)
        #expect(graph.edges.count == 4)
    }

    @Test func alikeChainsAreOpenedThenOneOfThem() throws {
        let whole = Graph(try lineage(alike: 5))
        func chains(_ opened: Set<String>) throws -> [Graph.Node] {
            try #require(whole.folded(opened: opened)).nodes.filter { $0.family.hasPrefix("chain") }
        }
        let all = try chains([])
        #expect(all.map(\.lines) == [["5 times", "7 steps"]])
        let key = try #require(all[0].foldKey)
        let each = try chains([key])
        #expect(each.map(\.lines) == Array(repeating: ["7 steps", "in a row"], count: 5))
        #expect(Set(each.map(\.foldKey)).union([key]).count == 6)
        // What leads there finds it in the page.
        #expect(each[0].key == all[0].key)
        let rest = try chains([key, try #require(each[0].foldKey)])
        #expect(rest.map(\.key) == each.dropFirst().map(\.key))
        #expect((each + all).allSatisfy { $0.foldKey?.contains(/^[A-Za-z0-9_]+$/) == true })
    }

    @Test func aLargeGraphIsToldApartAsFarAsItStaysSmall() throws {
        // One dataset, and models that are alike; and a dataset of its own for each of the others.
        let alike = try #require(Graph(try lineage(models: 50, chain: 4)).folded())
        let coarse = try #require(Graph(try lineage(models: 50, chain: 4)).folded(limit: 10))
        #expect(alike.nodes.count > 10)
        #expect((4...10).contains(coarse.nodes.count))
        #expect(coarse.nodes.map(\.count).reduce(0, +) == 109)
        #expect(Graph(try lineage(models: 50)).folded(limit: 2) == nil)
        let whole = Graph(try lineage(models: 50))
        let all = Set(whole.nodes.map(\.key))
        #expect(whole.folded(opened: all, limit: 50) == nil)
    }

    @Test func whatIsTooManyToOpenLeadsToATable() throws {
        let graph = try #require(Graph(try lineage(models: 150)).folded())
        let folds = graph.nodes.filter { $0.count == 150 }
        #expect(try Set(folds.compactMap(\.place)) == [.artifact(ArtifactName("model")), .runs])
        #expect(folds.first { $0.kind == .run }?.query["q"] == "type=\"train\"")
    }

    @Test func everyNodeAndEdgeIsPlaced() async throws {
        let graph = Graph(try lineage(models: 3, chain: 2))
        let layout = try await Self.drawings.layout(of: graph)
        #expect(layout.boxes.count == graph.nodes.count)
        #expect(Set(layout.curves.map(\.edge)).count == graph.edges.count)
        for box in layout.boxes.values {
            #expect((0...layout.width).contains(box.x) && (0...layout.height).contains(box.y))
        }
        let svg = GraphDrawing(graph: graph, layout: layout) { _ in "" }.picture(.live).svg
        #expect(svg.ranges(of: "<rect").count == graph.nodes.count)
        #expect(svg.ranges(of: "<path d=\"M").count == graph.edges.count + 1)
        let ends = try #require(svg.firstMatch(of: /data-ends="([^"]*)"/)).1.split(separator: " ").compactMap
        {
            Int($0)
        }
        let drawn = stride(from: 0, to: ends.count, by: 2).map {
            Graph.Edge(from: ends[$0], to: ends[$0 + 1])
        }
        #expect(Set(drawn) == Set(graph.edges))
    }

    /// Of hundreds of nodes and edges every word counts: what is the same in all of them is said once.
    @Test func picturesAreSmall() async throws {
        let graph = Graph(try lineage(models: 60, chain: 10))
        let layout = try await Self.drawings.layout(of: graph)
        let drawing = GraphDrawing(graph: graph, layout: layout) { _ in "" }
        let svg = drawing.picture(.live).svg
        #expect(svg.utf8.count < 280 * graph.nodes.count + 90 * graph.edges.count)
        #expect(svg.ranges(of: "#888").count < 6)
    }

    /// A screen reader says it, and a search in the graph finds it.
    @Test func whatIsCutIsStillTold() async throws {
        let store = try WebStore()
        let aliases = (1...9).map { "a-long-alias-\($0)" }
        try store.put("mnist", ["a": "1"], aliases: aliases)
        let svg = try await store.get("/lineage").body
        let title = try #require(svg.firstMatch(of: /<title>(version mnist:v0[^<]*)</)).1
        for alias in aliases { #expect(title.contains(alias)) }
        #expect(svg.contains(/<text y="11">dataset · latest, a-long-[^<]*…</))
    }

    @Test func theLegendHasWhatThePictureShows() async throws {
        func legend(_ graph: Graph) async throws -> [String] {
            let layout = try await Self.drawings.layout(of: graph)
            return GraphDrawing(graph: graph, layout: layout) { _ in "" }.picture(.live).legend.map(\.title)
        }
        let lineage = try lineage(models: 20)
        #expect(try await legend(Graph(lineage)) == ["version", "run"])
        let folded = try #require(Graph(lineage).folded())
        #expect(try await legend(folded) == ["version", "run", "several, click to open"])
        #expect(try await legend(Graph(lineage.grouped())) == ["artifact type", "job type"])
        let states = try self.lineage(models: 6, states: [3: .failed, 4: .running])
        #expect(try await legend(Graph(states)) == ["version", "run", "failed", "running"])
        let store = try WebStore()
        try store.put("mnist", ["a": "1"])
        let page = try await store.get("/lineage").body
        #expect(page.matches(of: /class="key [a-z ]*">([^<]+)</).map(\.1) == ["version", "run"])
    }

    @Test func theListSaysWhatRunsUsedAndLogged() async throws {
        let store = try WebStore()
        try store.put("mnist", ["a": "1"])
        let run = try store.store.startRun(project: "p", jobType: "train", name: "second")
        try run.use("mnist:latest")
        try run.finish()
        // The clock stands still: runs of one moment come in any order.
        let steps = LineageSteps(try store.store.lineage()).steps.sorted {
            ($0.run?.jobType ?? "") < ($1.run?.jobType ?? "")
        }
        #expect(steps.map { $0.run?.jobType } == ["put", "train"])
        #expect(steps.map { $0.inputs.map { "\($0.name)" } } == [[], ["mnist:v0"]])
        #expect(steps.map { $0.outputs.map { "\($0.name)" } } == [["mnist:v0"], []])
        let page = try await store.get("/lineage/list")
        #expect(page.body.contains("href=\"/runs/\(run.id)\">second</a>"))
        #expect(page.body.contains("href=\"/artifacts/mnist/v0\">mnist:v0</a>"))
    }

    @Test func pagesShowTheGraph() async throws {
        let store = try WebStore()
        let version = try store.put("mnist", ["a": "1"])
        let run = try #require(version.producerID)
        let paths = [
            "/lineage", "/lineage/grouped", "/lineage/list", "/artifacts/mnist/v0/lineage",
            "/runs/\(run)/lineage",
            "/lineage?around=mnist:v0&direction=up&depth=1",
        ]
        for (path, reply) in zip(paths, try await store.getAll(paths)) {
            #expect(reply.status == 200)
            #expect(reply.body.contains("<svg class=\"graph\"") == (path != "/lineage/list"), "\(path)")
            #expect(reply.body.contains("mnist:v0") == !path.hasSuffix("grouped"), "\(path)")
        }
        #expect(try await store.get("/lineage?around=none").status == 404)
    }

    @Test func theProjectPageHasASmallGraph() async throws {
        let store = try WebStore()
        let empty = try await store.get("/")
        #expect(!empty.body.contains("href=\"/lineage\">All"))
        for number in 0..<20 { try store.put("mnist", ["a": "\(number)"]) }
        let links = Links.files(from: SiteFile(place: .project), SiteMap(.init()))
        let context = PageContext(
            store: store.store, catalogue: Catalogue(try store.store.snapshot()), links: links)
        var page = try Page.project(context)
        await page.draw(Self.drawings)
        let html = page.html(links, Project(name: "p"))
        #expect(html.contains("<svg class=\"graph\""))
        #expect(html.contains("20 versions"))
        #expect(html.contains("href=\"lineage/index.html\">All"))
    }

    @Test func aPictureThatTakesLongIsLeftOutAndComesLater() async throws {
        let drawings = Self.drawings
        let graph = Graph(try lineage(models: 3))
        let picture = { @Sendable (graph: Graph, layout: GraphLayout) in
            GraphPicture(svg: "\(layout.boxes.count) boxes", legend: [])
        }
        let slow = Page.Drawing(
            graph: {
                Thread.sleep(forTimeInterval: 0.3)
                return graph
            }, patience: .zero, picture: picture)
        #expect(try await drawings.picture(of: slow) == nil)
        let patient = Page.Drawing(graph: { graph }, picture: picture)
        #expect(try await drawings.picture(of: patient)?.svg == "7 boxes")
        var page = Page(title: "", template: .project, model: [:])
        page.drawing = slow
        await page.draw(drawings)
        // Whoever has it may not take it for the page as it is.
        #expect(!page.isWhole)
    }
}
