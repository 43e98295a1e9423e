import Amphora
import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraSync

@Suite("Hostile and broken remotes")
struct GitHostileTests {
    private let fixture: GitFixture
    private let version: Version

    init() throws {
        fixture = try GitFixture()
        version = try fixture.put(
            "data", ["a": Array("1".utf8), "large": randomBytes(count: 300_000, seed: 1)])
    }

    private var remote: String { fixture.scratch("remote.git") }

    /// A program that is found before the real one.
    private func program(_ name: String, _ script: String) throws -> [String: String] {
        try fixture.scratch.write(program: "bin/\(name)", "#!/bin/sh\n\(script)\n")
        let rest = hermeticEnvironment(home: "/")["PATH"] ?? ""
        return ["PATH": "\(fixture.scratch("bin")):\(rest)", "REAL_PATH": rest]
    }

    @Test(
        "Refs that git forbids are refused",
        arguments: [
            "refs/heads/../../x", "refs/heads/data/latest.lock", "refs/tags/data/v0\u{1}", "refs/heads/a b",
            "refs/heads//x", "refs/heads/x/", "refs/heads/@{1}", "../../config", "refs/heads/a\\b",
        ])
    func hostileNames(name: String) throws {
        let line = "\(String(repeating: "1", count: 40))\t\(name)"
        let environment = try program(
            "git",
            "case \"$*\" in *ls-remote*) printf '%s\\n' '\(line)';; *) PATH=$REAL_PATH exec git \"$@\";; esac"
        )
        let transport = try fixture.transport("file:///x", environment: environment)
        #expect(throws: HostileReference.self) { try transport.references() }
    }

