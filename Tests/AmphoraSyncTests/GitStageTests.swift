import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraSync

@Suite("Large pushes in stages")
struct GitStageTests {
    private let fixture: GitFixture
    private let url: String

    /// About 50 chunks, 20 of which fit into a stage.
    private static let stageByteCount = 20 * 65_536

    init() throws {
        fixture = try GitFixture()
        try fixture.put(
            "data", ["a": Array("1".utf8), "large": randomBytes(count: 50 * 65_536, seed: 1)])
        url = try fixture.host()
    }

    private var remote: String { fixture.scratch("remote.git") }

    private func hook(_ script: String) throws {
        try fixture.scratch.write(program: "remote.git/hooks/pre-receive", "#!/bin/sh\n\(script)\n")
    }

    private func push() throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) {
        let transport = try fixture.transport(url, stageByteCount: Self.stageByteCount)
        let changes = try fixture.changes(to: transport.references())
        return try transport.push(changes, progress: nil)
    }

    /// The stages that a repository has: its own, which it sends, or those of others.
    private func stages(_ path: String) throws -> [String] {
        try fixture.refs(path).filter { $0.contains("/staging/") }.map { String($0.prefix(40)) }
    }

    @Test("What arrived in stages is not sent again, and nothing is left of them")
    func stages() throws {
        let needed = try fixture.reachable(fixture.changes().compactMap(\.target), in: fixture.store).count
        try hook("cat >>seen")
        let (outcomes, size) = try push()
        #expect(outcomes.values.allSatisfy { $0 == .done })
        let seen = String(decoding: try fixture.scratch.read("remote.git/seen"), as: UTF8.self)
        let made = seen.split(separator: "\n").filter { $0.hasPrefix("00000") && $0.contains("staging") }
        #expect((3...4).contains(made.count))
        #expect(size.objectCount == needed + 2 * made.count)
        #expect(size.byteCount < 52 * 65_536)
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
        #expect(try stages(remote) == [] && fixture.fsck(remote) == "")
        // Another version goes without them.
        try fixture.put("data", ["b": Array("2".utf8)])
        #expect(try push().outcomes.values.allSatisfy { $0 == .done })
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
    }

    @Test("An interrupted push goes on where it stopped")
    func interrupted() throws {
        let needed = try fixture.reachable(fixture.changes().compactMap(\.target), in: fixture.store).count
        // The host dies while it takes in the second stage.
        try hook("if test -e first; then rm first; kill -9 $PPID; fi; touch first")
        let error = try report { _ = try push() }
        #expect(error.code == .unavailable)
        // The second is on its way, as far as is known here.
        #expect(try stages(remote).count == 1 && stages(fixture.store.path).count == 2)
        #expect(try Set(stages(fixture.store.path)).isSuperset(of: stages(remote)))
        #expect(try fixture.fsck(remote) == "" && fixture.fsck(fixture.store.path) == "")
        #expect(try fixture.transport(url).references().isEmpty)
        try FileManager.default.removeItem(atPath: fixture.scratch("remote.git/hooks/pre-receive"))
        let (outcomes, size) = try push()
        #expect(outcomes.values.allSatisfy { $0 == .done })
        // IDs of runs are random, and with them the order of objects: the cut shifts by one or two.
        #expect(size.objectCount < needed - 13)
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
        #expect(try fixture.fsck(remote) == "")
    }

    @Test("A host that takes no such refs gets all at once")
    func refusedStages() throws {
        let needed = try fixture.reachable(fixture.changes().compactMap(\.target), in: fixture.store).count
        try hook("! grep -q refs/amphora/staging")
        let (outcomes, size) = try push()
        #expect(outcomes.values.allSatisfy { $0 == .done })
        #expect(size.objectCount > needed && size.objectCount < needed + 30)
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
        #expect(try stages(fixture.store.path) == [])
    }

    @Test("What somebody else has staged is left alone")
    func others() throws {
        let other = try fixture.another()
        try fixture.put("other", ["x": Array("x".utf8)], in: other)
        try git(
            "push", "--quiet", remote, "refs/tags/other/v0:\(RefName.staging)someone", in: other.path)
        #expect(try push().outcomes.values.allSatisfy { $0 == .done })
        #expect(try stages(remote).count == 1)
    }

    @Test("Stages stay while another push from the store is going on, and go with the last")
    func racing() throws {
        do {
            let lock = try StoreLock(fixture.store.layout.own.appending("stages.lock"), .shared)
            #expect(try push().outcomes.values.allSatisfy { $0 == .done })
            #expect(try stages(remote).count >= 3)
            #expect(try stages(remote) == stages(fixture.store.path))
            withExtendedLifetime(lock) {}
        }
        // There is nothing more to send.
        #expect(try fixture.transport(url).push([], progress: nil).outcomes.isEmpty)
        #expect(try stages(remote) == [] && stages(fixture.store.path) == [])
        #expect(try fixture.fsck(remote) == "" && fixture.fsck(fixture.store.path) == "")
    }

    @Test("What another push staged since this one asked, and left behind, goes from both sides")
    func diedMeanwhile() throws {
        let transport = try fixture.transport(url)
        #expect(try transport.references().isEmpty)
        let id = try fixture.id("refs/tags/data/v0", in: fixture.store.path)
        try git(
            "push", "--quiet", remote, "refs/tags/data/v0:\(RefName.staging)\(id)", in: fixture.store.path)
        try git(
            "update-ref", "refs/amphora/sending/origin/staging/\(id)", "\(id)", in: fixture.store.path)
        #expect(try transport.push([], progress: nil).outcomes.isEmpty)
        #expect(try stages(remote) == [] && stages(fixture.store.path) == [])
    }

    @Test("Stages of another remote, and those that are no longer there, are told apart")
    func leftBehind() throws {
        let id = try fixture.id("refs/amphora/root", in: fixture.store.path)
        let (gone, other) = ("refs/amphora/sending/origin/staging/", "refs/amphora/sending/other/staging/")
        for folder in [gone, other] {
            try git("update-ref", "\(folder)\(id)", "\(id)", in: fixture.store.path)
        }
        #expect(try fixture.transport(url).push([], progress: nil).outcomes.isEmpty)
        #expect(
            try fixture.refs(fixture.store.path).filter { $0.contains("/staging/") } == [
                "\(id) \(other)\(id)"
            ])
    }
}
