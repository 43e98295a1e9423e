import AmphoraGit
import AmphoraObjects
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("What is missing of a version")
struct MissingContentTests {
    /// 3 MB are some 45 chunks in one group, or two.
    private static let big = randomBytes(count: 3_000_000, seed: 1)

    private func subject() throws -> ContentSubject {
        try ContentSubject { store, _ in
            try store.put(["big": Self.big, "small": [1], "folder/a": [2], "folder/b": [3]])
        }
    }

    /// All batches, none of which is brought.
    private func batches(
        _ subject: ContentSubject, _ extent: ContentNeed.Extent = .content, paths: [String] = [],
        limit: Int = MissingContent.batchByteCount
    ) throws -> [MissingContent.Batch] {
        let needs = [
            ContentNeed(
                try subject.store.version("data"), paths: try paths.map { try ArtifactPath($0) }, extent)
        ]
        subject.store.pool.refresh()
        return try subject.store.pool.with { repository in
            var missing = try ContentSurvey(needs, in: repository).batches(of: needs, in: repository)
            var batches: [MissingContent.Batch] = []
            while let batch = try missing.next(in: repository, limit: limit) { batches.append(batch) }
            return batches
        }
    }

    @Test("Without trees it is the trees that are missing, and a path needs those on its way")
    func trees() throws {
        let subject = try subject()
        let version = try subject.store.version("data")
        func missing(_ paths: [String]) throws -> [TreeID] {
            let need = ContentNeed(version, paths: try paths.map { try ArtifactPath($0) })
            return try subject.store.pool.with { try ContentSurvey([need], in: $0).missingTrees }
        }
        #expect(try missing([]) == [version.treeID])
        #expect(try missing(["big"]) == [version.treeID])
        try subject.light.bring(["data/v0^{tree}"], filter: "tree:1")
        subject.store.pool.refresh()
        #expect(
            try missing([]).map(\.description) == [subject.id("data/v0:big"), subject.id("data/v0:folder")])
        #expect(try missing(["folder/a"]).map(\.description) == [subject.id("data/v0:folder")])
        #expect(try missing(["small"]) == [])
    }

    @Test("A version of which nothing is here is asked for by its tree")
    func whole() throws {
        let subject = try subject()
        try subject.light.bring(["data/v0^{tree}"], filter: "blob:none")
        let batches = try batches(subject)
        #expect(batches.map { $0.trees.map(\.description) } == [[try subject.id("data/v0^{tree}")]])
        #expect(batches.allSatisfy { $0.blobs.isEmpty })
        #expect(abs(batches[0].byteCount - 3_000_003) < 300_000)
    }

    @Test("What is partly here is asked for by what is not, the trees of which nothing is here whole")
    func rest() throws {
        let subject = try subject()
        try subject.light.bring(["data/v0^{tree}"], filter: "blob:none")
        try subject.light.bring(["data/v0:folder/a", "data/v0:big/000000/000"])
        let batches = try batches(subject)
        #expect(batches.count == 1)
        let all = try git("ls-tree", "-r", "--object-only", "data/v0", in: subject.full.path)
        let here = try ["folder/a", "big/000000/000"].map { try subject.id("data/v0:\($0)") }
        let expected = Set(all.split(separator: "\n").map(String.init)).subtracting(here)
        var asked = batches[0].blobs.map(\.description)
        for tree in batches[0].trees {
            asked += try git("ls-tree", "-r", "--object-only", tree.description, in: subject.full.path)
                .split(separator: "\n").map(String.init)
        }
        #expect(Set(asked) == expected)
        #expect(asked.count == expected.count, "nothing twice")
    }

    @Test("A path needs what is in it alone; the listing needs markers, lengths need small files")
    func parts() throws {
        let subject = try subject()
        try subject.light.bring(["data/v0^{tree}"], filter: "blob:none")
        let big = try batches(subject, paths: ["big"])
        #expect(big.map { $0.trees.map(\.description) } == [[try subject.id("data/v0:big")]])
        let two = try batches(subject, paths: ["small", "folder/b"])
        #expect(
            two.map { Set($0.blobs.map(\.description)) } == [
                [try subject.id("data/v0:small"), try subject.id("data/v0:folder/b")]
            ])
        #expect(two.allSatisfy { $0.trees.isEmpty })
        let listing = try batches(subject, .listing)
        #expect(listing.map { $0.blobs.map(\.description) } == [[try subject.id("data/v0:big/.amphora")]])
        let lengths = try batches(subject, .lengths)
        #expect(lengths.map(\.blobs.count) == [4])
        #expect(lengths.allSatisfy { $0.trees.isEmpty })
        // A file has no files in it.
        #expect(try batches(subject, paths: ["big/000000", "nothing", "small/x"]).isEmpty)
    }

    @Test("Batches are as long as the limit says, and together all of it, each object once")
    func limits() throws {
        let subject = try subject()
        try subject.light.bring(["data/v0^{tree}"], filter: "blob:none")
        let batches = try batches(subject, limit: 640 << 10)
        #expect(batches.count >= 4)
        #expect(batches.allSatisfy { $0.byteCount <= (640 + 64) << 10 })
        var asked = batches.flatMap(\.blobs).map(\.description)
        for tree in batches.flatMap(\.trees) {
            asked += try git("ls-tree", "-r", "--object-only", tree.description, in: subject.full.path)
                .split(separator: "\n").map(String.init)
        }
        let all = try git("ls-tree", "-r", "--object-only", "data/v0", in: subject.full.path)
            .split(separator: "\n").map(String.init)
        #expect(asked.sorted() == all.sorted())
    }

    @Test("What versions share is asked for once")
    func shared() throws {
        let subject = try ContentSubject { store, _ in
            try store.put(["big": Self.big, "old": [1]])
            try store.put(["new": [2]], basedOn: "data")
        }
        try subject.light.bring(["data/v0", "data/v1"], filter: "blob:none")
        subject.store.pool.refresh()
        let needs = try ["data:v0", "data:v1"].map { ContentNeed(try subject.store.version($0)) }
        try subject.store.pool.with { repository in
            let survey = try ContentSurvey(needs, in: repository)
            var missing = try survey.batches(of: needs, in: repository)
            let first = try #require(try missing.next(in: repository, limit: 4 << 20))
            #expect(first.trees.map(\.description) == [try subject.id("data/v0^{tree}")])
            try subject.light.bring(first.trees.map(\.description))
        }
        subject.store.pool.refresh()
        try subject.store.pool.with { repository in
            var missing = try ContentSurvey(needs, in: repository).batches(of: needs, in: repository)
            let second = try #require(try missing.next(in: repository))
            #expect(second.trees.isEmpty)
            #expect(second.blobs.map(\.description) == [try subject.id("data/v1:new")])
            #expect(try missing.next(in: repository) == nil)
        }
    }
}
