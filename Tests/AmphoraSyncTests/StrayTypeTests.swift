import AmphoraObjects
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("An artifact that was begun apart with different types")
struct StrayTypeTests {
    @discardableResult
    private func put(_ text: String, type: String, in store: Store) throws -> Version {
        var artifact = Artifact(name: "thing", type: type)
        try artifact.addNewFile("file") { try $0.write(text) }
        return try store.startRun(project: "test", jobType: "put").log(artifact)
    }

    @Test("It keeps the type of its first version; whichever brings them together is told which differ")
    func told() throws {
        let stores = try SyncedStores(.folder)
        let (ada, grace) = (try stores.store("ada"), try stores.store("grace"))
        try put("of ada", type: "model", in: ada)
        try put("of grace", type: "dataset", in: grace)
        #expect(try stores.origin(of: ada).push().strayTypes == [])
        let stray = StrayType(
            version: VersionName(try ArtifactName("thing"), VersionNumber(1)),
            type: try ArtifactType("dataset"),
            artifactType: try ArtifactType("model"))
        #expect(try stores.origin(of: grace).push().strayTypes == [stray])
        #expect(try stores.origin(of: ada).pull().strayTypes == [stray])
        #expect(try stores.origin(of: ada).pull().strayTypes == [], "told once")
        #expect("\(stray)" == "'thing:v1' is of type 'dataset', but 'thing' of type 'model'")
        for store in [ada, grace] {
            #expect(try store.strayTypes() == [stray])
            // The same files as the newest version, which is none of this type.
            #expect(throws: InvalidArtifact.self) { try put("of grace", type: "dataset", in: store) }
        }
        #expect(try put("of grace", type: "model", in: ada).name.number == VersionNumber(2))
        try stores.origin(of: ada).push()
        // The first version's type stays, be the version itself deleted.
        try grace.remove(grace.version("thing:v0"), force: true)
        #expect(try grace.strayTypes() == [stray])
        try grace.remove(grace.version("thing:v1"), force: true)
        #expect(try grace.strayTypes() == [])
    }
}
