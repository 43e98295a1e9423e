import Amphora
import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraSync

@Suite("A git daemon")
struct GitDaemonTests {
    @Test("What one store pushes another one gets, and what is not there is told")
    func exchange() throws {
        let fixture = try GitFixture()
        let version = try fixture.put("data", ["a": randomBytes(count: 100_000, seed: 1)])
        _ = try fixture.host(settings: GitFixture.serving)
        let daemon = try Daemon(in: fixture)
        defer { daemon.end() }
        let url = "git://127.0.0.1:\(daemon.port)/remote.git"
        let changes = try fixture.changes()
        let pushed = try fixture.transport(url).push(changes, progress: nil)
        #expect(pushed.outcomes.values.allSatisfy { $0 == .done })
        let other = try fixture.another()
        let transport = try fixture.transport(url, for: other)
        #expect(try transport.references().targets.count == changes.count)
        #expect(try transport.fetch(.commits([version.commitID.objectID]), progress: nil).objectCount == 1)
        let content = ObjectRequest.content(trees: [version.treeID.objectID], blobs: [])
        #expect(try transport.fetch(content, progress: nil).objectCount == 2)
        let error = try report {
            _ = try fixture.transport("git://127.0.0.1:\(daemon.port)/other.git").references()
        }
        #expect(error.code == .notFound && error.hint != nil)
    }

    /// A server for the repositories in a fixture's folder.
    private final class Daemon {
        private let process: Process
        let port: Int

        init(in fixture: GitFixture) throws {
            // A port may be taken.
            for attempt in 0..<50 {
                let chosen = Int.random(in: 20_000..<60_000)
                let process = Process()
                let log = try fixture.scratch.write("daemon-\(attempt)", "")
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = [
                    "git", "daemon", "--listen=127.0.0.1", "--port=\(chosen)", "--export-all", "--verbose",
                    "--base-path=\(fixture.scratch.path)", "--enable=receive-pack", "--reuseaddr",
                ]
                process.environment = hermeticEnvironment(home: fixture.scratch("home"))
                process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
                try withoutBlockedSignals { try process.run() }
                for _ in 0..<1000 where process.isRunning {
                    let text = String(decoding: try fixture.scratch.read("daemon-\(attempt)"), as: UTF8.self)
                    if text.contains("Ready to rumble") {
                        port = chosen
                        self.process = process
                        return
                    }
                    usleep(10_000)
                }
            }
            throw POSIXError(.EADDRINUSE)
        }

        func end() {
            process.terminate()
            process.waitUntilExit()
        }
    }
}
