import Amphora
import AmphoraGit
import AmphoraObjects
import TestSupport
import Testing

@testable import AmphoraSync

/// A remote that takes its time: what happens meanwhile happens after it has said what refs it has.
private final class SlowRemote: Transport {
    private let remote: any Transport
    private var meanwhile: (() throws -> Void)?

    init(_ remote: any Transport, _ meanwhile: @escaping () throws -> Void) {
        self.remote = remote
        self.meanwhile = meanwhile
    }

    func references() throws -> RemoteReferences {
        let references = try remote.references()
        defer { meanwhile = nil }
        try meanwhile?()
        return references
    }

    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize {
        try remote.fetch(request, progress: progress)
    }

    func checkContent(of changes: [RefChange]) throws { try remote.checkContent(of: changes) }

    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) {
        try remote.push(changes, progress: progress)
    }
}

@Suite("Two processes of one store look at a remote at once")
struct RacingFetchTests {
    @Test(arguments: Way.allCases) func theNewerAnswerCounts(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        for note in ["first", "second", "third"] { try ada.put("data", note) }
        let best = try Alias("best")
        try ada.setAlias(best, to: ada.version("data:v0"))
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try ada.setAlias(best, to: ada.version("data:v1"))
        try stores.origin(of: ada).push()
        let again = try Store.open(at: grace.path, surroundings: stores.surroundings("grace"))
        let origin = try stores.origin(of: grace)
        let slow = SlowRemote(try origin.open()) {
            try ada.setAlias(best, to: ada.version("data:v2"))
            try stores.origin(of: ada).push()
            try stores.origin(of: again).pull()
        }
        try grace.whileWriting {
            let exchange = Exchange(origin, slow, nil)
            _ = try exchange.reconcile(after: exchange.fetch())
        }
        #expect(try grace.version("data:best").name.number == VersionNumber(2))
        #expect(try stores.origin(of: grace).pull().changes.isEmpty)
    }
}
