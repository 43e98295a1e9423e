import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Writing loose objects")
struct LooseObjectWriterTests {
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

    @Test("Few and many objects are made durable, again and again", arguments: [0, 1, 128, 129, 300])
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

    @Test("An object that is in a pack already is not written again")
    func packed() throws {
        let id = try test.writer.write(blob: [1, 2, 3])
        try test.git("pack-objects", "-q", "objects/pack/pack", input: "\(id)\n")
        try test.git("prune-packed", "-q")
        let writer = LooseObjectWriter(try RepositoryPool(path: test.scratch("store.git")))
        #expect(try writer.write(blob: [1, 2, 3]) == id)
        try writer.finish()
        #expect(try test.git("count-objects").hasPrefix("0 objects"))
    }
}
