import Amphora
import Foundation
import TestSupport
import Testing

@testable import AmphoraWeb

/// The pages as files.
@Suite struct SiteTests {
    /// A store with all that pages show.
    static func store() throws -> WebStore {
        let store = try WebStore()
        try store.put(
            "data",
            ["a/b.csv": "x,y\n1,2\n", "README.md": "# Data", "index.html": "<script>alert(1)</script>"],
            description: "Some *data*", metadata: ["rows": 1])
        try store.put(
            "data", ["a/b.csv": "x,y\n1,3\n", "a/index.html": "x"], metadata: ["rows": 2], aliases: ["best"])
        let run = try store.store.startRun(project: "test", jobType: "train", config: ["lr": 0.1])
        try run.use("data:best")
        for step in 0..<20 { try run.log(metrics: ["loss": .double(1 / Double(step + 1))]) }
        let image = try PNGImage(grayscale: [0], width: 1, height: 1)
        try run.log(images: [(image: image, caption: "<b>")], key: "hardest")
        var model = Artifact(name: "model", type: "model")
        try model.addNewFile("weights.bin") { try $0.write([UInt8](repeating: 0, count: 3000)) }
        _ = try run.log(model)
        try run.finish()
        return store
    }

    @discardableResult
    private func write(_ store: WebStore, _ folder: String, _ limits: StaticSite.Limits = .init())
        async throws
        -> StaticSite.Outcome
    {
        try await StaticSite(store.store, Project(name: "project"), limits).write(to: folder)
    }

    @Test func everyLinkLeadsToAFile() async throws {
        let store = try Self.store()
        let folder = store.scratch("site")
        let outcome = try await write(store, folder)
        let site = try SiteCopy(folder)
        #expect(site.pages.count == outcome.pageCount)
        #expect(outcome.problems.isEmpty)
        let dead = try site.deadLinks()
        #expect(dead == [])
        // From the project every page can be reached.
        #expect(try site.reachable(from: "index.html") == Set(site.pages))
        let addresses = Set(site.pages)
        for page in [
            "runs/index.html", "artifacts/data/index.html", "artifacts/data/v1/lineage/index.html",
            "lineage/grouped/index.html", "lineage/unfolded/index.html",
            "artifacts/data/v0/files/a/b.csv/index.html",
        ] { #expect(addresses.contains(page), "\(page)") }
    }

    @Test func pagesAreThoseOfTheServer() async throws {
        let store = try Self.store()
        let folder = store.scratch("site")
        try await write(store, folder)
        let pages = ["artifacts/data/v1", "artifacts/data/v1/metadata", "artifacts/data/v0/files/README.md"]
        for page in pages {
            let live = try await store.get("/\(page)").body
            let file = try String(contentsOfFile: "\(folder)/\(page)/index.html", encoding: .utf8)
            #expect(SiteCopy.words(of: live) == SiteCopy.words(of: file), "\(page)")
        }
    }

    /// What would be a page or a script if a web server took it for one is copied under names that are none.
    @Test func contentIsNoPage() async throws {
        let store = try Self.store()
        let folder = store.scratch("site")
        try await write(store, folder)
        let site = try SiteCopy(folder)
        for page in site.pages {
            let html = try site.text(page)
            #expect(!html.contains("<script>alert"), "\(page)")
            #expect(html.contains("Content-Security-Policy"), "\(page)")
        }
        let copies = site.files.filter { $0.hasSuffix("content.bin") }
        #expect(copies.count == 6)
        let others = Set(site.files).subtracting(site.pages).filter { !$0.hasPrefix("assets/") }
        #expect(others.allSatisfy { $0.hasSuffix("/content.bin") || $0.hasSuffix("/picture.png") })
    }

    @Test func limitsHold() async throws {
        let store = try Self.store()
        let folder = store.scratch("site")
        var limits = StaticSite.Limits()
        limits.fileCount = 2
        limits.byteCount = 2000
        try await write(store, folder, limits)
        let site = try SiteCopy(folder)
        let dead = try site.deadLinks()
        #expect(dead == [])
        // v0 has three files, the model one of 3,000 bytes.
        #expect(!site.files.contains { $0.hasPrefix("artifacts/data/v0/files/a") })
        #expect(try site.text("artifacts/data/v0/files/index.html").contains("only listed here"))
        #expect(site.files.contains("artifacts/data/v1/files/a/b.csv/content.bin"))
        #expect(!site.files.contains("artifacts/model/v0/files/weights.bin/content.bin"))
        #expect(
            try site.text("artifacts/model/v0/files/weights.bin/index.html").contains(
                "amphora get model:v0 --path weights.bin"))
    }

