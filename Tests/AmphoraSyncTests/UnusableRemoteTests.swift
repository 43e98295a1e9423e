import AmphoraObjects
import AmphoraSync
import Foundation
import TestSupport
import Testing

@Suite("Repositories that are of no use as a remote")
struct UnusableRemoteTests {
    /// What a push to the remote says when something was done to it.
    private func error(_ way: Way, after change: (SyncedStores) throws -> Void) throws -> ErrorReport {
        let stores = try SyncedStores(way)
        try change(stores)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        let error = try failure { try stores.origin(of: ada).push() }
        #expect(error.message == "cannot push to 'origin' (\(stores.address))")
        return error
    }

    @Test("One whose objects are named by SHA-256", arguments: Way.allCases)
    func otherHash(way: Way) throws {
        let error = try error(way) { stores in
            try FileManager.default.removeItem(atPath: stores.bare)
            try git("init", "-q", "--bare", "--object-format=sha256", stores.bare, in: stores.scratch.path)
        }
        #expect(error.code == .unavailable, "\(error)")
        #expect(error.causes.contains { $0.contains("SHA-1") }, "\(error)")
        #expect(error.hint?.contains("`git init --bare --object-format=sha1`") == true, "\(error)")
    }

    @Test(
        "One of a kind that git does not know",
        arguments: Way.allCases,
        [["core.repositoryformatversion=9"], ["core.repositoryformatversion=1", "extensions.x=1"]])
    func otherKind(way: Way, settings: [String]) throws {
        let error = try error(way) { stores in
            for setting in settings {
                let parts = setting.split(separator: "=").map(String.init)
                try git("config", parts[0], parts[1], in: stores.bare)
            }
        }
        #expect(error.code == .unavailable, "\(error)")
        #expect(error.hint?.contains("use another repository") == true, "\(error)")
    }

    @Test(
        "One whose refs or settings are damaged", arguments: Way.allCases,
        [("packed-refs", "packed"), ("config", "config")])
    func damaged(way: Way, file: (name: String, said: String)) throws {
        let error = try error(way) { stores in
            let path = "\(stores.bare)/\(file.name)"
            let old = FileManager.default.contents(atPath: path) ?? Data()
            try (old + Data("[garbage\u{1}\n".utf8)).write(to: URL(filePath: path))
        }
        #expect(error.code == .corrupt, "\(error)")
        #expect(error.causes.contains { $0.contains(file.said) }, "\(error)")
        #expect(error.hint != nil)
    }
}
