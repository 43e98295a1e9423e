import Amphora
import AmphoraObjects
import AmphoraSync
import Foundation
import TestSupport
import Testing

@Suite struct RemotesTests {
    @Test func remotesAreOrdinaryConfigurationOfGit() throws {
        let stores = try SyncedStores(.folder)
        let store = try Store.create(at: stores.scratch("ada"), surroundings: stores.surroundings("ada"))
        try store.addRemote("origin", at: "remote.git", through: stores.network)
        #expect(try git("remote", "get-url", "origin", in: store.path) == "\(stores.bare)\n")
        #expect(
            try git("config", "--get-all", "remote.origin.fetch", in: store.path).split(separator: "\n") == [
                "+refs/heads/*:refs/remotes/origin/heads/*", "+refs/tags/*:refs/remotes/origin/tags/*",
                "+refs/notes/*:refs/remotes/origin/notes/*",
            ])
        for (key, value) in [("tagopt", "--no-tags"), ("promisor", "true"), ("partialclonefilter", "tree:0")]
        {
            #expect(try git("config", "remote.origin.\(key)", in: store.path) == "\(value)\n")
        }
        #expect(throws: RemoteExists.self) {
            try store.addRemote("origin", at: "elsewhere", through: stores.network)
        }
        for name in ["", "a b", "../x", "-x", "a/b"] {
            #expect(throws: InvalidRemoteName.self) {
                try store.addRemote(name, at: "elsewhere", through: stores.network)
            }
        }
        #expect(try store.remotes(through: stores.network).map(\.name) == ["origin"])
    }

    @Test(arguments: [
        ("../remote.git", "$/remote.git"), (".././x/../remote.git/", "$/remote.git"),
        ("$/here/./../remote.git", "$/remote.git"), ("link/../remote.git", "$/deep/remote.git"),
        ("link/remote.git", "$/here/link/remote.git"), ("../../../../../../../../../../x", "/x"),
    ])
    func aFolderIsKeptAsItCanBeUsedFromAnywhere(text: String, kept: String) throws {
        let stores = try SyncedStores(.folder)
        let root = stores.scratch.path
        for folder in ["x", "deep/er"] { try stores.scratch.write("\(folder)/file", "") }
        var surroundings = stores.surroundings("ada")
        let here = "\(root)/here"
        surroundings.currentFolder = { here }
        let store = try Store.create(at: ".", surroundings: surroundings)
        try FileManager.default.createSymbolicLink(
            atPath: "\(here)/link", withDestinationPath: "\(root)/deep/er")
        try store.addRemote("origin", at: text.replacing("$", with: root), through: stores.network)
        #expect(
            try git("remote", "get-url", "origin", in: store.path)
                == "\(kept.replacing("$", with: root))\n")
    }

    @Test(arguments: Way.allCases) func aProjectStandsForTheStoreInIt(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try Store.create(at: stores.scratch("a da"), surroundings: stores.surroundings("ada"))
        try ada.put("data", "first")
        let address = way.address(of: stores.scratch("a da"))
        for (index, text) in [address, address.replacing(" ", with: "%20")].enumerated()
        where way == .git || index == 0 {
            let grace = try Store.clone(
                from: text, to: stores.scratch("grace \(index)"), surroundings: stores.surroundings("grace"),
                through: stores.network
            ).store
            #expect(try grace.version("data:v0").note == "first")
            try grace.put("data", "second \(index)")
            #expect(try stores.origin(of: grace).push().sent.contains { $0.name == "data:v\(index + 1)" })
        }
    }

    @Test func aRenamedRemoteIsTheSameRemote() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let seen = { (name: String) in
            try git("for-each-ref", "refs/remotes/\(name)", "refs/amphora/synced/\(name)", in: ada.path)
                .replacing("/\(name)/", with: "/R/")
        }
        let before = try seen("origin")
        #expect(!before.isEmpty)
        try ada.renameRemote("origin", to: "team")
        #expect(try seen("team") == before)
        #expect(try seen("origin") == "")
        #expect(
            try git("config", "--get-all", "remote.team.fetch", in: ada.path).contains(
                "refs/remotes/team/tags/*"))
        #expect(try ada.remote(through: stores.network).name == "team")
        #expect(try ada.remote("team", through: stores.network).push().sent.isEmpty)
    }

    @Test func aRenameThatWasInterruptedIsCompleted() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        try ada.put("data", "first", aliases: ["best"])
        try stores.origin(of: ada).push()
        let seen = { (name: String) in
            try git(
                "for-each-ref", "--format=%(objectname) %(refname)", "refs/remotes/\(name)",
                "refs/amphora/synced/\(name)", in: ada.path
            ).replacing("/\(name)/", with: "/R/")
        }
        let before = try seen("origin")
        let best = "\(try ada.version("data:best").commitID)"
        // Before the configuration was written, some is there under both names; and what a former remote left.
        for name in ["remotes/team/heads/data/best", "amphora/synced/team/tags/other/v0"] {
            try git("update-ref", "refs/\(name)", "refs/amphora/root", in: ada.path)
        }
        try ada.renameRemote("origin", to: "team")
        #expect(try seen("team") == before && seen("origin") == "")
        // After it was written, some is still there under the old name.
        try git("update-ref", "refs/amphora/synced/origin/heads/data/best", best, in: ada.path)
        try ada.renameRemote("origin", to: "team")
        #expect(try seen("team") == before && seen("origin") == "")
        #expect(throws: NoSuchRemote.self) { try ada.renameRemote("origin", to: "team") }
        #expect(try ada.remote("team", through: stores.network).push().sent.isEmpty)
    }

    @Test func aNameThatGitAloneAllowsIsRefusedUntilItIsChanged() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let grace = try Store.create(at: stores.scratch("grace"), surroundings: stores.surroundings("grace"))
        try git("remote", "add", "team/main", stores.bare, in: grace.path)
        try git("fetch", "-q", "team/main", in: grace.path)
        for name in [nil, "team/main"] {
            let error = try failure { _ = try grace.remote(name, through: stores.network) }
            #expect(error.code == .invalidArgument)
            #expect(error.hint?.contains("amphora remote rename team/main NAME") == true)
        }
        #expect(try grace.remotes(through: stores.network).isEmpty)
        try grace.renameRemote("team/main", to: "team")
        #expect(try git("remote", in: grace.path) == "team\n")
        try grace.remote("team", through: stores.network).pull()
        #expect(try grace.version("data").note == "first")
    }

    @Test func whatIsKnownOfARemoteGoesWithIt() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        try ada.put("data", "first")
        try stores.origin(of: ada).push()
        let before = try stores.refs(in: ada.path)
        try ada.removeRemote("origin")
        #expect(try git("remote", in: ada.path) == "")
        #expect(try git("for-each-ref", "refs/remotes", "refs/amphora/synced", in: ada.path) == "")
        #expect(try stores.refs(in: ada.path) == before)
        // Plain git leaves what it does not know.
        try git("update-ref", "refs/amphora/synced/origin/tags/data/v0", "refs/amphora/root", in: ada.path)
        try ada.addRemote("origin", at: stores.address, through: stores.network)
        try stores.origin(of: ada).push()
        try ada.removeRemote("origin")
        for body in [{ try ada.removeRemote("origin") }, { try ada.renameRemote("origin", to: "x") }] {
            #expect(throws: NoSuchRemote.self) { try body() }
        }
        #expect(throws: NoSuchRemote.self) { try ada.remote(through: stores.network) }
    }

    @Test func aRemoteIsNotTakenForOneWhoseNameItBegins() throws {
        let stores = try SyncedStores(.folder)
        let store = try stores.store("ada")
        try store.addRemote("origin.backup", at: "backup.git", through: stores.network)
        try store.renameRemote("origin", to: "team")
        #expect(try store.remotes(through: stores.network).map(\.name) == ["origin.backup", "team"])
        try store.addRemote("origin", at: "remote.git", through: stores.network)
        try store.removeRemote("origin")
        #expect(try store.remotes(through: stores.network).map(\.name) == ["origin.backup", "team"])
        #expect(
            try git("config", "--get-all", "remote.origin.backup.fetch", in: store.path).split(
                separator: "\n"
            )
            .count == 3)
    }

    @Test func ofSeveralRemotesOneMustBeNamed() throws {
        let stores = try SyncedStores(.folder)
        let store = try Store.create(at: stores.scratch("ada"), surroundings: stores.surroundings("ada"))
        try store.addRemote("one", at: "one.git", through: stores.network)
        #expect(try store.remote(through: stores.network).name == "one")
        try store.addRemote("two", at: "two.git", through: stores.network)
        #expect(
            try failure { _ = try store.remote(through: stores.network) }.hint?.contains("one, two") == true)
        try store.addRemote("origin", at: "three.git", through: stores.network)
        #expect(try store.remote(through: stores.network).name == "origin")
    }
}
