import AmphoraObjects
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Runs with more to say than a light clone brings by itself")
struct LongRecordsTests {
    private let long = String(repeating: "words ", count: 20_000)

    /// A run with a record and captions of 120 kB each, pushed.
    private func begin(_ stores: SyncedStores) throws -> (store: Store, run: Run) {
        let ada = try stores.store("ada")
        let run = try ada.startRun(
            project: "test", jobType: "train", name: "long", config: ["text": .string(long)])
        try run.log(images: [(image(1), long)], key: "samples", step: 1)
        try run.flush()
        try stores.origin(of: ada).push()
        return (ada, run)
    }

    private func image(_ shade: UInt8) throws -> PNGImage {
        try PNGImage(grayscale: [shade], width: 1, height: 1)
    }

    @Test("A long record is there without asking anybody; long captions are not", arguments: Way.allCases)
    func record(way: Way) throws {
        let stores = try SyncedStores(way)
        let (ada, run) = try begin(stores)
        let grace = try stores.clone("grace")
        grace.contentSource = nil
        #expect(try grace.run("long").record.config["text"] == .string(long))
        #expect(try grace.runs { Issue.record("\($0)") }.count == 1)
        #expect(throws: ContentAbsent.self) { _ = try grace.readMedia("samples/1.json", of: run.id) }
        // A save that is brought later has one, too.
        try run.setConfig(["more": .string(long)])
        try stores.origin(of: ada).push()
        let pulled = try stores.origin(of: grace).pull()
        #expect(pulled.fetched.damage == nil)
        #expect(try grace.run("long").record.config["more"] == .string(long))
    }

    @Test("Saves made apart are merged with what they need of each other", arguments: Way.allCases)
    func merged(way: Way) throws {
        let stores = try SyncedStores(way)
        let (ada, run) = try begin(stores)
        let grace = try stores.clone("grace")
        let other = try grace.resumeRun(run.id)
        try other.log(images: [(image(2), "of grace")], key: "others", step: 1)
        try other.flush()
        try run.log(images: [(image(3), "of ada" + long)], key: "samples", step: 1)
        try run.flush()
        try stores.origin(of: ada).push()
        let pulled = try stores.origin(of: grace).push()
        #expect(pulled.changes.contains { $0.kind == .merged })
        try stores.origin(of: ada).pull()
        #expect(try stores.refs(in: ada.path) == stores.refs(in: grace.path))
        let captions = try JSONValue(parsing: ada.readMedia("samples/1.json", of: run.id))["captions"]
        #expect(captions == [.string(long), .string("of ada" + long)])
        #expect(try ada.readMedia("others/1-0.png", of: run.id) == image(2).encoded)
    }
    @Test("A run that cannot be merged stays as it is, and all else comes")
    func unmerged() throws {
        let stores = try SyncedStores(.folder)
        let (ada, run) = try begin(stores)
        let grace = try stores.clone("grace")
        let other = try grace.resumeRun(run.id)
        try other.log(metrics: ["loss": 1], step: 2)
        try other.flush()
        try run.setConfig(["more": .string(long)])
        try run.flush()
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let note = "refs/notes/runs/\(run.id)"
        let removal = """
            if ls objects/pack/*.pack 2>/dev/null; then
                mkdir packs && mv objects/pack/* packs
                for pack in packs/*.pack; do git unpack-objects -q < "$pack" || exit 1; done
            fi
            id=$(git rev-parse \(note):run.json) && rm -f objects/$(echo $id | sed 's,^..,&/,')
            """
        #expect(try TestSupport.run("sh", ["-c", removal], in: stores.bare).status == 0)
        let before = try stores.refs(in: grace.path)[note]
        let report = try stores.origin(of: grace).pull()
        #expect(report.fetched.damage.map { Array($0.reasons.keys) } == ["run \(run.id)"])
        #expect(report.changes.contains { $0.name == "data:v0" })
        #expect(!report.changes.contains { $0.kind == .merged })
        #expect(try stores.refs(in: grace.path)[note] == before)
    }
}
