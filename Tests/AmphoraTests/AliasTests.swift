import AmphoraGit
import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Aliases")
struct AliasTests {
    private let best: Alias
    private let data: ArtifactName

    init() throws {
        best = try Alias("best")
        data = try ArtifactName("data")
    }

    @Test("An alias is made, moved and removed, and each says what it was before")
    func setMoveRemove() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        let second = try test.put(["a": "2"])
        #expect(try test.store.setAlias(best, to: first) == nil)
        #expect(try test.store.version("data:best") == first)
        #expect(try test.store.setAlias(best, to: second) == first.commitID)
        #expect(try git("rev-parse", "refs/heads/data/best", in: test.folder) == "\(second.commitID)\n")
        #expect(try test.store.setAlias(best, to: second) == second.commitID)
        #expect(try test.store.removeAlias(best, of: data) == second.commitID)
        #expect(try test.refs("refs/heads") == ["refs/heads/data/latest"])
        #expect(try test.store.version("data:v1") == second)
    }

    @Test("Moves of an alias are in its reflog")
    func reflog() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        let second = try test.put(["a": "2"])
        try test.store.setAlias(best, to: first)
        try test.store.setAlias(best, to: second)
        let log = try git("reflog", "--format=%H %gs", "refs/heads/data/best", in: test.folder)
        #expect(log == "\(second.commitID) amphora: alias set\n\(first.commitID) amphora: alias set\n")
    }

    @Test("A version logged again under an alias moves it")
    func byLogging() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"], aliases: ["best"])
        let second = try test.put(["a": "2"], aliases: ["best", "other"])
        #expect(try first.aliases().isEmpty)
        #expect(try second.aliases().map(\.rawValue) == ["latest", "best", "other"])
    }

    @Test("Latest can be neither set nor removed")
    func latest() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.put(["a": "2"])
        for error in [
            try failure { try test.store.setAlias(.latest, to: version) },
            try failure { try test.store.removeAlias(.latest, of: data) },
        ] {
            #expect(error.code == .invalidArgument)
            #expect(
                error.message
                    == "'latest' cannot be moved or removed: it follows the newest version by itself")
        }
        #expect(try test.store.version("data").description == "data:v1")
    }

    @Test("Removing an alias that is not there says what there is")
    func removeNothing() throws {
        let test = try TestStore()
        try test.put(["a": "1"], aliases: ["good"])
        let error = try failure { try test.store.removeAlias(best, of: data) }
        #expect(error.code == .notFound)
        #expect(error.message == "there is no alias 'data:best'")
        #expect(error.hint == "There are: latest, good.")
    }

    @Test("Aliases that git has packed are moved and removed, and the others stay")
    func packed() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"], aliases: ["best", "better", "good"])
        let second = try test.put(["a": "2"])
        try git("pack-refs", "--all", "--prune", in: test.folder)
        #expect(!test.scratch.exists("project/.amphora/refs/heads/data/best"))
        #expect(try test.store.removeAlias(best, of: data) == first.commitID)
        #expect(
            try test.refs("refs/heads") == ["better", "good", "latest"].map { "refs/heads/data/\($0)" })
        #expect(try test.store.setAlias(Alias("good"), to: second) == first.commitID)
        // The packed ref below the loose one must go as well, or the alias would come back.
        #expect(try test.store.removeAlias(Alias("good"), of: data) == second.commitID)
        #expect(try test.refs("refs/heads") == ["better", "latest"].map { "refs/heads/data/\($0)" })
        #expect(try test.put(["a": "3"]).description == "data:v2")
        try git("fsck", "--strict", in: test.folder)
    }

    @Test("Packed aliases go although a process died while it moved packed refs", arguments: [false, true])
    func deadLock(withVersion: Bool) throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"], aliases: ["best"])
        try git("pack-refs", "--all", "--prune", in: test.folder)
        let lock = try test.scratch.write("project/.amphora/packed-refs.lock", "")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: lock)
        if withVersion {
            try test.store.remove(version, force: true)
        } else {
            try test.store.removeAlias(best, of: data)
        }
        #expect(try test.refs("refs/heads") == (withVersion ? [] : ["refs/heads/data/latest"]))
        #expect(try test.reopened().verify().isSound)
    }

    @Test("An alias that plain git made or moved is seen")
    func byGit() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        let second = try test.put(["a": "2"])
        try git("branch", "-f", "data/best", "data/v0", in: test.folder)
        #expect(try test.store.version("data:best") == first)
        try git("branch", "-f", "data/best", "data/v1", in: test.folder)
        #expect(try test.store.version("data:best") == second)
        #expect(try test.store.aliases(of: data).map(\.alias) == [.latest, best])
    }

    @Test("An alias that points at no version of its artifact is reported, and can be set right")
    func astray() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let other = try test.put("other", ["b": "1"])
        for target in [other.commitID.description, "refs/amphora/root"] {
            try git("update-ref", "refs/heads/data/best", target, in: test.folder)
            let error = try failure { _ = try test.store.version("data:best") }
            #expect(error.code == .corrupt)
            let id = try git("rev-parse", target, in: test.folder).dropLast()
            #expect(
                error.message
                    == "the alias 'data:best' points at \(id), which is no version of 'data'")
        }
        #expect(try !test.store.verify().isSound)
        try test.store.setAlias(best, to: version)
        #expect(try test.store.version("data:best") == version)
        #expect(try test.store.verify().isSound)
    }

    @Test("All aliases are listed by artifact, latest first")
    func list() throws {
        let test = try TestStore()
        try test.put("b", ["a": "1"], aliases: ["zeta", "alpha"])
        try test.put("a", ["a": "1"], aliases: ["mid"])
        let listed = try test.store.allAliases().map { "\($0.artifact):\($0.alias)" }
        #expect(listed == ["a:latest", "a:mid", "b:latest", "b:alpha", "b:zeta"])
    }

    @Test("Latest is the highest number that is not deleted, whatever others have done meanwhile")
    func newest() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        let second = try test.put(["a": "2"])
        let latest = {
            try test.store.pool.with { try test.store.updateLatest(of: data, in: $0) }
            return try git("rev-parse", "data/latest", in: test.folder).dropLast()
        }
        let move = { (name: String, target: String) in
            _ = try git("update-ref", "refs/\(name)", target, in: test.folder)
        }
        // Of a remote only some versions came: there are gaps.
        try move("tags/data/v5", "\(second.commitID)")
        try git("tag", "-d", "data/v1", in: test.folder)
        try move("heads/data/latest", "\(first.commitID)")
        #expect(try latest() == "\(second.commitID)")
        #expect(try test.put(["a": "3"]).description == "data:v6")
        // Versions were deleted there.
        try test.store.remove(VersionName(data, VersionNumber(6)))
        try move("heads/data/latest", "data/v6")
        #expect(try latest() == "\(second.commitID)")
        try test.store.remove(VersionName(data, VersionNumber(5)))
        #expect(try latest() == "\(first.commitID)")
        // The same files again: only `latest` is settled.
        try move("heads/data/latest", "data/v6")
        #expect(try test.put(["a": "1"]) == first)
        #expect(try test.store.version("data:latest") == first)
    }
}