    @Test("Malformed IDs are refused", arguments: ["1234", String(repeating: "g", count: 40), "x"])
    func malformedIDs(id: String) throws {
        #expect(throws: HostileReference.self) {
            try GitReferences(decoding: Array("\(id)\trefs/heads/data/latest\n".utf8))
        }
        #expect(throws: HostileReference.self) { try GitReferences(decoding: Array("\(id)\n".utf8)) }
    }

    @Test("A ref that the server cannot read keeps none of the others from being read")
    func unreadableRefs() throws {
        let (zero, one) = (String(repeating: "0", count: 40), String(repeating: "1", count: 40))
        let text = "\(one)\trefs/amphora/root\n\(zero)\trefs/heads/main\n\(one)\trefs/tags/data/v0\n"
        let references = try GitReferences(decoding: Array("\(text)\(zero)\trefs/tags/data/v1\n".utf8))
            .references
        #expect(references.isStore && !references.hasOthers && references.targets.count == 2)
        #expect(references.unreadable.keys.map(\.rawValue) == ["refs/tags/data/v1"])
        #expect(throws: UnusableRemoteRef.self) {
            try GitReferences(decoding: Array("\(zero)\trefs/amphora/root\n".utf8))
        }
    }

    /// Makes a commit in the remote of a tree with one entry, and returns it.
    private func commit(entry name: [UInt8]) throws -> (commit: ObjectID, tree: ObjectID) {
        let blob = try ObjectID(
            hex: run("git", ["hash-object", "-w", "--stdin"], in: remote, input: "x").output)
        try fixture.scratch.write(
            "tree", Tree([TreeEntry(name: name, mode: .file, id: blob)]).encoded())
        let tree = try git(
            "hash-object", "-t", "tree", "-w", "--literally", fixture.scratch("tree"), in: remote
        ).dropLast()
        let commit = try git("commit-tree", "-m", "x", String(tree), in: remote)
        try git("update-ref", "refs/tags/data/v7", String(commit.dropLast()), in: remote)
        return (try ObjectID(hex: commit), try ObjectID(hex: String(tree)))
    }

    @Test(
        "Trees with names that must not be are refused, by git or by us",
        arguments: ["..", ".git", "a/b", "GIT~1", ".AMPHORA", "\u{FF}x"])
    func hostileTrees(name: String) throws {
        let url = try fixture.host(settings: GitFixture.serving)
        let bytes = name.hasPrefix("\u{FF}") ? [0xFF] : Array(name.utf8)
        let (commit, tree) = try commit(entry: bytes)
        let before = try fixture.objects(fixture.store.path)
        let transport = try fixture.transport(url)
        for request in [
            ObjectRequest.runs([commit], known: []), .trees([tree]), .content(trees: [tree], blobs: []),
        ] {
            let error = try report { _ = try transport.fetch(request, progress: nil) }
            #expect(error.code == .corrupt)
            #expect(error.hint != nil)
        }
        #expect(try fixture.objects(fixture.store.path) == before)
    }

    @Test("A damaged pack of a remote harms nothing")
    func damagedPack() throws {
        let url = try fixture.host(copying: fixture.store)
        try git("repack", "-adq", in: remote)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(remote)/objects/pack")
        let pack = "remote.git/objects/pack/\(try #require(names.first { $0.hasSuffix(".pack") }))"
        var bytes = try fixture.scratch.read(pack)
        bytes[bytes.count / 2] ^= 0xFF
        try FileManager.default.removeItem(atPath: fixture.scratch(pack))
        try fixture.scratch.write(pack, bytes)
        let other = try fixture.another()
        let before = try fixture.objects(other.path)
        let error = try report {
            _ = try fixture.transport(url, for: other).fetch(
                .content(trees: [version.treeID.objectID], blobs: []), progress: nil)
        }
        #expect([.corrupt, .unavailable, .notFound].contains(error.code), "\(error)")
        #expect(try fixture.objects(other.path) == before && fixture.fsck(other.path) == "")
    }

    @Test(
        "A stream that breaks off harms nothing, and the next one brings it all",
        arguments: [50, 500, 2000, 200_000])
    func brokenStream(byteCount: Int) throws {
        let url = try fixture.host(copying: fixture.store)
        let other = try fixture.another()
        _ = try program(
            "broken-upload-pack",
            "git-upload-pack \"$@\" | (dd bs=1 count=\(byteCount) status=none; kill -9 $$)")
        try git(
            "config", "remote.origin.uploadpack", fixture.scratch("bin/broken-upload-pack"), in: other.path)
        let before = try fixture.objects(other.path)
        let request = ObjectRequest.content(trees: [version.treeID.objectID], blobs: [])
        let error = try report {
            _ = try fixture.transport(url, for: other).fetch(request, progress: nil)
        }
        #expect(
            error.code == .unavailable && error.hint?.hasPrefix("Run the command again") == true, "\(error)")
        #expect(try fixture.objects(other.path) == before)
        try git("config", "--unset", "remote.origin.uploadpack", in: other.path)
        #expect(try fixture.transport(url, for: other).fetch(request, progress: nil).objectCount == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(other.path)/amphora/transfer") == [])
    }

    @Test("A server that says nothing is given up")
    func stall() throws {
        let listener = try SilentServer()
        try git("config", "amphora.stallTimeout", "1", in: fixture.store.path)
        let transport = try fixture.transport("git://127.0.0.1:\(listener.port)/x")
        let error = try report { _ = try transport.references() }
        #expect(error.code == .unavailable && error.message == "nothing has moved for 1 seconds")
        #expect(error.hint?.contains("amphora.stallTimeout") == true)
        try git("config", "amphora.stallTimeout", "0", in: fixture.store.path)
        #expect(try report { _ = try fixture.transport("git://127.0.0.1/x") }.code == .invalidArgument)
    }

    @Test("Without git, or with an old one, the error says so")
    func unusableGit() throws {
        let missing = try report { _ = try fixture.transport("file:///x", environment: ["PATH": "/nowhere"]) }
        #expect(missing.code == .unavailable && missing.message == "the program 'git' is not on the PATH")
        let old = try program("git", "echo git version 2.30.9")
        let error = try report { _ = try fixture.transport("file:///x", environment: old) }
        #expect(error.code == .unavailable && error.message.contains("is git 2.30, and 2.31 or newer"))
        let odd = try program("git", "echo hello")
        #expect(try report { _ = try fixture.transport("file:///x", environment: odd) }.code == .unavailable)
    }

    @Test(
        "A git that cannot be run is named, with the reason",
        arguments: [
            ("#!/nowhere/sh\n", "755", "the interpreter that it names is not there"),
            ("#!/bin/sh\n", "644", "it is not executable"), ("\u{1}\u{2}\n", "755", "Exec format error"),
        ])
    func brokenGit(content: String, mode: String, reason: String) throws {
        let path = try fixture.scratch.write(program: "bin/git", content, mode: mode)
        let error = try report {
            _ = try fixture.transport("file:///x", environment: ["PATH": fixture.scratch("bin")])
        }
        #expect(error.code == .unavailable && error.message == "cannot run '\(path)': \(reason)", "\(error)")
        #expect(error.hint?.contains("PATH") == true)
    }

    @Test(
        "What is not there, or cannot be reached, is told apart",
        arguments: [
            (
                "file:///nowhere/x.git", ErrorCode.notFound,
                "there is no repository at 'file:///nowhere/x.git', or it is not shown to us"
            ),
            ("git://127.0.0.1:1/x", .unavailable, "cannot reach 'git://127.0.0.1:1/x'"),
            ("http://me:secret@127.0.0.1:1/x", .unavailable, "cannot reach 'http://127.0.0.1:1/x'"),
            ("https://nohost.invalid/x", .unavailable, "cannot find the host of 'https://nohost.invalid/x'"),
        ])
    func unreachable(url: String, code: ErrorCode, message: String) throws {
        let error = try report { _ = try fixture.transport(url).references() }
        #expect(error.code == code && error.message == message && error.hint != nil)
        #expect(!error.causes.isEmpty && !error.causes.joined().contains("secret"))
        let push = try report {
            _ = try fixture.transport(url).push(fixture.changes(), progress: nil)
        }
        #expect(push.message == message)
    }
}

/// Listens, and never answers.
private final class SilentServer {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) | listen(descriptor, 5)
                    | getsockname(descriptor, address, &length)
            }
        }
        guard status == 0 else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
