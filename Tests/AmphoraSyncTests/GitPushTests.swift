import Amphora
import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraSync

@Suite("Pushing by git")
struct GitPushTests {
    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture()
        try fixture.put("data", ["a": Array("1".utf8), "large": randomBytes(count: 3 << 20, seed: 1)])
    }

    private var remote: String { fixture.scratch("remote.git") }

    /// A hook of the remote's, as a script.
    private func hook(_ name: String, _ script: String?) throws {
        let path = "remote.git/hooks/\(name)"
        guard let script else { return try FileManager.default.removeItem(atPath: fixture.scratch(path)) }
        try fixture.scratch.write(program: path, "#!/bin/sh\n\(script)\n")
    }

    @Test("An empty repository becomes a copy of the store")
    func firstPush() throws {
        let transport = try fixture.transport(fixture.host())
        let changes = try fixture.changes()
        let (outcomes, size) = try transport.push(changes, progress: nil)
        #expect(outcomes == Dictionary(uniqueKeysWithValues: changes.map { ($0.name, .done) }))
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
        #expect(try fixture.fsck(remote) == "")
        let ids = changes.compactMap(\.target)
        #expect(try size.objectCount == fixture.reachable(ids, in: fixture.store).count)
        #expect(size.byteCount >= 3 << 20)
    }

    @Test("Of a second version only what is new is sent", arguments: [true, false])
    func secondVersion(toStore isStore: Bool) throws {
        let transport = try fixture.transport(fixture.host())
        _ = try transport.push(
            fixture.changes().filter { isStore || $0.name != .root }, progress: nil)
        let before = try transport.references()
        let bytes = randomBytes(count: 3 << 20, seed: 1)
        try fixture.put(
            "data", ["a": Array("1".utf8), "large": bytes + Array("x".utf8), "b": Array("2".utf8)])
        let changes = try fixture.changes(to: before).filter { $0.name != .root }
        let (outcomes, size) = try transport.push(changes, progress: nil)
        #expect(outcomes.values.allSatisfy { $0 == .done })
        let added = try fixture.reachable(
            changes.compactMap(\.target), butNot: Array(before.targets.values), in: fixture.store)
        #expect(size.objectCount == added.count && size.byteCount < 500_000)
        #expect(try fixture.fsck(remote) == "")
    }

    @Test("A ref that somebody else has moved stays, and so do all others")
    func stale() throws {
        let transport = try fixture.transport(fixture.host())
        let changes = try fixture.changes()
        let version = try #require(changes.first { $0.name.version != nil })
        _ = try transport.push([changes[1]], progress: nil)
        #expect(changes[1].name != version.name)
        // Somebody's own v0.
        let other = try fixture.another()
        try fixture.put("data", ["z": Array("z".utf8)], in: other)
        try git("push", "--quiet", remote, "\(version.name)", in: other.path)
        let refs = try fixture.refs(remote)
        let (outcomes, _) = try transport.push(
            changes.filter { $0.name != changes[1].name }, progress: nil)
        #expect(outcomes.values.allSatisfy { $0 == .stale } && outcomes.count == changes.count - 1)
        #expect(try fixture.refs(remote) == refs)
        // Neither is one removed that is another meanwhile, or gone.
        let target = try #require(version.target)
        for name in [version.name, RefName(existing: "refs/heads/data/none")] {
            let (outcomes, _) = try transport.push([RefChange(name, from: target, to: nil)], progress: nil)
            #expect(outcomes == [name: .stale])
        }
        #expect(try fixture.refs(remote) == refs)
        let found = try #require(transport.references().targets[version.name])
        let removal = RefChange(version.name, from: found, to: nil)
        #expect(try transport.push([removal], progress: nil).outcomes == [version.name: .done])
        #expect(try fixture.refs(remote).count == refs.count - 1)
    }

    @Test("A host that cannot move all or none gets one kind after another, up to a failure")
    func notAtomic() throws {
        let transport = try fixture.transport(fixture.host(settings: ["receive.advertiseAtomic": "false"]))
        let changes = try fixture.changes()
        try hook("update", "case $1 in refs/notes/*) echo no runs here >&2; exit 1;; esac")
        let (outcomes, _) = try transport.push(changes, progress: nil)
        for change in changes {
            let outcome = try #require(outcomes[change.name])
            if change.name.version != nil {
                #expect(outcome == .done)
            } else if change.name.run != nil {
                #expect(
                    outcome
                        == .refused(
                            "hook declined; no runs here; error: hook declined to update \(change.name)"))
            } else {
                let run = try #require(changes.first { $0.name.run != nil })
                #expect(outcome == .refused("not sent, since '\(run.name)' was refused"))
            }
        }
        try hook("update", nil)
        let rest = try fixture.changes(to: transport.references())
        #expect(try transport.push(rest, progress: nil).outcomes.values.allSatisfy { $0 == .done })
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
    }

    @Test("What a host refuses is told with its words, and nothing has moved")
    func refused() throws {
        let transport = try fixture.transport(fixture.host())
        let changes = try fixture.changes()
        let alias = try #require(changes.first { $0.name.alias != nil })
        try hook("update", "case $1 in refs/heads/*) echo protected >&2; exit 1;; esac")
        let (outcomes, _) = try transport.push(changes, progress: nil)
        #expect(outcomes[alias.name]?.isRefused("protected") == true)
        let version = try #require(changes.first { $0.name.version != nil })
        #expect(outcomes[version.name]?.isRefused("'\(alias.name)' was refused") == true)
        #expect(try fixture.refs(remote) == [])
        try hook("update", nil)
        // A folder of refs where one is to be.
        let blocker = RefChange(
            RefName(existing: "refs/heads/data/latest/x"), from: nil, to: alias.target)
        #expect(try transport.push([blocker], progress: nil).outcomes == [blocker.name: .done])
        let blocked = try transport.push([alias], progress: nil).outcomes
        #expect(blocked[alias.name]?.isRefused("cannot create 'refs/heads/data/latest'") == true)
    }

    @Test("More refs than fit into a command are pushed in parts")
    func manyRefs() throws {
        try LargeStore(versionCount: 700, versionsPerArtifact: 100).write(into: fixture.store.path)
        let transport = try fixture.transport(fixture.host())
        let changes = try fixture.changes()
        #expect(changes.count > 1400)
        let (outcomes, _) = try transport.push(changes, progress: nil)
        #expect(outcomes.count == changes.count && outcomes.values.allSatisfy { $0 == .done })
        #expect(try fixture.refs(remote) == fixture.refs(fixture.store.path))
        // And fetched at once, by another.
        let other = try fixture.another()
        let all = changes.filter { $0.name.version != nil }.compactMap(\.target)
        let size = try fixture.transport("file://\(remote)", for: other).fetch(.commits(all), progress: nil)
        #expect(size.objectCount > 700)
    }

    @Test("A store without the files of old versions pushes a new one, and fetches nothing for that")
    func lightStore() throws {
        let transport = try fixture.transport(fixture.host(settings: GitFixture.serving))
        _ = try transport.push(fixture.changes(), progress: nil)
        let before = try transport.references()
        let light = try fixture.another()
        let version = try #require(before.targets.first { $0.key.version != nil })
        let lightTransport = try fixture.transport("file://\(remote)", for: light)
        _ = try lightTransport.fetch(.commits([version.value]), progress: nil)
        try git("update-ref", version.key.rawValue, version.value.description, in: light.path)
        let new = try fixture.put("data", ["new": Array("new".utf8)], in: light)
        #expect(new.name.description == "data:v1")
        let changes = try fixture.changes(from: light, to: before).filter {
            $0.name.alias == nil || $0.expected != nil
        }
        let added = try fixture.reachable(
            changes.compactMap(\.target), butNot: [version.value], in: light)
        // From where nothing can be fetched.
        try git("config", "remote.origin.promisor", "true", in: light.path)
        try git("config", "remote.origin.url", "file:///nowhere", in: light.path)
        let (outcomes, size) = try lightTransport.push(changes, progress: nil)
        #expect(outcomes.values.allSatisfy { $0 == .done } && size.objectCount == added.count)
        #expect(try fixture.fsck(remote) == "")
        // What is not here cannot be sent elsewhere.
        let elsewhere = try fixture.transport(fixture.host("elsewhere.git"), for: light)
        let error = try report {
            _ = try elsewhere.push(
                [RefChange(version.key, from: nil, to: version.value)], progress: nil)
        }
        #expect(error.code == .notFound)
        #expect(try fixture.refs(fixture.scratch("elsewhere.git")) == [])
    }
}

extension PushOutcome {
    fileprivate func isRefused(_ words: String) -> Bool {
        if case .refused(let reason) = self { reason.contains(words) } else { false }
    }
}
