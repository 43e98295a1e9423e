import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Folders that are no good remotes")
struct FolderDamageTests {
    private let fixture: FolderFixture
    private let source: Store
    private var store: Store { fixture.store }

    init() throws {
        fixture = try FolderFixture()
        source = try FolderFixture.makeStore(at: fixture.scratch("source"))
        try FolderFixture.log("data", FolderFixture.files(seed: 1), in: source)
    }

    /// What git and the store say is as before.
    private func expectRefused(
        _ path: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ request: ObjectRequest
    ) throws {
        let before = try FolderFixture.objects(of: store.path)
        let error = #expect(throws: (any Error).self, "\(what)", sourceLocation: sourceLocation) {
            _ = try FolderTransport(to: path, for: store).fetch(request, progress: nil)
        }
        if let error {
            let report = ErrorReport(error)
            #expect([.corrupt, .notFound].contains(report.code), "\(what): \(report.message)")
        }
        #expect(
            try FolderFixture.objects(of: store.path) == before, "\(what)", sourceLocation: sourceLocation)
        #expect(try FolderFixture.leftovers(in: store.path) == "", "\(what)", sourceLocation: sourceLocation)
    }

    @Test("A flipped byte of a pack or its index is never taken over", arguments: ["pack", "idx"])
    func flippedPack(suffix: String) throws {
        let path = try fixture.makeRemote()
        try FolderFixture.push(source, to: path)
        let folder = "remote.git/objects/pack"
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: fixture.scratch(folder))
                .first { $0.hasSuffix(".\(suffix)") })
        let whole = try fixture.scratch.read("\(folder)/\(name)")
        let tree = try source.version("data:v0").treeID.objectID
        var wrongCount = 0
        // Of an index behind its table of first bytes.
        let start = suffix == "pack" ? 12 : 8 + 1024
        let spread = (1..<12).map { start + $0 * (whole.count - start - 60) / 12 }
        // First what is surely needed: what was fetched once is not looked at again.
        let id = stride(from: 0, to: 40, by: 2).map {
            UInt8(tree.description.dropFirst($0).prefix(2), radix: 16)
        }
        let needed = whole.indices.first { whole[$0...].lazy.map(Optional.init).starts(with: id) }
        for offset in [needed].compactMap(\.self) + spread {
            var bytes = whole
            bytes[offset] ^= 0x20
            try fixture.scratch.write("\(folder)/\(name)", bytes)
            let before = try FolderFixture.objects(of: store.path)
            do {
                let transport = try FolderTransport(to: path, for: store)
                _ = try transport.fetch(.content(trees: [tree], blobs: []), progress: nil)
                // The byte is of what nobody needed.
                try FolderFixture.fsck(store.path)
            } catch {
                wrongCount += 1
                #expect(
                    [.corrupt, .notFound].contains(ErrorReport(error).code), "\(ErrorReport(error).message)")
                #expect(try FolderFixture.objects(of: store.path) == before)
            }
            #expect(try FolderFixture.leftovers(in: store.path) == "")
        }
        #expect(wrongCount > 0)
        // The rest, once it is mended.
        try fixture.scratch.write("\(folder)/\(name)", whole)
        try FolderFixture.fetch(path, into: store)
        try FolderFixture.check(store)
    }

    @Test("A flipped byte of a loose object is never taken over")
    func flippedLoose() throws {
        let path = try fixture.makeRemote()
        let text = try run("git", ["hash-object", "-w", "--stdin"], in: path, input: "some words\n").output
        let id = try ObjectID(hex: text)
        let digits = id.description
        let file = "remote.git/objects/\(digits.prefix(2))/\(digits.dropFirst(2))"
        let whole = try fixture.scratch.read(file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.scratch(file))
        // Before the checksum some bits of the stream's last byte mean nothing.
        for index in whole.indices where index != whole.count - 5 {
            var bytes = whole
            bytes[index] ^= 0x10
            try fixture.scratch.write(file, bytes)
            try expectRefused(path, "byte \(index)", .content(trees: [], blobs: [id]))
        }
        try fixture.scratch.write(file, whole.prefix(12))
        try expectRefused(path, "broken off", .content(trees: [], blobs: [id]))
        try fixture.scratch.write(file, whole)
        #expect(
            try FolderTransport(to: path, for: store).fetch(.content(trees: [], blobs: [id]), progress: nil)
                .objectCount == 1)
    }

    @Test("A pack that breaks off is an error that names the repository")
    func brokenOff() throws {
        let path = try fixture.makeRemote()
        try FolderFixture.push(source, to: path)
        let cut = try run(
            "sh", ["-c", "chmod u+w objects/pack/*; truncate -s -1000 objects/pack/*.pack"], in: path)
        #expect(cut.status == 0)
        let tree = try source.version("data:v0").treeID.objectID
        let error = #expect(throws: FolderProblem.self) {
            _ = try FolderTransport(to: path, for: store).fetch(
                .content(trees: [tree], blobs: []), progress: nil)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("'\(path)'") == true)
    }

    @Test("Trees with hostile names are refused, whoever made them")
    func hostileTrees() throws {
        let path = try fixture.makeRemote()
        let blob = try ObjectID(
            hex: run("git", ["hash-object", "-w", "--stdin"], in: path, input: "x").output)
        func tree(_ entries: [(mode: String, name: [UInt8])]) throws -> ObjectID {
            var bytes: [UInt8] = []
            for entry in entries {
                bytes += Array("\(entry.mode) ".utf8) + entry.name + [0]
                blob.append(to: &bytes)
            }
            try fixture.scratch.write("tree", bytes)
            return try ObjectID(
                hex: git("hash-object", "-w", "-t", "tree", "--literally", fixture.scratch("tree"), in: path))
        }
        let names = ["..", ".", ".git", ".GIT", "git~1", "a/b", ".amphora ", ".g\u{200C}it", ""]
        var hostile = try names.map { ($0, try tree([("100644", Array($0.utf8))])) }
        hostile.append(("not UTF-8", try tree([("100644", [0x66, 0xFF])])))
        hostile.append(("twice", try tree([("100644", [0x61]), ("100644", [0x61])])))
        hostile.append(("order", try tree([("100644", [0x62]), ("100644", [0x61])])))
        hostile.append(("mode", try tree([("100000", [0x62])])))
        hostile.append(("reserved", try tree([("100755", Array(".amphora".utf8))])))
        for (what, id) in hostile {
            try expectRefused(path, what, .trees([id]))
            try expectRefused(path, what, .content(trees: [id], blobs: []))
        }
        // Many at once take another way.
        let others = try (0..<40).map { try tree([("100644", Array("file \($0)".utf8))]) }
        try git("repack", "-adq", in: path)
        try expectRefused(path, "many", .trees(others + [hostile[0].1]))
        #expect(
            try FolderTransport(to: path, for: store).fetch(.trees(others), progress: nil).objectCount == 40)
    }

    @Test("An object of another kind than it is used as is refused")
    func kinds() throws {
        let path = try fixture.makeRemote()
        try FolderFixture.push(source, to: path)
        let version = try source.version("data:v0")
        let (commit, tree) = (version.commitID.objectID, version.treeID.objectID)
        try expectRefused(path, "tree as commit", .commits([tree]))
        try expectRefused(path, "commit as blob", .content(trees: [], blobs: [commit]))
        try expectRefused(path, "commit as tree", .content(trees: [commit], blobs: []))
    }

    @Test("A folder that is no remote is an error that says what to do")
    func noRemote() throws {
        func problem(_ path: String) throws -> ErrorReport {
            ErrorReport(try #require(throws: (any Error).self) { try FolderTransport(to: path, for: store) })
        }
        let missing = try problem(fixture.scratch("nowhere"))
        #expect(missing.code == .notFound)
        #expect(missing.message == "there is no folder '\(fixture.scratch("nowhere"))'")
        try fixture.scratch.write("folder/file", "x")
        let none = try problem(fixture.scratch("folder"))
        #expect(none.code == .notFound)
        #expect(none.hint == "Make a store there with `amphora init --bare \(fixture.scratch("folder"))`.")
        for path in ["local", "local/.amphora"] {
            let same = try problem(fixture.scratch(path))
            #expect(same.message == "'\(fixture.scratch(path))' is this store itself")
        }
        try git("config", "amphora.formatVersion", "2", in: source.path)
        let newer = try problem(fixture.scratch("source"))
        #expect(newer.code == .unavailable)
        #expect(newer.hint == "Update amphora.")
        let path = try fixture.makeRemote()
        try fixture.scratch.write("remote.git/config", "[core\n")
        #expect(try problem(path).message == "cannot open the repository '\(path)'")
    }
}
