import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("What refs reach")
struct ReachabilityTests {
    private let test: TestStore

    init() throws {
        test = try TestStore()
        let elsewhere = String(repeating: "1", count: 40)
        for index in 0..<6 {
            let blob = try test.git("hash-object", "-w", "--stdin", input: "content \(index)")
            let shared = try test.git("hash-object", "-w", "--stdin", input: "shared")
            let inner = try test.git("mktree", input: "100644 blob \(blob)\ta\n100755 blob \(shared)\tb\n")
            let tree = try test.git(
                "mktree",
                input:
                    "040000 tree \(inner)\tdir\n120000 blob \(blob)\tlink\n160000 commit \(elsewhere)\tsub\n")
            let parents = index == 0 ? [] : ["-p", "HEAD\(index - 1)"]
            let result = try run(
                "git", ["commit-tree", tree, "-m", "\(index)"] + parents, in: test.scratch("store.git"))
            try test.git(
                "update-ref", "refs/tags/HEAD\(index)", result.output.trimmingCharacters(in: .newlines))
        }
        try test.git("tag", "-a", "annotated", "-m", "words", "HEAD3")
        try test.git("hash-object", "-w", "--stdin", input: "unreachable")
    }

    private func inventory() throws -> ObjectInventory {
        try ObjectInventory(of: test.path("store.git/objects"))
    }

    private func reached(from name: String) throws -> Set<String> {
        let inventory = try inventory()
        let reachability = Reachability(inventory, test.pool, shallow: [])
        let id = try ObjectID(hex: test.git("rev-parse", name))
        try reachability.walk(from: [id], .whole)
        let marks = reachability.marks
        let found = Set(inventory.ids.indices.filter(marks.contains).map { inventory.ids[$0].description })
        var walked: Set<String> = []
        try test.pool.with { repository in
            _ = ObjectGraph(inventory, in: repository).walk(from: [id]) {
                #expect(walked.insert(inventory.ids[$0].description).inserted, "each once")
            }
        }
        #expect(walked == found, "both ways of walking find the same")
        return found
    }

    private func listed(from name: String) throws -> Set<String> {
        let lines = try test.git("rev-list", "--objects", name).split(separator: "\n")
        return Set(lines.map { String($0.prefix(40)) })
    }

    @Test("Is what git says, loose and packed", arguments: ["HEAD0", "HEAD5", "annotated", "HEAD2^{tree}"])
    func sameAsGit(name: String) throws {
        #expect(try reached(from: name) == listed(from: name))
        try test.git("gc", "--quiet", "--prune=now")
        #expect(try reached(from: name) == listed(from: name))
    }

    @Test("A missing blob is passed over; a missing or damaged tree is an error, unless it does not matter")
    func missing() throws {
        func path(_ name: String) throws -> String {
            let id = try test.git("rev-parse", name)
            return test.scratch("store.git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        }
        let id = try ObjectID(hex: test.git("rev-parse", "HEAD5"))
        let tree = try path("HEAD4:dir")
        try FileManager.default.removeItem(atPath: try path("HEAD4:dir/a"))
        try Reachability(inventory(), test.pool, shallow: []).walk(from: [id], .whole)
        try FileManager.default.removeItem(atPath: tree)
        #expect(throws: MissingObject.self) {
            try Reachability(inventory(), test.pool, shallow: []).walk(from: [id], .whole)
        }
        try Reachability(inventory(), test.pool, shallow: []).walk(from: [id], .asFarAsPossible)
        let parent = try ObjectID(hex: test.git("rev-parse", "HEAD5"))
        try Reachability(inventory(), test.pool, shallow: [parent]).walk(from: [id], .whole)
        try "x".write(toFile: tree, atomically: false, encoding: .utf8)
        #expect(throws: DamagedObject.self) {
            try Reachability(inventory(), test.pool, shallow: []).walk(from: [id], .whole)
        }
    }
}
