import Amphora
import AmphoraObjects
import AmphoraSync
import Foundation
import TestSupport
import Testing

@Suite struct ExchangeTests {
    @Test(arguments: Way.allCases) func theFirstPushMakesAStore(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first", aliases: ["best"])
        try ada.put("data", "second")
        let report = try stores.origin(of: ada).push()
        #expect(report.isNewStore)
        #expect(
            report.sent.filter { !$0.name.hasPrefix("run") }.map(\.name) == [
                "data:v0", "data:v1", "data:best", "data:latest",
            ])
        #expect(try stores.refs(in: stores.bare) == stores.refs(in: ada.path))
        #expect(try stores.fsck(stores.bare) == "")
        // Nothing more to do, in either direction.
        #expect(try stores.origin(of: ada).push().sent.isEmpty)
        #expect(try stores.origin(of: ada).pull().changes.isEmpty)
    }

    @Test(arguments: Way.allCases) func aCloneHasTheCatalogueAndNoContent(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first", ["a": "one", "folder/b": "two"], aliases: ["best"])
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        #expect(try stores.refs(in: grace.path) == stores.refs(in: stores.bare))
        let version = try grace.version("data:best")
        #expect(version.note == "first")
        #expect(try grace.runs().map(\.links).first?.map(\.artifact) == ["data:v0"])
        let objects = try git(
            "cat-file", "--batch-all-objects", "--batch-check=%(objectname)", in: grace.path)
        #expect(!objects.contains("\(version.treeID)"))
        #expect(try stores.fsck(grace.path) == "")
        #expect(try git("symbolic-ref", "HEAD", in: grace.path) == "refs/heads/data/latest\n")
    }

    @Test(arguments: Way.allCases) func versionsThatWereLoggedApartAreNumberedOneAfterTheOther(way: Way)
        throws
    {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try ada.put("data", "of ada")
        try grace.put("data", "of grace")
        try grace.put("data", "of grace too")
        try grace.put("model", "trained", using: ["data:v1"])
        try stores.origin(of: ada).push()
        let report = try stores.origin(of: grace).push()
        #expect(
            report.changes.filter { $0.kind == .renumbered }.map { "\($0.name) \($0.newName ?? "")" } == [
                "data:v1 data:v2", "data:v2 data:v3",
            ])
        try stores.origin(of: ada).pull()
        for folder in [stores.bare, ada.path, grace.path] {
            #expect(
                try stores.subjects(in: folder) == [
                    "data:v0": "data: first", "data:v1": "data: of ada", "data:v2": "data: of grace",
                    "data:v3": "data: of grace too", "model:v0": "model: trained",
                ])
            #expect(try stores.fsck(folder) == "")
        }
        #expect(try stores.refs(in: ada.path) == stores.refs(in: stores.bare))
        #expect(try stores.refs(in: grace.path) == stores.refs(in: stores.bare))
        // The run that used what was v1 then still names the same content.
        for store in [ada, grace] {
            let run = try #require(try store.runs().first { $0.record.name == "trained" })
            let input = try #require(run.links.first { $0.role == .input })
            #expect(try store.version("data:v2").commitID == input.commitID)
        }
    }

    @Test(arguments: Way.allCases) func anAliasThatBothMovedIsAConflict(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        for note in ["first", "second", "third"] { try ada.put("data", note) }
        try ada.setAlias(Alias("best"), to: ada.version("data:v0"))
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try ada.setAlias(Alias("best"), to: ada.version("data:v1"))
        try grace.setAlias(Alias("best"), to: grace.version("data:v2"))
        try stores.origin(of: ada).push()
        let report = try stores.origin(of: grace).push()
        #expect(report.changes.map(\.kind) == [.conflict])
        #expect(report.sent.isEmpty)
        #expect(try grace.version("data:best").name.number == VersionNumber(2))
        let conflicts = try grace.aliasConflicts()
        #expect(conflicts.map(\.remote) == ["origin"])
        #expect(try conflicts.map(\.target) == [ada.version("data:v1").commitID])
        // It stays until somebody decides.
        #expect(try stores.origin(of: grace).pull().changes.map(\.kind) == [.conflict])
        try grace.resolveConflict(of: Alias("best"), ArtifactName("data"), taking: .ours)
        #expect(try grace.aliasConflicts().isEmpty)
        #expect(try stores.origin(of: grace).push().sent.map(\.name) == ["data:best"])
        #expect(try stores.origin(of: ada).pull().changes.map(\.name) == ["data:best"])
        #expect(try ada.version("data:best").name.number == VersionNumber(2))
    }

    /// The remote has moved its refs, and dies before it says so.
    @Test(arguments: [nil, "data:v3"] as [String?]) func aMoveWhoseAnswerNeverCameIsOurs(
        movedByOthers: String?
    ) throws {
        let stores = try SyncedStores(.git)
        let ada = try stores.store("ada")
        for note in ["first", "second", "third", "fourth"] { try ada.put("data", note) }
        try ada.setAlias(Alias("best"), to: ada.version("data:v0"))
        try stores.origin(of: ada).push()
        try ada.setAlias(Alias("best"), to: ada.version("data:v1"))
        let hook = try stores.scratch.write(
            program: "remote.git/hooks/reference-transaction",
            "#!/bin/sh\ntest $1 != committed || kill -9 $PPID\n")
        #expect(throws: RemoteFailure.self) { try stores.origin(of: ada).push() }
        try FileManager.default.removeItem(atPath: hook)
        let best = { try stores.refs(in: stores.bare)["refs/heads/data/best"] }
        #expect(try best() == "\(ada.version("data:v1").commitID)")
        if let movedByOthers {
            let grace = try stores.clone("grace")
            try grace.setAlias(Alias("best"), to: grace.version(VersionReference(movedByOthers)))
            try stores.origin(of: grace).push()
        }
        try ada.setAlias(Alias("best"), to: ada.version("data:v2"))
        let report = try stores.origin(of: ada).push()
        #expect(report.changes.map(\.kind) == (movedByOthers == nil ? [] : [.conflict]))
        #expect(report.sent.map(\.name) == (movedByOthers == nil ? ["data:best"] : []))
        if movedByOthers == nil {
            #expect(try git("for-each-ref", "refs/amphora/sending", in: ada.path) == "")
        }
    }

    @Test func theOthersAliasCanBeTaken() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        for note in ["first", "second"] { try ada.put("data", note) }
        try ada.setAlias(Alias("best"), to: ada.version("data:v0"))
        let grace = try stores.store("grace")
        try stores.origin(of: ada).push()
        try stores.origin(of: grace).pull()
        try grace.setAlias(Alias("best"), to: grace.version("data:v1"))
        try ada.put("data", "third")
        try ada.setAlias(Alias("best"), to: ada.version("data:v2"))
        try stores.origin(of: ada).push()
        try stores.origin(of: grace).pull()
        try grace.resolveConflict(of: Alias("best"), ArtifactName("data"), taking: .theirs(remote: nil))
        #expect(try grace.version("data:best").name.number == VersionNumber(2))
        #expect(try stores.origin(of: grace).push().sent.isEmpty)
        #expect(throws: NoAliasConflict.self) {
            try grace.resolveConflict(of: Alias("best"), ArtifactName("data"), taking: .ours)
        }
    }

    @Test(arguments: Way.allCases) func deletionsTravelInBothDirections(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        for note in ["first", "second", "third"] { try ada.put("data", note, aliases: ["a\(note)"]) }
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try grace.remove(grace.version("data:v2"), force: true)
        try stores.origin(of: grace).push()
        try ada.removeAlias(Alias("afirst"), of: ArtifactName("data"))
        let report = try stores.origin(of: ada).push()
        #expect(
            Set(report.changes.map { "\($0.name) \($0.kind)" }) == ["data:v2 removed", "data:athird removed"])
        #expect(report.sent.map { "\($0.name) \($0.kind)" } == ["data:afirst removed"])
        try stores.origin(of: grace).pull()
        #expect(try stores.refs(in: ada.path) == stores.refs(in: stores.bare))
        #expect(try stores.refs(in: grace.path) == stores.refs(in: stores.bare))
        #expect(try ada.version("data").name.number == VersionNumber(1))
    }

    @Test(arguments: Way.allCases) func aRunThatBothSavedIsMerged(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        let run = try ada.startRun(project: "test", jobType: "train", name: "both")
        try run.log(metrics: ["loss": 3], step: 0)
        try run.flush()
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        let other = try grace.resumeRun(run.id)
        try grace.put("data", "of grace")
        try other.use("data:v0")
        try other.log(metrics: ["loss": 1], step: 2)
        try other.finish()
        try stores.origin(of: grace).push()
        try ada.put("more", "of ada")
        try run.use("more:v0")
        try run.log(metrics: ["loss": 2], step: 1)
        try run.flush()
        let report = try stores.origin(of: ada).push()
        #expect(report.changes.contains { $0.kind == .merged })
        try stores.origin(of: grace).pull()
        #expect(try stores.refs(in: grace.path) == stores.refs(in: ada.path))
        for store in [ada, grace] {
            let info = try store.run("both")
            #expect(Set(info.links.map(\.artifact)) == ["data:v0", "more:v0"])
            var losses: [JSONValue] = []
            try store.history(of: run.id) { losses.append($0["loss"] ?? .null) }
            #expect(Set(losses) == [3, 2, 1])
            #expect(losses.count == 3)
        }
    }

    @Test(arguments: Way.allCases) func whatARemoteRenumbersForItsOwnUpstreamIsFollowed(way: Way) throws {
        let stores = try SyncedStores(way)
        let hub = try stores.store("hub")
        try hub.put("data", "first")
        try stores.origin(of: hub).push()
        let other = try stores.clone("other")
        try other.put("data", "theirs")
        let ours = try hub.put("data", "ours", aliases: ["best"])
        let leaf = try Store.clone(
            from: way.address(of: hub.path), to: stores.scratch("leaf"),
            surroundings: stores.surroundings("leaf"),
            through: stores.network
        ).store
        try leaf.put("data", "leaf", using: ["data:v1"])
        try stores.origin(of: other).push()
        // The hub makes room for theirs, when a leaf has its own already.
        try stores.origin(of: hub).pull()
        // Git serves only what is here.
        let needs = try hub.versions(of: ArtifactName("data")).map { ContentNeed($0) }
        try RemoteContent([stores.origin(of: hub)]).bring(needs, into: hub)
        let report = try stores.origin(of: leaf).pull()
        let renumbered = report.changes.filter { $0.kind == .renumbered }.map {
            "\($0.name) \($0.newName ?? "")"
        }
        #expect(renumbered == ["data:v1 data:v2", "data:v2 data:v3"])
        #expect(report.changes.count == 3, "and the others' run: \(report.changes)")
        #expect(try leaf.version("data:v2").commitID == ours.commitID)
        #expect(try leaf.version("data:best").name.description == "data:v2")
        try stores.origin(of: leaf).push()
        #expect(
            try stores.subjects(in: hub.path) == [
                "data:v0": "data: first", "data:v1": "data: theirs", "data:v2": "data: ours",
                "data:v3": "data: leaf",
            ])
        #expect(try stores.subjects(in: leaf.path) == stores.subjects(in: hub.path))
        #expect(try stores.fsck(hub.path) == "")
    }

    @Test(arguments: Way.allCases) func aRewrittenVersionIsRefused(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try ada.put("data", "second")
        try stores.origin(of: ada).push()
        try git("update-ref", "refs/tags/data/v1", "refs/tags/data/v0", in: stores.bare)
        try ada.put("data", "third")
        let before = try stores.refs(in: ada.path)
        for body in [{ _ = try stores.origin(of: ada).pull() }, { _ = try stores.origin(of: ada).push() }] {
            let report = try failure { try body() }
            #expect(report.code == .conflict)
            #expect(report.causes.first?.contains("data:v1") == true)
        }
        #expect(try stores.refs(in: ada.path) == before)
        // Forgetting what was agreed on keeps both.
        try ada.removeRemote("origin")
        try ada.addRemote("origin", at: stores.address, through: stores.network)
        try stores.origin(of: ada).push()
        #expect(
            try ada.versions(of: ArtifactName("data")).map(\.subject) == [
                "first", "first", "second", "third",
            ])
    }

    @Test(arguments: Way.allCases) func oneVersionIsPushedWithItsRunsAndNothingElse(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "raw")
        try ada.put("model", "first")
        try ada.put("model", "second", aliases: ["best"], using: ["data"])
        try ada.put("model", "third")
        let report = try stores.origin(of: ada).push(.versions([VersionReference("model:best")]))
        let run = try #require(try ada.runs().first { $0.record.name == "second" })
        #expect(report.sent.map(\.name) == ["model:v1", "run \(run.id)", "model:best", "model:latest"])
        #expect(
            try Set(stores.refs(in: stores.bare).keys) == [
                "refs/tags/model/v1", "refs/heads/model/best", "refs/heads/model/latest",
                "refs/notes/runs/\(run.id)",
            ])
        #expect(try stores.fsck(stores.bare) == "")
        // The rest follows later.
        try stores.origin(of: ada).push()
        #expect(try stores.refs(in: stores.bare) == stores.refs(in: ada.path))
    }

    @Test(arguments: Way.allCases) func aTrialChangesNothing(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try ada.put("data", "of ada")
        try stores.origin(of: ada).push()
        try grace.put("data", "of grace")
        let before = (try stores.refs(in: grace.path), try stores.refs(in: stores.bare))
        let pull = try stores.origin(of: grace).pull(isTrial: true)
        #expect(pull.changes.first { $0.kind == .renumbered }?.newName == "data:v2")
        let push = try stores.origin(of: grace).push(isTrial: true)
        #expect(push.sent.first?.name == "data:v2")
        #expect(try stores.refs(in: grace.path) == before.0)
        #expect(try stores.refs(in: stores.bare) == before.1)
        // What was foretold is what is done.
        #expect(try stores.origin(of: grace).push().sent == push.sent)
    }

    @Test(arguments: Way.allCases) func otherRepositoriesAreNotTakenForStores(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        #expect(
            try failure { try stores.origin(of: ada).pull() }.causes.first?.contains(
                "nothing in the repository") == true)
        try git("init", "-q", "code", in: stores.scratch.path)
        try git("commit", "-q", "--allow-empty", "-m", "code", in: stores.scratch("code"))
        try git(
            "push", "-q", stores.bare, "HEAD:refs/heads/main", "HEAD:refs/heads/fix/data",
            in: stores.scratch("code"))
        let report = try failure { try stores.origin(of: ada).push() }
        #expect(report.causes.first?.contains("not a store") == true)
        #expect(report.hint?.contains("push --init") == true)
        #expect(try stores.refs(in: stores.bare).count == 2)
        // With the owner's word for it, both live together.
        try stores.origin(of: ada).push(makingStore: true)
        let grace = try stores.clone("grace")
        #expect(try stores.refs(in: grace.path) == stores.refs(in: ada.path))
        #expect(try stores.refs(in: stores.bare).count == stores.refs(in: ada.path).count + 2)
    }

    @Test(arguments: Way.allCases) func tagsThatAreNoVersionsAreLeftOut(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        try git("tag", "data/v7", "refs/amphora/root", in: stores.bare)
        try git("tag", "-a", "-m", "note", "data/v8", "data/v0", in: stores.bare)
        try git("tag", "good", "data/v0", in: stores.bare)
        let grace = try stores.store("grace")
        let report = try stores.origin(of: grace).pull()
        #expect(report.fetched.strangeNames == ["data:v7", "data:v8"])
        #expect(try stores.refs(in: grace.path) == stores.refs(in: ada.path))
    }

    @Test(arguments: Way.allCases) func aNumberThatATagOfOthersHasIsPassedOver(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        try git("tag", "-a", "-m", "note", "data/v1", "data/v0", in: stores.bare)
        try git("update-ref", "refs/heads/data/best", "refs/amphora/root", in: stores.bare)
        try ada.put("data", "second", aliases: ["best"])
        let report = try stores.origin(of: ada).push()
        #expect(report.changes.map(\.newName) == ["data:v2"])
        #expect(report.sent.first { $0.name == "data:v2" }?.refusal == nil)
        #expect(report.sent.first { $0.name == "data:best" }?.refusal != nil)
        #expect(try git("cat-file", "-t", "data/v1", in: stores.bare) == "tag\n")
        #expect(try stores.fsck(stores.bare) == "")
        // What others have there is not taken for an alias.
        let grace = try stores.clone("grace")
        #expect(try grace.aliases(of: ArtifactName("data")).map(\.alias) == [.latest])
    }

    @Test(arguments: Way.allCases) func aRunNamesVersionsAsTheyAreCalledNow(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        let grace = try stores.store("grace")
        try ada.put("data", "of ada")
        try grace.put("data", "of grace")
        try grace.put("report", "read", using: ["data:v0"])
        try stores.origin(of: ada).push()
        try stores.origin(of: grace).push()
        let run = try grace.run("read")
        #expect(run.links.filter { $0.role == .input }.map(\.artifact) == ["data:v1"])
        #expect(
            try grace.runs().first { $0.id == run.id }?.links.filter { $0.role == .input }.map(\.artifact)
                == ["data:v1"])
    }

    @Test(arguments: Way.allCases) func whatPlainGitPushedIsSeen(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first", ["file": "one"])
        try ada.put("data", "second", ["file": "two"])
        try stores.origin(of: ada).push()
        try git("clone", "-q", "-b", "data/latest", stores.bare, "plain", in: stores.scratch.path)
        #expect(try stores.scratch.read("plain/file") == Array("two".utf8))
        let plain = stores.scratch("plain")
        try git("branch", "-q", "-f", "data/best", "data/v0", in: plain)
        try git("push", "-q", "origin", "data/best", in: plain)
        #expect(try stores.origin(of: ada).pull().changes.map(\.name) == ["data:best"])
        #expect(try ada.version("data:best").name.number == .first)
        #expect(try git("fetch", "-q", "origin", in: ada.path) == "")
        #expect(try stores.origin(of: ada).pull().changes.isEmpty)
    }

    @Test(arguments: Way.allCases) func aCloneThatFailsLeavesNothing(way: Way) throws {
        let stores = try SyncedStores(way)
        let empty = try failure { _ = try stores.clone("grace") }
        #expect(empty.message == "cannot clone '\(stores.address)'")
        #expect(empty.causes == ["there is nothing in the repository yet"])
        #expect(!stores.scratch.exists("grace"))
        let address = way.address(of: stores.scratch("nowhere.git"))
        let report = try failure {
            _ = try Store.clone(from: address, to: stores.scratch("lost"), through: stores.network)
        }
        #expect(report.message == "cannot clone '\(address)'")
        #expect(report.hint == "Check the address; nothing was made here.")
        #expect(!stores.scratch.exists("lost"))
        // What an earlier try has left stays.
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try FileManager.default.removeItem(atPath: stores.bare)
        let again = try failure { _ = try stores.clone("grace") }
        #expect(
            again.message == "cannot go on with the clone of '\(stores.address)' in '\(grace.path)'")
        #expect(try grace.version("data").note == "first")
    }

    @Test(arguments: Way.allCases) func oneVersionGoesToARemoteThatOthersHavePushedTo(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "of ada")
        try stores.origin(of: ada).push()
        // Who has never looked at the remote does not know its `latest`.
        let grace = try stores.store("grace")
        try grace.put("data", "of grace")
        let report = try stores.origin(of: grace).push(.versions([VersionReference("data")]))
        #expect(report.sent.map(\.name).contains("data:v1"))
        #expect(
            try stores.subjects(in: stores.bare) == ["data:v0": "data: of ada", "data:v1": "data: of grace"])
        let refs = try stores.refs(in: stores.bare)
        #expect(refs["refs/heads/data/latest"] == refs["refs/tags/data/v1"])
    }

    /// It brings no trees, as the settings of the remote say.
    @Test(arguments: Way.allCases) func runsAreWholeAfterAPlainFetch(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let grace = try stores.store("grace")
        try git("config", "remote.origin.url", "file://\(stores.bare)", in: grace.path)
        try git("fetch", "-q", "origin", in: grace.path)
        try git("config", "remote.origin.url", stores.address, in: grace.path)
        try stores.origin(of: grace).pull()
        #expect(try grace.runs().map(\.record.name) == ["first"])
        #expect(try stores.fsck(grace.path) == "")
    }

    @Test func branchesOfOtherThingsStay() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        let version = try ada.put("data", "first")
        try git("update-ref", "refs/heads/feature/x", "\(version.commitID)", in: ada.path)
        try stores.origin(of: ada).push()
        #expect(try stores.refs(in: stores.bare)["refs/heads/data/latest"] != nil)
        #expect(try stores.refs(in: stores.bare)["refs/heads/feature/x"] == nil)
    }

    @Test func cloningAgainGoesOn() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        _ = try stores.clone("grace")
        try ada.put("data", "second")
        try stores.origin(of: ada).push()
        #expect(try stores.clone("grace").versions(of: ArtifactName("data")).count == 2)
        // A store of something else is left alone.
        let lin = try Store.create(at: stores.scratch("lin"), surroundings: stores.surroundings("lin"))
        #expect(throws: StoreError.self) { try stores.clone("lin") }
        #expect(try lin.artifactNames().isEmpty)
    }
}
