import Foundation
import TestSupport
import Testing

@testable import AmphoraBenchmarks

@Suite("The store that pages are measured with")
struct PageStoreTests {
    @Test("Git imports it and finds nothing wrong, and it is the same each time")
    func imported() throws {
        let scratch = try Scratch()
        let store = PageStore(scale: 100)
        let isSame = store.bytes == PageStore(scale: 100).bytes
        #expect(isSame)
        try scratch.write("stream", store.bytes)
        try git("init", "--quiet", "--bare", "store", in: scratch.path)
        let imported = try run(
            "sh", ["-c", "git --git-dir store fast-import --quiet < stream"], in: scratch.path)
        #expect(imported.status == 0)
        try git("--git-dir", "store", "fsck", "--strict", in: scratch.path)
        let refs = try git("--git-dir", "store", "for-each-ref", "--format=%(refname)", in: scratch.path)
            .split(separator: "\n")
        #expect(refs.contains("refs/notes/runs/\(store.run)") && refs.contains("refs/tags/wide/v21"))
        #expect(refs.count { $0.hasPrefix("refs/notes/runs/") } >= 100)
        let notes = try git(
            "--git-dir", "store", "notes", "--ref", "runs/\(store.run)", "list", in: scratch.path)
        #expect(!notes.isEmpty)
    }
}
