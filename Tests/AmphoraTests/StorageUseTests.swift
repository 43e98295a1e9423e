import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("What versions cost")
struct StorageUseTests {
    /// What git says that these refs need on the disk.
    private func diskUse(_ refs: [String], in test: TestStore) throws -> Int {
        let result = try run(
            "git", ["rev-list", "--disk-usage", "--objects", "--stdin"], in: test.folder,
            input: refs.joined(separator: "\n"))
        return try #require(Int(result.output.trimmingCharacters(in: .newlines)))
    }

    private func check(_ test: TestStore) throws {
        let use = try test.reopened().storageUse()
        let all = try test.refs("refs/")
        // What is left of a removed version is none.
        let versions = try test.store.allVersions().map { "refs/tags/\($0.name.artifact)/\($0.name.number)" }
        // Aliases go with the versions that they point at.
        let roots = all.filter { !$0.hasPrefix("refs/heads/") }
        let whole = try diskUse(roots, in: test)
        for artifact in use.artifacts {
            for version in artifact.versions {
                let tag = "refs/tags/\(version.version.name.artifact)/\(version.version.name.number)"
                let others = try diskUse(roots.filter { $0 != tag }, in: test)
                #expect(version.share.aloneByteCount == whole - others, "\(tag)")
                #expect(
                    try version.share.aloneByteCount + version.share.sharedByteCount
                        == diskUse([tag], in: test))
            }
            let prefix = "refs/tags/\(artifact.artifact)/"
            let others = try diskUse(
                roots.filter { !$0.hasPrefix(prefix) || !versions.contains($0) }, in: test)
            #expect(artifact.share.aloneByteCount == whole - others)
            let tags = versions.filter { $0.hasPrefix(prefix) }
            #expect(
                try artifact.share.aloneByteCount + artifact.share.sharedByteCount == diskUse(tags, in: test))
        }
        let others = try diskUse(roots.filter { !versions.contains($0) }, in: test)
        #expect(use.versions.byteCount == whole - others)
        // git counts nothing for the empty tree, which it knows by heart.
        #expect((0...20).contains(use.others.byteCount - others))
        let parts = use.versions.byteCount + use.others.byteCount + use.unreachable.byteCount
        #expect(parts + use.overheadByteCount == use.totalByteCount && use.overheadByteCount > 0)
    }

    @Test("Alone and shared are what git says, loose and packed")
    func sameAsGit() throws {
        let test = try TestStore()
        let bytes = randomBytes(count: 1_500_000, seed: 3)
        for index in 0..<4 {
            var artifact = try test.artifact(["a": "\(index)", "shared": "shared", "dir/\(index)": "x"])
            try artifact.addNewFile("big") { try $0.write(index < 3 ? bytes : bytes.reversed()) }
            try test.put(artifact, aliases: index == 1 ? ["best"] : [])
        }
        try test.put("other", ["shared": "shared", "b": "alone"])
        try test.put("equal", ["a": "1"])
        try test.put("equal2", ["a": "1"])
        try check(test)
        _ = try test.store.collectGarbage()
        try check(test)
        try test.store.remove(try test.store.version("data:v3"))
        try check(test)
        #expect(try test.reopened().storageUse().unreachable.byteCount > 1_400_000)
        try git("gc", "--quiet", in: test.folder)
        try check(test)
    }
}
