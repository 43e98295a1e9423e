import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Writing loose objects")
struct LooseObjectTests {
    private let test: TestStore

    init() throws { test = try TestStore() }

    @Test("Objects of every kind are there for git, with its IDs")
    func kinds() throws {
        let blobID = try test.writer.write(blob: Array("hello\n".utf8))
        let treeID = try test.writer.write(Tree([TreeEntry(name: [0x61], mode: .file, id: blobID.objectID)]))
        let commitID = try test.writer.write(
            Commit(
                treeID: treeID,
                signature: Signature(name: "A", email: "b", date: Date(timeIntervalSince1970: 0)),
                message: "m\n"))
        try test.writer.finish()
        #expect(try test.git("cat-file", "blob", "\(commitID):a") == "hello")
        #expect(try test.git("rev-parse", "\(commitID)^{tree}") == "\(treeID)")
        try test.git("fsck", "--strict")
    }

    @Test("Few and many objects are made durable, again and again", arguments: [0, 1, 17, 32])
    func finishing(count: Int) throws {
        for round in 0..<2 {
            let ids = try Parallel.map(Array(0..<count)) { index in
                try test.writer.write(blob: Array("\(round) \(index)".utf8))
            }
            try test.writer.finish()
            #expect(Set(ids).count == count)
        }
        #expect(try test.git("count-objects").hasPrefix("\(2 * count) objects"))
    }

    private func temporaryFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: test.scratch("store.git/objects"))
            .filter { $0.hasPrefix("tmp_obj") }
    }

    @Test("Objects have their names from the end on, and not before")
    func naming() throws {
        let ids = try (0..<3).map { try test.writer.write(blob: [$0]) }
        #expect(try test.git("count-objects").hasPrefix("0 objects"))
        try test.writer.finish()
        for id in ids { #expect(try test.git("cat-file", "-t", "\(id)") == "blob") }
        #expect(try temporaryFiles() == [])
    }

    @Test("What killed writers left is removed by the next, what living ones use is not")
    func staleFolders() throws {
        let objects = FilePath(test.scratch("store.git/objects"))
        try FileManager.default.createDirectory(
            atPath: "\(objects)/tmp_objdir-amphora-dead/deep", withIntermediateDirectories: true)
        try test.scratch.write("store.git/objects/tmp_objdir-amphora-dead/file", [1])
        let living = try LockedFolder(in: objects, prefix: "tmp_objdir-amphora-")
        _ = try test.writer.write(blob: [1])
        try test.writer.finish()
        #expect(try temporaryFiles() == [living.path.lastComponent?.string])
        #expect(try test.git("count-objects").hasPrefix("1 objects"))
    }

    @Test("An object that is in a pack already is not written again")
    func packed() throws {
        let id = try test.writer.write(blob: [1, 2, 3])
        try test.writer.finish()
        try test.git("pack-objects", "-q", "objects/pack/pack", input: "\(id)\n")
        try test.git("prune-packed", "-q")
        let writer = PackingObjectWriter(try RepositoryPool(path: test.scratch("store.git")))
        #expect(try writer.write(blob: [1, 2, 3]) == id)
        try writer.finish()
        #expect(try test.git("count-objects").hasPrefix("0 objects"))
    }
}
