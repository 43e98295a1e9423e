import AmphoraObjects
import Dispatch
import TestSupport
import Testing

@testable import Amphora

@Suite("Threads at the same time")
struct RaceTests {
    @Test("Of first versions with different types at once, one type wins")
    func types() throws {
        for round in 0..<8 {
            let test = try TestStore()
            DispatchQueue.concurrentPerform(iterations: 4) { index in
                _ = try? test.put("data", type: "type\(index % 2)", ["a": "\(round) \(index)"])
            }
            let versions = try test.store.versions(of: ArtifactName("data"))
            #expect(Set(versions.map(\.type)).count == 1)
            #expect(versions.map(\.name.number.rawValue) == Array(versions.indices))
        }
    }

    @Test("An alias never points at a version that was deleted meanwhile")
    func aliasAndRemoval() throws {
        let test = try TestStore()
        for round in 0..<12 {
            let version = try test.put(["a": "\(round)"])
            try test.put(["a": "after \(round)"])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                if index == 0 {
                    _ = try? test.store.remove(version)
                } else {
                    _ = try? test.store.setAlias(Alias("best"), to: version)
                }
            }
            #expect(try test.store.verify().isSound, "round \(round)")
        }
    }
}
