import AmphoraObjects
import Testing

@Suite("Names of refs")
struct RefNameTests {
    @Test("A version is a tag")
    func versions() throws {
        let name = try #require(VersionName(parsing: "mnist-raw:v12"))
        let ref = RefName.version(name)
        #expect(ref.rawValue == "refs/tags/mnist-raw/v12")
        #expect(ref.version == name)
        #expect(ref.alias == nil)
        #expect(ref.run == nil)
        #expect(ref.rawValue.hasPrefix(RefName.versions(of: name.artifact)))
    }

    @Test("An alias is a branch")
    func aliases() throws {
        let artifact = try ArtifactName("mnist-raw")
        let ref = RefName.alias(.latest, of: artifact)
        #expect(ref.rawValue == "refs/heads/mnist-raw/latest")
        #expect(ref.alias?.artifact == artifact)
        #expect(ref.alias?.alias == .latest)
        #expect(ref.version == nil)
        #expect(ref.run == nil)
        #expect(ref.rawValue.hasPrefix(RefName.aliases(of: artifact)))
    }

    @Test("A run is a notes ref")
    func runs() throws {
        let id = try RunID("3k9x2m1a")
        let ref = RefName.run(id)
        #expect(ref.description == "refs/notes/runs/3k9x2m1a")
        #expect(ref.run == id)
        #expect(ref.version == nil)
        #expect(ref.alias == nil)
    }

    @Test("The root's ref is none of these")
    func root() {
        #expect(RefName.root.rawValue == "refs/amphora/root")
        #expect(RefName.root.version == nil)
        #expect(RefName.root.alias == nil)
        #expect(RefName.root.run == nil)
    }

    @Test(
        "Refs that others made are not taken for ours",
        arguments: [
            "refs/tags/v1", "refs/tags/a/b/v1", "refs/tags/a/x1", "refs/tags/a/v01", "refs/tags//v1",
            "refs/tags/a/",
            "refs/tags/ä/v1", "refs/heads/main", "refs/heads/a/v1", "refs/heads/a/b/c", "refs/heads/a/",
            "refs/notes/runs/short", "refs/notes/runs/3k9x2m1a/x", "refs/notes/commits",
            "refs/notes/artifacts/a",
            "refs/remotes/origin/a/latest", "HEAD", "", "tags/a/v1",
        ])
    func foreign(text: String) {
        let ref = RefName(existing: text)
        #expect(ref.version == nil)
        #expect(ref.alias == nil)
        #expect(ref.run == nil)
    }

    @Test("Refs sort as text")
    func order() {
        #expect(RefName(existing: "refs/a") < RefName(existing: "refs/b"))
        #expect(!(RefName(existing: "refs/b") < RefName(existing: "refs/b")))
    }
}
