import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Processes that are killed")
struct KillTests {
    /// Starts `amphora` and ends it by a signal after some milliseconds, unless it ends before.
    ///
    /// - Returns: Whether it ended by the signal.
    @discardableResult
    private func kill(
        after milliseconds: Int, by signal: Int32 = SIGKILL, _ arguments: [String], in project: Project
    ) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: Project.program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: project.folder)
        process.environment = hermeticEnvironment(home: project.folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try withoutBlockedSignals { try process.run() }
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
        _ = Glibc.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == signal
    }

    private func temporaryFiles(in project: Project) throws -> String {
        try project.script("find .amphora/objects -name 'tmp*'").output
    }

    @Test("A put killed at any moment leaves nothing half visible, and the next one works")
    func put() throws {
        let project = try Project()
        var generator = SplitMix64(seed: 51)
        for round in 0..<12 {
            try project.scratch.write("in/big", randomBytes(count: 3 << 20, seed: UInt64(100 + round)))
            for index in 0..<20 { try project.scratch.write("in/\(index)", "\(round) \(index)") }
            let arguments = ["put", "in", "--name", "data", "--type", "t", "--alias", "best"]
            try kill(after: Int.random(in: 1...400, using: &generator), arguments, in: project)
            #expect(try project.fsck() == "", "round \(round)")
            let store = try Store.open(at: project.folder)
            let verification = try store.verify()
            #expect(verification.isSound, "round \(round): \(verification.damages.map(\.problem))")
            let before = try store.allVersions().count
            let name = try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
            #expect(try temporaryFiles(in: project) == "", "round \(round)")
            let version = try store.version("data")
            #expect(version.description == name)
            #expect(try store.version("data:best") == version)
            #expect(try store.allVersions().count <= before + 1)
            #expect(try version.read("7") == Array("\(round) 7".utf8))
        }
        let numbers = try Store.open(at: project.folder).allVersions().map(\.name.number.rawValue)
        #expect(numbers == Array(0..<numbers.count))
        #expect(numbers.count == 12, "each content is one version, killed or not")
        try project.amphora("get", "data", "--to", "out")
        #expect(try project.script("diff -r in out").status == 0)
    }

    @Test("Ctrl-C ends a put at once and leaves nothing behind", arguments: [SIGINT, SIGTERM])
    func interruption(signal: Int32) throws {
        let project = try Project()
        for index in 0..<8 {
            try project.scratch.write("in/\(index)", randomBytes(count: 4 << 20, seed: UInt64(200 + index)))
        }
        let store = try Store.open(at: project.folder)
        var interruptedCount = 0
        // A long put in the debug build: most of these moments are in its middle.
        for milliseconds in [60, 90, 120, 150, 200, 250, 300, 400] {
            let arguments = ["put", "in", "--name", "data\(milliseconds)", "--type", "t"]
            let isInterrupted = try kill(after: milliseconds, by: signal, arguments, in: project)
            #expect(try temporaryFiles(in: project) == "", "after \(milliseconds) ms")
            let versions = try store.allVersions().filter {
                $0.name.artifact.rawValue == "data\(milliseconds)"
            }
            interruptedCount += isInterrupted && versions.isEmpty ? 1 : 0
            // A signal in the last moment waits until version and run are whole.
            #expect(versions.count == 1 || isInterrupted)
            #expect(try store.runs().allSatisfy { $0.state == .finished }, "no run is left going on")
            #expect(try project.fsck() == "")
            _ = try project.script("for f in in/*; do echo x >>$f; done")
        }
        #expect(interruptedCount > 0)
    }

    @Test("Ctrl-C leaves no lock and no temporary file behind", arguments: ["alias", "run", "rm", "gc"])
    func interruptedSteps(command: String) throws {
        let project = try Project()
        var generator = SplitMix64(seed: 71)
        for round in 0..<10 {
            try project.scratch.write("in/a", "\(round)")
            let version = try project.amphora("put", "in", "--name", "data", "--type", "t")
            let arguments =
                switch command {
                case "alias": ["alias", "set", version, "best"]
                case "run": ["run", "--job-type", "t", "--", "true"]
                case "rm": ["rm", "--force", version]
                default: ["gc", "--grace", "0"]
                }
            try kill(after: Int.random(in: 1...120, using: &generator), by: SIGINT, arguments, in: project)
            let left = try project.script(
                "find .amphora -name 'tmp*' -o -name '*.lock' ! -path '.amphora/amphora/*'")
            #expect(left.output == "", "round \(round)")
            #expect(try project.fsck() == "", "round \(round)")
        }
    }

    @Test("A get killed at any moment leaves no half file, and the next one completes the folder")
    func get() throws {
        let project = try Project()
        for index in 0..<4 {
            try project.scratch.write("in/big\(index)", randomBytes(count: 3 << 20, seed: UInt64(60 + index)))
        }
        for index in 0..<30 { try project.scratch.write("in/small/\(index)", "content \(index)") }
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        var generator = SplitMix64(seed: 61)
        for round in 0..<6 {
            let arguments = ["get", "data", "--to", "out\(round)"]
            try kill(after: Int.random(in: 1...300, using: &generator), arguments, in: project)
            let partial = try project.script(
                "cd out\(round) 2>/dev/null || exit 0; find . -name '.amphora-partial-*' -prune -o -type f -print"
            )
            for name in partial.output.split(separator: "\n").map({ String($0.dropFirst(2)) }) {
                #expect(try project.scratch.read("out\(round)/\(name)") == project.scratch.read("in/\(name)"))
            }
            try project.amphora("get", "data", "--to", "out\(round)")
            let same = try project.script("diff -r in out\(round)")
            #expect(same.status == 0, "nothing of the killed one is left: \(same.output)")
        }
    }

    @Test("A ref's lock that a killed process left long ago does not stop the next put")
    func staleLock() throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
        let old = Date(timeIntervalSinceNow: -60)
        for lock in ["refs/heads/data/latest.lock", "refs/heads/data/best.lock", "refs/tags/data/v1.lock"] {
            try project.scratch.write(".amphora/\(lock)", "")
            try FileManager.default.setAttributes(
                [.modificationDate: old], ofItemAtPath: project.scratch(".amphora/\(lock)"))
        }
        try project.scratch.write("in/a", "2")
        #expect(
            try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best") == "data:v1")
        #expect(try project.amphora("cat", "data:best", "a") == "2")
        try project.scratch.write(".amphora/refs/heads/data/best.lock", "")
        try FileManager.default.setAttributes(
            [.modificationDate: old], ofItemAtPath: project.scratch(".amphora/refs/heads/data/best.lock"))
        try project.amphora("alias", "rm", "data:best")
    }

    @Test("A ref's lock left a moment ago only makes the next writer wait")
    func freshLock() throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        try project.scratch.write(".amphora/refs/heads/data/latest.lock", "")
        try project.scratch.write("in/a", "2")
        #expect(try project.amphora("put", "in", "--name", "data", "--type", "t") == "data:v1")
        #expect(try project.amphora("cat", "data", "a") == "2")
    }

    @Test(
        "Who waits for long says for what",
        arguments: [
            (
                "touch -d '-5 seconds' .amphora/refs/heads/data/best.lock",
                "rm .amphora/refs/heads/data/best.lock",
                "waiting for '$/.amphora/refs/heads/data/best.lock', which another process holds, or has left behind"
            ),
            (
                "flock .amphora/amphora/lock sh -c 'touch held; until test -e told; do sleep 0.01; done' &",
                "touch told", "waiting for others to finish with '$/.amphora'"
            ),
        ])
    func waiting(hold: String, release: String, message: String) throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        let result = try project.script(
            """
            \(hold)
            until test -e held -o -e .amphora/refs/heads/data/best.lock; do sleep 0.01; done
            amphora alias set data best >out 2>err & pid=$!
            until grep -q waiting err; do sleep 0.01; done
            \(release)
            wait $pid || exit 1
            cat err
            """)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix(message.replacing("$", with: project.folder)), "\(result.output)")
        #expect(result.output.split(separator: "\n").count == 1)
    }
}
