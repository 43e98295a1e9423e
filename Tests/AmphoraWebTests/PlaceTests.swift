import Amphora
import Testing

@testable import AmphoraWeb

/// Addresses of pages.
@Suite struct PlaceTests {
    static func places() throws -> [Place] {
        let name = VersionName(try ArtifactName("mnist-raw"), VersionNumber(3))
        let id = try RunID("3k9x2m1a")
        let paths = [
            try ArtifactPath("a.txt"), try ArtifactPath("sub/ä ö%2F?#&+\u{1}.csv"),
        ]
        return [
            .project, .search, .runs, .artifact(name.artifact), .alias(name.artifact, .latest), .events(id),
        ]
            + Place.VersionTab.allCases.map { .version(name, $0) }
            + Place.RunTab.allCases.map { .run(id, $0) }
            + paths.flatMap { [.file(name, $0), .download(name, $0), .picture(name, $0), .image(id, $0)] }
            + Asset.allCases.map { .asset($0) }
    }

    @Test func everyPlaceIsFoundByItsPath() throws {
        for place in try Self.places() {
            #expect(Place(path: place.path) == place, "\(place.path)")
            #expect(place.path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(place.path)")
        }
        #expect(Set(try Self.places().map(\.path)).count == (try Self.places().count))
    }

    @Test(arguments: [
        "", "x", "//", "/artifacts", "/artifacts//v0", "/artifacts/..", "/artifacts/%2e%2e/v0",
        "/artifacts/a/v00",
        "/artifacts/a/v-1", "/artifacts/a/v1/x", "/artifacts/a/v1/files/../../x",
        "/artifacts/a/v1/files/%2e%2e/x",
        "/artifacts/a/v1/files/a%2fb", "/artifacts/a/v1/files/a%00b", "/artifacts/a/v1/files/%",
        "/artifacts/a/v1/files/%zz",
        "/artifacts/a/v1/files//", "/artifacts/%3Cscript%3E", "/artifacts/a%00", "/runs/short",
        "/runs/3k9x2m1a/x",
        "/runs/3k9x2m1a/image", "/assets/amphora.css", "/assets/../style", "/etc/passwd",
        "/artifacts/a/v1/overview",
        "/artifacts/a/v99999999999999999999", "/artifacts/\u{FF0E}\u{FF0E}",
    ])
    func whatIsNoPlaceIsNone(_ path: String) { #expect(Place(path: path) == nil) }

    @Test func aSlashAtTheEndCountsForNothing() throws {
        #expect(Place(path: "/runs/") == .runs)
        #expect(Place(path: "/") == .project)
    }

    @Test func filesLinkToEachOtherFromWhereTheyLie() throws {
        let name = VersionName(try ArtifactName("a"), VersionNumber(1))
        func links(from place: Place) -> Links { .files(from: SiteFile(place: place), SiteMap(.init())) }
        #expect(links(from: .project)(.runs) == "runs/index.html")
        #expect(links(from: .version(name, .files))(.project) == "../../../../index.html")
        #expect(
            links(from: .runs)(.download(name, try ArtifactPath("x y")))
                == "../artifacts/a/v1/files/x%20y/content.bin")
        #expect(
            links(from: .runs)(.runs, Query().with(["page": "2", "sort": "name"])) == "../runs/page-2.html")
        #expect(links(from: .runs)(.search) == "")
    }

    /// Two files of a version never take the same place, whatever they are called; and no name is one that systems refuse.
    @Test func filesHaveNamesThatAnySystemTakes() throws {
        let name = VersionName(try ArtifactName("a"), VersionNumber(1))
        let long = String(repeating: "x", count: 255)
        let deep = Array(repeating: "d", count: 1000).joined(separator: "/")
        let paths =
            [
                "a", "b/index.html", "b/page-2.html", "b", "=x", ".hidden", "_x", long, "\(long)/\(long)",
                deep, "\(deep)/e",
                "c\u{7}", "content.bin", "x/content.bin", "ä ö",
            ]
        let files = try paths.flatMap { text in
            let path = try ArtifactPath(text)
            return [SiteFile(place: .file(name, path)), SiteFile(place: .download(name, path))]
        }
        #expect(Set(files.map(\.description)).count == files.count)
        for file in files {
            #expect(
                file.path.allSatisfy {
                    $0.string != nil && $0.bytes.count <= 120 && $0.bytes.first != UInt8(ascii: ".")
                })
            #expect(file.description.utf8.count < 1000)
        }
    }
}

/// The part of an address after the question mark.
@Suite struct QueryTests {
    @Test func itIsReadAndWritten() {
        let query = Query(parsing: "q=a+b%3Dc&column=x&column=y&empty=&%zz=1&bad=%ff&flag")
        #expect(query["q"] == "a b=c")
        #expect(query.all("column") == ["x", "y"])
        #expect(query["empty"] == nil)
        #expect(query["bad"] == nil)
        #expect(Query(parsing: query.text.dropFirst()) == query)
    }

    @Test func valuesAreReplacedWhereTheyStand() {
        let query = Query(parsing: "a=1&b=2&c=3")
        #expect(query.with(["b": "5", "a": nil]).text == "?b=5&c=3")
        #expect(Query().with(["x": ""]).text.isEmpty)
    }
}
