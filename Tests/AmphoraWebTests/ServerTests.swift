import Amphora
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import AmphoraWeb

/// Pages over HTTP.
@Suite struct ServerTests {
    @Test func pagesShowWhatWasLogged() async throws {
        let store = try WebStore()
        try store.put(
            "mnist-raw", ["training/a.csv": "x,y\n1,2\n", "notes.md": "# Notes\n\nSome *words*."],
            description: "Digits, **raw**.", metadata: ["source": "here", "sizes": ["train": 60]],
            aliases: ["best"])
        let version = try store.put("mnist-raw", ["training/a.csv": "x,y\n1,3\n"])
        let run = try #require(version.producerID)
        let paths = [
            "/", "/artifacts/mnist-raw", "/artifacts/mnist-raw/v0", "/artifacts/mnist-raw/v0/metadata",
            "/artifacts/mnist-raw/v0/files", "/artifacts/mnist-raw/v0/files/training",
            "/artifacts/mnist-raw/v0/files/training/a.csv", "/artifacts/mnist-raw/v0/files/notes.md", "/runs",
            "/runs/\(run)", "/runs/\(run)/artifacts", "/artifacts/mnist-raw/v1", "/search?q=source%3Dhere",
        ]
        let words = [
            ["mnist-raw", "dataset", "best"], ["v0", "v1", "best", "latest"],
            ["<strong>raw</strong>", "Test User"], ["sizes.train", "60"], ["training/", "notes.md"],
            ["a.csv"],
            ["<th scope=\"col\" class=\"number\">x</th>", "<td class=\"number\">2</td>", "Download"],
            ["<em>words</em>"], ["put"],
            ["put", "finished"],
            ["mnist-raw:v1"], ["is shared", "1 removed"], ["mnist-raw", "v0"],
        ]
        for ((path, words), reply) in zip(zip(paths, words), try await store.getAll(paths)) {
            #expect(reply.status == 200, "\(path)")
            for word in words { #expect(reply.body.contains(word), "\(path) has no \(word)") }
            #expect(reply.headers[.contentType] == "text/html; charset=utf-8")
        }
    }

    @Test func whatIsNotThereLeadsToWhatIsNear() async throws {
        let store = try WebStore()
        let run = try #require(try store.put("mnist-raw", ["a": "1"]).producerID)
        let replies = try await store.getAll([
            "/artifacts/mnist-rw", "/artifacts/mnist-rw/v0", "/artifacts/mnist-raw/v7",
            "/artifacts/mnist-raw/v0/files/b", "/runs/\(run.rawValue.dropLast())x", "/nothing",
        ])
        #expect(replies.map(\.status) == Array(repeating: 404, count: 6))
        let links = replies.map { reply in
            reply.body.matches(of: /class="button" href="([^"]+)"/).map { String($0.1) }
        }
        #expect(
            links == [
                ["/artifacts/mnist-raw", "/"], ["/artifacts/mnist-raw", "/"], ["/artifacts/mnist-raw", "/"],
                ["/artifacts/mnist-raw/v0/files", "/"], ["/runs/\(run)", "/runs", "/"], ["/"],
            ])
    }

    @Test func aNameStaysAsItIsAtTheBeginningOfASentence() async throws {
        let store = try WebStore()
        let version = try store.put("raw-main", ["a": "1"])
        try store.put("raw-main", ["a": "2"])
        try store.store.remove(version, force: true)
        let reply = try await store.get("/artifacts/raw-main/v0")
        #expect(reply.status == 404 && reply.body.contains("<p>raw-main:v0 was deleted by Test User"))
        #expect("raw:v1 was deleted".sentence == "raw:v1 was deleted.")
        #expect("'raw' is none".sentence == "'raw' is none.")
        #expect("there is none".sentence == "There is none.")
    }

    /// Whatever the words of the hint.
    @Test func whatIsNearIsWhatTheErrorNames() async throws {
        let store = try WebStore()
        try store.put("mnist-raw", ["a": "1"])
        let error = try #require(throws: NotInStore.self) { try store.store.version("mnist-rw:v0") }
        #expect(error.near == ["mnist-raw"])
        #expect(Problem(error).near == ["mnist-raw"])
    }

    @Test func aFileComesWholeAndIsNotShown() async throws {
        let store = try WebStore()
        let bytes = randomBytes(count: 3_000_000, seed: 1)
        let run = try store.store.startRun(project: "p", jobType: "j")
        var artifact = Artifact(name: "a", type: "t")
        try artifact.addNewFile("b ä.bin") { try $0.write(bytes) }
        try run.log(artifact)
        try run.finish()
        try await store.server().application().test(.live) { client in
            let response = try await client.execute(
                uri: "/artifacts/a/v0/download/b%20%C3%A4.bin", method: .get)
            #expect(Array(response.body.readableBytesView) == bytes)
            #expect(response.headers[.contentDisposition] == "attachment; filename*=UTF-8''b%20%C3%A4.bin")
            #expect(response.headers[.contentType] == "application/octet-stream")
        }
    }

    @Test func onlyPicturesAreShownAsThemselves() async throws {
        let store = try WebStore()
        try store.put("a", ["x.svg": "<svg onload='alert(1)'/>", "y.png": "<script>alert(1)</script>"])
        for reply in try await store.getAll([
            "/artifacts/a/v0/picture/x.svg", "/artifacts/a/v0/picture/y.png",
        ]) {
            #expect(reply.status == 404)
        }
    }

    @Test func aLargePictureComesPieceByPieceAndIsKept() async throws {
        let store = try WebStore()
        let bytes = Array("GIF89a".utf8) + randomBytes(count: 1_000_000, seed: 2)
        let run = try store.store.startRun(project: "p", jobType: "j")
        var artifact = Artifact(name: "a", type: "t")
        try artifact.addNewFile("x") { try $0.write(bytes) }
        try run.log(artifact)
        let image = try PNGImage(grayscale: randomBytes(count: 640_000, seed: 3), width: 800, height: 800)
        try run.log(images: [(image, "noise")], key: "k")
        try run.finish()
        try await store.server().application().test(.live) { client in
            let expected = [
                ("/artifacts/a/v0/picture/x", bytes, "image/gif"),
                ("/runs/\(run.id)/image/k/0-0.png", image.encoded, "image/png"),
            ]
            for (address, bytes, type) in expected {
                let whole = try await client.execute(uri: address, method: .get)
                #expect(Array(whole.body.readableBytesView) == bytes)
                #expect(whole.headers[.contentType] == type)
                #expect(whole.headers[.contentDisposition] == nil)
                let tag = try #require(whole.headers[.eTag])
                let known = try await client.execute(uri: address, method: .get, headers: [.ifNoneMatch: tag])
                #expect(known.status == .notModified)
                let part = try await client.execute(
                    uri: address, method: .get, headers: [.range: "bytes=7-16"])
                #expect(Array(part.body.readableBytesView) == Array(bytes[7..<17]))
            }
        }
    }

    @Test func whatIsNotThereHasAPageThatSaysSo() async throws {
        let store = try WebStore()
        try store.put("mnist-raw", ["a": "1"])
        let paths = [
            "/artifacts/mnist-rew", "/artifacts/mnist-raw/v7", "/artifacts/mnist-raw/v0/files/b",
            "/runs/aaaaaaaa",
            "/artifacts/mnist-raw/alias/none", "/x", "/artifacts/mnist-raw/v0/download/b", "/artifacts/..",
        ]
        for (path, reply) in zip(paths, try await store.getAll(paths)) {
            #expect(reply.status == 404, "\(path)")
            #expect(reply.body.contains("To the project"), "\(path)")
            #expect(!reply.body.contains(store.scratch.path), "\(path)")
        }
        let folder = try await store.get("/artifacts/mnist-raw/v0/files")
        #expect(folder.status == 200)
    }

    @Test func whatIsNotHereYetSaysHowItComes() async throws {
        let store = try WebStore()
        try store.put("a", ["x": "1"])
        let light = try LightClone(of: store.store.path, at: store.scratch("light.git"))
        let server = try WebServer(
            Store.open(at: light.folder), Project(name: "light", remotes: ["origin (https://example.com/a)"]))
        try await server.application().test(.live) { client in
            for (path, status) in [
                ("/", 200), ("/artifacts/a/v0", 200), ("/artifacts/a/v0/files", 404),
                ("/artifacts/a/v0/files/x", 404), ("/artifacts/a/v0/download/x", 404), ("/lineage", 200),
                ("/artifacts/a/v0/usage", 200),
                ("/api/v1/artifacts/a/versions/v0", 200), ("/api/v1/artifacts/a/versions/v0/files", 404),
            ] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status.code == status, "\(path)")
                let body = String(buffer: response.body)
                if status == 404 {
                    #expect(body.contains("amphora pull a:v0"), "\(path)")
                    #expect(body.contains("origin (https://example.com/a)"), "\(path)")
                }
            }
        }
        // With its tree here, files are listed, and say that they are not.
        try light.bring(["a/v0"], filter: "blob:none")
        try await server.application().test(.live) { client in
            let listing = try await client.execute(uri: "/artifacts/a/v0/files", method: .get)
            #expect(listing.status == .ok)
            #expect(String(buffer: listing.body).contains("not here yet"))
            // What is missing may come at any time, though no ref moves.
            let again = try await client.execute(
                uri: "/artifacts/a/v0/files", method: .get,
                headers: [.ifNoneMatch: listing.headers[.eTag] ?? "\"\""])
            #expect(again.status == .ok)
            let file = try await client.execute(uri: "/artifacts/a/v0/files/x", method: .get)
            for (reply, word) in [(listing, "them"), (file, "it")] {
                let sentence =
                    "<code>amphora pull a:v0</code> brings \(word) from origin (https://example.com/a)."
                #expect(String(buffer: reply.body).contains(sentence))
            }
            let download = try await client.execute(uri: "/artifacts/a/v0/download/x", method: .get)
            #expect(download.status == .notFound)
            // And when all has come, it is there.
            try light.bring(["a/v0"])
            let brought = try await client.execute(uri: "/artifacts/a/v0/download/x", method: .get)
            #expect(String(buffer: brought.body) == "1")
            let whole = try await client.execute(uri: "/artifacts/a/v0/files", method: .get)
            #expect(!String(buffer: whole.body).contains("not here yet"))
        }
    }

    @Test func aliasesLeadToVersions() async throws {
        let store = try WebStore()
        try store.put("a", ["x": "1"], aliases: ["best"])
        try await store.server().application().test(.live) { client in
            let response = try await client.execute(uri: "/artifacts/a/alias/best", method: .get)
            #expect(response.status == .found)
            #expect(response.headers[.location] == "/artifacts/a/v0")
        }
    }

    @Test func answersAreKeptUntilARefMoves() async throws {
        let store = try WebStore()
        try store.put("a", ["x": "1"])
        try await store.server().application().test(.live) { client in
            let first = try await client.execute(uri: "/artifacts/a", method: .get)
            let tag = try #require(first.headers[.eTag])
            let second = try await client.execute(
                uri: "/artifacts/a", method: .get, headers: [.ifNoneMatch: tag])
            #expect(second.status == .notModified)
            #expect(second.body.readableBytes == 0)
            // What is not there is not there, whatever the reader has.
            for (address, status) in [
                ("/artifacts/b", 404), ("/artifacts/a/v1", 404), ("/lineage?around=b", 404),
                ("/api/v1/runs?limit=x", 400), ("/artifacts/a/v0", 200),
            ] {
                let reply = try await client.execute(
                    uri: address, method: .get, headers: [.ifNoneMatch: tag])
                #expect(reply.status.code == status, "\(address)")
            }
            try store.put("a", ["x": "2"])
            let third = try await client.execute(
                uri: "/artifacts/a", method: .get, headers: [.ifNoneMatch: tag])
            #expect(third.status == .ok)
            #expect(third.headers[.eTag] != tag)
            #expect(String(buffer: third.body).contains("v1"))
        }
    }

    @Test func nothingCanBeChanged() async throws {
        let store = try WebStore()
        try await store.server().application().test(.live) { client in
            for method in [HTTPRequest.Method.post, .put, .delete, .patch, .options, .trace] {
                let response = try await client.execute(uri: "/", method: method)
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow] == "GET, HEAD")
            }
            let head = try await client.execute(uri: "/", method: .head)
            #expect(head.status == .ok)
            #expect(head.body.readableBytes == 0)
        }
    }

    @Test func aRunIsFollowedToItsEnd() async throws {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "train")
        let events = RunEvents(
            id: run.id, workers: Workers(), pages: Pages(store: store.store, Project(name: "p")),
            place: try Counter(limit: 1).place())
        var next = events.makeAsyncIterator()
        #expect(try await next.next().map { String(buffer: $0) } == "event: change\ndata: running\n\n")
        try run.log(metrics: ["loss": 1], step: 1)
        try run.finish()
        #expect(try await next.next().map { String(buffer: $0) } == "event: change\ndata: finished\n\n")
        #expect(try await next.next() == nil)
        let reply = try await store.get("/runs/\(run.id)/events")
        #expect(reply.body == "event: change\ndata: finished\n\n")
        #expect(reply.headers[.contentType] == "text/event-stream")
    }
}

