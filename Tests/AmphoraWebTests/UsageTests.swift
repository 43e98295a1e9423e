import Amphora
import Foundation
import TestSupport
import Testing

@testable import AmphoraWeb

/// The code that a version's page shows for using it.
@Suite struct UsageTests {
    @Test func gitAloneGetsEveryFileBack() async throws {
        let store = try WebStore()
        let large = randomBytes(count: 3_000_000, seed: 1)
        let run = try store.store.startRun(project: "p", jobType: "j")
        var artifact = Artifact(name: "model", type: "model")
        try artifact.addNewFile("a folder/large file.bin") { try $0.write(large) }
        try artifact.addNewFile("small.txt") { try $0.write("small") }
        try run.log(artifact)
        try run.finish()

        let page = try await store.get("/artifacts/model/v0/usage").body
        let blocks = page.matches(of: /<pre data-copy[^>]*><code>([^<]*)<\/code>/).map { $0.1 }
        try #require(blocks.count == 3)
        #expect(blocks[0] == "amphora get model:v0")
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        let code = entities.reduce(String(blocks[2])) { $0.replacing($1.0, with: $1.1) }
        let folder = store.scratch("project")
        let result = try TestSupport.run("sh", ["-ec", code], in: folder)
        #expect(result.status == 0, "\(result.error)")
        let files = URL(filePath: folder).appending(path: "model:v0")
        #expect(try Data(contentsOf: files.appending(path: "a folder/large file.bin")) == Data(large))
        #expect(try String(contentsOf: files.appending(path: "small.txt"), encoding: .utf8) == "small")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: files.path()).count == 3)
    }

    /// The same code as on the page, compiled.
    @Test func theSwiftCodeIsForThisLibrary() async throws {
        let web = try WebStore()
        try web.put("model", ["a.txt": "1"])
        let store = try Store.open(discoveringFrom: web.scratch("project"))
        let run = try store.startRun(project: "my-project", jobType: "my-job")
        let version = try run.use("model:v0")
        let folder = try version.download(to: web.scratch("copy")).path
        try run.finish()
        #expect(try String(contentsOfFile: "\(folder)/a.txt", encoding: .utf8) == "1")

        let page = try await web.get("/artifacts/model/v0/usage").body
        for line in [
            "let store = try Store.open(discoveringFrom: &quot;.&quot;)",
            "let run = try store.startRun(project: &quot;my-project&quot;, jobType: &quot;my-job&quot;)",
            "let version = try run.use(&quot;model:v0&quot;)", "let folder = try version.download().path",
            "try run.finish()",
        ] {
            #expect(page.contains(line), "\(line)")
        }
    }
}
