import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraStore

@Suite("Upkeep that happens by itself")
struct AutomaticUpkeepTests {
    private func packCount(_ test: TestStore) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "\(test.folder)/objects/pack").count {
            $0.hasSuffix(".pack")
        }
    }

    /// Makes so many small packs and loose objects, with git.
    private func fill(_ test: TestStore, packs: Int = 0, loose: Int = 0, refs: Int = 0) throws {
        let script = """
            set -e
            for i in $(seq 1 \(packs)); do
                echo "pack $i" | git hash-object -w --stdin | git pack-objects -q objects/pack/pack >/dev/null
            done
            git prune-packed
            mkdir -p many
            for i in $(seq 1 \(loose)); do echo "$i" > many/$i; done
            find many -type f | git hash-object -w --stdin-paths >/dev/null
            rm -r many
            id=$(git rev-parse refs/amphora/root)
            for i in $(seq 1 \(refs)); do echo "create refs/tags/many/v$i $id"; done | git update-ref --stdin
            """
        let result = try run("sh", ["-c", script], in: test.folder)
        try #require(result.status == 0, "\(result.error)")
    }

    @Test("A store below the bounds is left as it is")
    func nothing() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try fill(test, packs: 20, loose: 500)
        test.store.tidyUp()
        #expect(try packCount(test) == 20)
        #expect(try !git("count-objects", in: test.folder).hasPrefix("0 "))
    }

    @Test("Many packs become one, and nothing is dropped, reachable or not")
    func packs() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try fill(test, packs: 60)
        _ = try run("sh", ["-c", "touch -d '3 days ago' objects/pack/*.pack"], in: test.folder)
        let before = try git("count-objects", "-v", in: test.folder)
        test.store.tidyUp()
        #expect(try packCount(test) == 1)
        let young = try run("find", ["objects/pack", "-name", "*.pack", "-mtime", "-1"], in: test.folder)
        #expect(young.output == "", "what is merged gets no younger")
        let after = try git("count-objects", "-v", in: test.folder)
        for line in ["count:", "in-pack:"] {
            #expect(
                before.split(separator: "\n").first { $0.hasPrefix(line) }
                    == after.split(separator: "\n").first { $0.hasPrefix(line) })
        }
        try git("fsck", "--strict", in: test.folder)
        #expect(try version.read("a") == Array("1".utf8))
    }

    @Test("Many loose objects become a pack, many refs a file")
    func loose() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try fill(test, loose: 900, refs: 410)
        test.store.tidyUp(AutomaticUpkeep(looseLimit: 500, refLimit: 400))
        #expect(try git("count-objects", in: test.folder).hasPrefix("0 "))
        #expect(try packCount(test) == 1)
        #expect(!test.scratch.exists("project/.amphora/refs/tags/many/v1"))
        #expect(try test.refs("refs/tags/many").count == 410)
        try git("fsck", "--strict", in: test.folder)
    }

    @Test("It is switched off by a setting, gives way to writers, and rests after a failure")
    func restraint() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try fill(test, packs: 60)
        try git("config", "amphora.autoUpkeep", "false", in: test.folder)
        try test.reopened().tidyUp()
        #expect(try packCount(test) == 60)
        try git("config", "--unset", "amphora.autoUpkeep", in: test.folder)
        do {
            let lock = try StoreLock(test.store.layout.lock, .shared)
            try test.reopened().tidyUp()
            #expect(try packCount(test) == 60)
            withExtendedLifetime(lock) {}
        }
        let packs = "\(test.folder)/objects/pack"
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".pack") })
        let whole = try Data(contentsOf: URL(filePath: "\(packs)/\(name)"))
        var bytes = whole
        bytes[20] ^= 1
        try FileManager.default.removeItem(atPath: "\(packs)/\(name)")
        try bytes.write(to: URL(filePath: "\(packs)/\(name)"))
        try test.reopened().tidyUp()
        #expect(try packCount(test) == 60)
        #expect(test.scratch.exists("project/.amphora/amphora/upkeep-failed"))
        try whole.write(to: URL(filePath: "\(packs)/\(name)"))
        try test.reopened().tidyUp()
        #expect(try packCount(test) == 60, "not on the same day")
        try FileManager.default.removeItem(atPath: "\(test.folder)/amphora/upkeep-failed")
        try test.reopened().tidyUp()
        #expect(try packCount(test) == 1)
    }

    @Test("However many packs come, each byte is rewritten a few times only")
    func geometric() {
        var packs: [Int] = []
        var written = 0
        let size = 5 << 20
        for _ in 0..<3000 {
            packs.append(size)
            let chosen = AutomaticUpkeep().packsToMerge(packs.map { ($0, false) })
            let sum = chosen.reduce(0) { $0 + packs[$1] }
            #expect(sum <= AutomaticUpkeep.mergeByteCount)
            guard !chosen.isEmpty else { continue }
            written += sum
            let merged = Set(chosen)
            packs = packs.indices.filter { !merged.contains($0) }.map { packs[$0] } + [sum]
            #expect(
                packs.count(where: { $0 < AutomaticUpkeep.largePackByteCount }) <= AutomaticUpkeep().packLimit
            )
        }
        #expect(written < 6 * 3000 * size, "\(Double(written) / Double(3000 * size)) times")
        func chosen(_ packs: [Int], promised: [Int] = []) -> [Int] {
            AutomaticUpkeep().packsToMerge(packs.map { ($0, false) } + promised.map { ($0, true) })
        }
        #expect(chosen([Int](repeating: 1, count: 50)).isEmpty)
        // The one large among many small ones stays.
        #expect(chosen([1 << 28] + [Int](repeating: 1000, count: 50)).count == 50)
        #expect(chosen([Int](repeating: 1 << 30, count: 500)).isEmpty)
        // Few of each kind are many together, and no pack of one kind hides that the other's are alike.
        #expect(chosen([Int](repeating: 1, count: 25), promised: [Int](repeating: 9, count: 30)).count == 55)
        #expect(chosen([1], promised: [Int](repeating: 9, count: 51)).count == 51)
    }
}
