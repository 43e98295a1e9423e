import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Remotes in which some versions are damaged or hostile")
struct DamagedVersionsTests {
    /// Good versions of three artifacts, and bad ones of `bad` that somebody made with git: what is wrong, by name.
    private func forge(_ stores: SyncedStores) throws -> [String: String] {
        let ada = try stores.store("ada")
        for name in ["a", "bad", "z"] { for note in ["first", "second"] { try ada.put(name, note) } }
        try stores.origin(of: ada).push()
        let blob = try hash(Array("x".utf8), "blob", in: stores)
        let damaged = try hash(randomBytes(count: 5000, seed: 1), "blob", in: stores)
        let path =
            "\(stores.bare)/objects/\(damaged.description.prefix(2))/\(damaged.description.dropFirst(2))"
        let trees = [
            "..": try tree("100644", "..", blob, in: stores),
            ".git": try tree("100644", ".git", blob, in: stores),
            "mode": try tree("100000", "x", blob, in: stores), "no tree": try ObjectID(hex: digits("1")),
            "no blob": try tree("100644", "x", ObjectID(hex: digits("2")), in: stores),
            "damaged blob": try tree("100644", "x", damaged, in: stores),
        ]
        var names: [String: String] = [:]
        for (number, (what, tree)) in trees.sorted(by: { $0.key < $1.key }).enumerated() {
            let text = try git("cat-file", "commit", "refs/tags/bad/v0", in: stores.bare)
            let commit = "tree \(tree)\n" + text.drop { $0 != "\n" }.dropFirst()
            let id = try hash(Array(commit.utf8), "commit", in: stores)
            try git("update-ref", "refs/tags/bad/v\(number + 2)", "\(id)", in: stores.bare)
            names["bad:v\(number + 2)"] = what
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try Data("damaged".utf8).write(to: URL(filePath: path))
        return names
    }

    private func digits(_ digit: String) -> String { String(repeating: digit, count: 40) }

    private func hash(_ bytes: [UInt8], _ kind: String, in stores: SyncedStores) throws -> ObjectID {
        let file = try stores.scratch.write("object", bytes)
        return try ObjectID(
            hex: git("hash-object", "-t", kind, "-w", "--literally", "--no-filters", file, in: stores.bare))
    }

    private func tree(_ mode: String, _ name: String, _ id: ObjectID, in stores: SyncedStores) throws
        -> ObjectID
    {
        var bytes = Array("\(mode) \(name)\0".utf8)
        id.append(to: &bytes)
        return try hash(bytes, "tree", in: stores)
    }

    private static let good: Set<String> = ["a:v0", "a:v1", "bad:v0", "bad:v1", "z:v0", "z:v1"]

    /// All versions whose files are here.
    private func whole(in store: Store) throws -> Set<String> {
        Set(try store.allVersions().filter { (try? store.verify(only: $0)) != nil }.map(\.description))
    }

    private func bring(_ store: Store, _ stores: SyncedStores) throws -> ContentUnavailable? {
        do {
            try RemoteContent([stores.origin(of: store)]).fetch(store.contentNeeds(), into: store)
            return nil
        } catch {
            return try #require(error as? ContentUnavailable, "\(error)")
        }
    }

    @Test("All others come, and what is wrong with each is said", arguments: Way.allCases)
    func others(way: Way) throws {
        let stores = try SyncedStores(way)
        let bad = try forge(stores)
        let grace = try stores.store("grace")
        let pulled = try stores.origin(of: grace).pull()
        // Git's server cannot tell of a commit without looking for its tree.
        let reasons = pulled.fetched.damage?.reasons ?? [:]
        #expect(Set(reasons.keys) == Set(way == .git ? bad.filter { $0.value == "no tree" }.keys : [:].keys))
        let error = try #require(try bring(grace, stores))
        #expect(
            Set(error.owners.map(\.description))
                == Set(bad.keys.filter { reasons[$0] == nil }.map { "'\($0)'" }))
        #expect(error.code == .unavailable && !error.fetched.isEmpty)
        let causes = ErrorReport(error).causes
        #expect(causes.count == error.owners.count)
        #expect(causes.allSatisfy { $0.contains(": origin: ") }, "\(causes)")
        #expect(try whole(in: grace) == Self.good)
        #expect(try stores.fsck(grace.path) == "")
        // The same again, and nothing comes twice.
        #expect(
            try stores.origin(of: grace).pull().fetched.damage?.reasons.keys
                == pulled.fetched.damage?.reasons.keys)
        #expect(try bring(grace, stores)?.fetched == [])
        // Nobody is kept from working on.
        try grace.put("a", "third")
        let pushed = try stores.origin(of: grace).push()
        #expect(pushed.sent.allSatisfy { $0.refusal == nil } && pushed.sent.contains { $0.name == "a:v2" })
    }

    @Test("A server that sends whole versions keeps none from coming but those")
    func withoutFilter() throws {
        let stores = try SyncedStores(.git)
        let bad = try forge(stores)
        try git("config", "uploadpack.allowFilter", "false", in: stores.bare)
        let grace = try stores.store("grace")
        let pulled = try stores.origin(of: grace).pull()
        #expect(Set(pulled.fetched.damage?.reasons.keys ?? [:].keys) == Set(bad.keys))
        #expect(Set(try grace.allVersions().map(\.description)) == Self.good)
        #expect(try bring(grace, stores) == nil)
        #expect(try stores.fsck(grace.path) == "")
        #expect(try grace.verify().isSound)
    }

    @Test("A ref that points at nothing is named, and what was known of it stays")
    func danglingRef() throws {
        let stores = try SyncedStores(.folder)
        let ada = try stores.store("ada")
        try ada.put("data", "first", aliases: ["best"])
        try stores.origin(of: ada).push()
        let grace = try stores.clone("grace")
        try ada.put("data", "second")
        try ada.put("more", "other")
        try stores.origin(of: ada).push()
        try Data("\(digits("3"))\n".utf8).write(to: URL(filePath: "\(stores.bare)/refs/heads/data/best"))
        let report = try stores.origin(of: grace).pull()
        #expect(report.fetched.damage.map { Array($0.reasons.keys) } == ["data:best"])
        #expect(try grace.version("data:best").name.number == .first)
        #expect(try grace.version("data:v1").subject == "second")
        #expect(try grace.version("more").subject == "other")
        try grace.setAlias(Alias("best"), to: grace.version("data:v1"))
        let pushed = try stores.origin(of: grace).push()
        #expect(pushed.sent.map(\.name) == ["data:best"])
        #expect(pushed.sent.first?.refusal == "what is there cannot be read")
    }

    @Test("Versions whose refs cannot be read keep their numbers and aliases here", arguments: Way.allCases)
    func emptiedTags(way: Way) throws {
        let stores = try SyncedStores(way)
        let ada = try stores.store("ada")
        try ada.put("data", "first", aliases: ["best"])
        try ada.put("data", "second")
        try stores.origin(of: ada).push()
        let before = try stores.refs(in: ada.path)
        for name in ["v0", "v1"] {
            try Data().write(to: URL(filePath: "\(stores.bare)/refs/tags/data/\(name)"))
        }
        // With what was known of the remote, and without.
        for isNew in [false, true] {
            if isNew {
                try ada.removeRemote("origin")
                try ada.addRemote("origin", at: stores.address, through: stores.network)
            }
            let report = try stores.origin(of: ada).pull()
            #expect(Set(report.fetched.damage?.reasons.keys ?? [:].keys) == ["data:v0", "data:v1"])
            #expect(report.changes == [])
            #expect(try stores.refs(in: ada.path) == before)
        }
    }

    @Test("What is bad is found by halves; what says nothing of single things is not looked into")
    func halves() throws {
        var calls: [[Int]] = []
        let faults = try Isolation.faults(among: Array(0..<8)) { items in
            calls.append(items)
            if items.contains(5) { throw NotOnRemote(ids: []) }
        }
        #expect(faults.map(\.item) == [5])
        #expect(calls == [Array(0..<8), [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]])
        calls = []
        #expect(throws: ContentAbsent.self) {
            _ = try Isolation.faults(among: [1, 2]) { items in
                calls.append(items)
                throw ContentAbsent(owner: .version(VersionName(try ArtifactName("a"), .first)))
            }
        }
        #expect(calls == [[1, 2]])
        #expect(try Isolation.faults(among: [Int]()) { _ in Issue.record("nothing to bring") }.isEmpty)
    }
}