/// Who may read.
@Suite struct GateTests {
    @Test(arguments: ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "LOCALHOST"])
    func thisMachine(_ host: String) { #expect(Gate.isLoopback(host)) }

    @Test(arguments: [
        "0.0.0.0", "::", "10.0.0.1", "example.com", "127.evil.example", "localhost.evil.example", "",
    ])
    func others(_ host: String) { #expect(!Gate.isLoopback(host)) }

    @Test func othersNeedAToken() throws {
        let store = try WebStore()
        #expect(throws: TokenMissing.self) { try store.server { $0.host = "0.0.0.0" } }
    }

    @Test(arguments: [
        ("evil.example", false), ("localhost", true), ("127.0.0.1:8470", true), ("[::1]:8470", true),
        (nil, false),
        ("127.0.0.1.evil.example", false),
    ])
    func foreignNamesAreRefused(_ name: String?, _ isOurs: Bool) {
        let head = HTTPRequest(method: .get, scheme: nil, authority: name, path: "/")
        let verdict = Gate(host: "127.0.0.1", token: nil).judge(
            Request(head: head, body: RequestBody(buffer: ByteBuffer())), Query())
        if case .pass = verdict { #expect(isOurs) } else { #expect(!isOurs) }
    }

    @Test func aTokenIsAskedForAndRemembered() async throws {
        let store = try WebStore()
        let token = WebServer.makeToken()
        try await store.server { $0.token = token }.application().test(.live) { client in
            for headers: HTTPFields in [
                [:], [.cookie: "amphora_token_80=x"], [.cookie: "amphora_token_81=\(token)"],
                [.authorization: "Bearer \(token)x"],
            ] {
                let response = try await client.execute(uri: "/", method: .get, headers: headers)
                #expect(response.status == .unauthorized)
                #expect(!String(buffer: response.body).contains(token))
            }
            let wrong = try await client.execute(uri: "/?token=\(token.dropLast())", method: .get)
            #expect(wrong.status == .unauthorized)
            for headers: HTTPFields in [
                [.cookie: "a=b; amphora_token_80=\(token)"], [.authorization: "Bearer \(token)"],
            ] {
                let response = try await client.execute(uri: "/", method: .get, headers: headers)
                #expect(response.status == .ok)
            }
        }
        try await store.server { $0.token = token }.application().test(.live) { client in
            let response = try await client.execute(uri: "/runs?q=a&token=\(token)", method: .get)
            #expect(response.status == .seeOther)
            #expect(response.headers[.location] == "/runs?q=a")
            let cookie = try #require(response.headers[.setCookie])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        }
    }

    @Test func tokensDiffer() { #expect(WebServer.makeToken() != WebServer.makeToken()) }
}