    @Test func longTablesHaveParts() async throws {
        let store = try WebStore()
        try store.put("many", Dictionary(uniqueKeysWithValues: (0..<501).map { ("\($0)", "\($0)") }))
        let folder = store.scratch("site")
        try await write(store, folder)
        let site = try SiteCopy(folder)
        #expect(site.files.contains("artifacts/many/v0/files/page-2.html"))
        let dead = try site.deadLinks()
        #expect(dead == [])
        #expect(try site.reachable(from: "index.html") == Set(site.pages))
    }

    /// A page of one would repeat the other.
    @Test func tablesBesideOthersAreWhole() throws {
        let store = try WebStore()
        let links = Links.files(from: SiteFile(place: .project), SiteMap(.init()))
        let context = PageContext(
            store: store.store, catalogue: Catalogue(try store.store.snapshot()), links: links)
        for (name, count) in [("", 500), ("outputs", 501)] {
            let table = Table(
                columns: [Column<Int>(key: "n", title: "N", cell: { .count($0) })], rows: Array(0..<501),
                caption: "Numbers", name: name)
            let model = try table.model(at: .project, context)
            #expect((model["rows"] as? [Model])?.count == count)
            #expect((model["pagers"] as? [Model])?.isEmpty == !name.isEmpty)
        }
    }

    @Test func aNewSiteTakesTheOldOnesPlace() async throws {
        let store = try Self.store()
        let folder = store.scratch("site")
        try await write(store, folder)
        try "example.com".write(toFile: "\(folder)/CNAME", atomically: true, encoding: .utf8)
        try store.store.remove(store.store.version("model:v0"), force: true)
        try store.put("new", ["x": "y"])
        try await write(store, folder)
        let site = try SiteCopy(folder)
        #expect(!site.files.contains { $0.hasPrefix("artifacts/model/v0") })
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/artifacts/model/v0"))
        #expect(site.files.contains("artifacts/new/v0/index.html"))
        #expect(try site.text("CNAME") == "example.com")
        let dead = try site.deadLinks()
        #expect(dead == [])
    }

    @Test func othersFilesAreNotTouched() async throws {
        let store = try Self.store()
        let folder = store.scratch("mine")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "mine".write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
        let error = try await #require(throws: SiteFolderTaken.self) { try await write(store, folder) }
        #expect(error.message.contains("index.html"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["index.html"])
        #expect(try String(contentsOfFile: "\(folder)/index.html", encoding: .utf8) == "mine")
    }

    /// Whoever made the folder may have put links and names into it that lead elsewhere.
    @Test func nothingOutsideTheFolderIsTouched() async throws {
        let store = try Self.store()
        let folder = store.scratch("site")
        try await write(store, folder)
        let outside = try store.scratch.write("outside/v0/index.html", "mine")
        try store.scratch.write("other", "mine")
        let list = try String(contentsOfFile: "\(folder)/.amphora-site", encoding: .utf8)
        try (list + "../other\nartifacts/linked/v0/index.html\n").write(
            toFile: "\(folder)/.amphora-site", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/artifacts/linked", withDestinationPath: store.scratch("outside"))
        try await write(store, folder)
        #expect(try String(contentsOfFile: outside, encoding: .utf8) == "mine")
        #expect(store.scratch.exists("other"))
        // A page that would have to go through a link is refused.
        try FileManager.default.removeItem(atPath: "\(folder)/runs")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/runs", withDestinationPath: store.scratch("outside"))
        await #expect(throws: SiteFolderTaken.self) { try await write(store, folder) }
        #expect(!store.scratch.exists("outside/index.html"))
    }

    /// Hidden files, such as those of git, are nobody's pages.
    @Test func hiddenFilesMayBeThere() async throws {
        let store = try Self.store()
        let folder = store.scratch("pages")
        try FileManager.default.createDirectory(atPath: "\(folder)/.git", withIntermediateDirectories: true)
        try await write(store, folder)
        #expect(FileManager.default.fileExists(atPath: "\(folder)/.git"))
        let hidden = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".") }
        #expect(Set(hidden) == [".git", ".amphora-site"])
    }

    @Test func whatCannotBeReadFailsNothingElse() async throws {
        let store = try Self.store()
        let version = try store.store.version("data:v1")
        let blob = try #require(try version.files().first)
        try store.damage(blob.id)
        let folder = store.scratch("site")
        let outcome = try await write(store, folder)
        #expect(!outcome.problems.isEmpty)
        let site = try SiteCopy(folder)
        #expect(site.files.contains("artifacts/model/v0/files/weights.bin/content.bin"))
        let dead = try site.deadLinks()
        #expect(dead == [])
    }
}
