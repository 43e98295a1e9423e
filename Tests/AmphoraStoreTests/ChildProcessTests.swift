import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Programs that end with this process")
struct ChildProcessTests {
    private func start(
        _ script: String, _ variables: [String: String] = [:], input: FilePath = "/dev/null",
        isDetached: Bool = false
    ) throws -> ChildProcess {
        try ChildProcess(
            "/bin/sh", ["-c", script],
            environment: variables.merging(["PATH": "/usr/bin:/bin"]) { $1 }, input: input,
            isDetached: isDetached)
    }

    private func text(_ descriptor: FileDescriptor) throws -> String {
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count == 0 { return String(decoding: text, as: UTF8.self) }
            text += bytes.prefix(count)
        }
    }

    /// Whether the process is there, and no zombie.
    private func isAlive(_ id: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else {
            return false
        }
        return !status.contains(") Z ")
    }

    @Test("It gets its input and its environment, and gives its output, its errors and its status")
    func streams() throws {
        let scratch = try Scratch()
        let input = FilePath(try scratch.write("input", "hello\n"))
        let process = try start(
            "cat; echo $X $HOME. >&2; exit 7", ["X": "y"], input: input)
        #expect(try text(process.output) == "hello\n")
        #expect(try text(process.errors) == "y .\n")
        #expect(process.wait() == 7 && process.wait() == 7 && process.poll() == 7)
    }

    @Test("One that does not exist is an error that names it")
    func missing() {
        #expect(throws: FileError("run", "/nowhere/x", ENOENT)) {
            try ChildProcess("/nowhere/x", [], environment: [:], isDetached: false)
        }
    }

    @Test("Signals that this process ignores or blocks reach it all the same")
    func signals() throws {
        let process = try start("kill -TERM $$; echo alive")
        #expect(process.wait() == 128 + SIGTERM)
    }

    @Test("It ends with all that it has started", arguments: [true, false], [true, false])
    func ending(isDetached: Bool, byLettingGo: Bool) throws {
        var process: ChildProcess? = try start(
            "(sleep 1000 & echo $!; wait) & sleep 1000", isDetached: isDetached)
        var byte = [UInt8](repeating: 0, count: 1)
        var digits = ""
        while digits.last != "\n" {
            _ = try byte.withUnsafeMutableBytes { try process?.output.read(into: $0) }
            digits += String(decoding: byte, as: UTF8.self)
        }
        let grandchild = try #require(Int32(digits.dropLast()))
        let id = try #require(process?.id)
        #expect(isAlive(id) && isAlive(grandchild) && ProcessTree(of: id).ids.contains(grandchild))
        #expect(process?.poll() == nil)
        if byLettingGo {
            process = nil
        } else {
            process?.end(by: SIGTERM)
            #expect(process?.wait() == 128 + SIGTERM)
        }
        for _ in 0..<500 where isAlive(grandchild) { usleep(10_000) }
        #expect(!isAlive(id) && !isAlive(grandchild))
    }

    @Test("What the programs of one name have read, written and computed is counted")
    func activity() throws {
        let process = try start("sleep 1000 & sleep 1000")
        let count = { (name: String) in ProcessTree(of: process.id).activity(of: process.id) { $0 == name } }
        for _ in 0..<500 where count("sleep") == 0 { usleep(10_000) }
        #expect(count("sleep") > 0 && count("sh") > 0 && count("other") == 0)
    }

    @Test("It is known which files are open")
    func openFiles() throws {
        let scratch = try Scratch()
        let path = try scratch.write("file", "x")
        let process = try start("sleep 1000 <'\(path)'")
        for _ in 0..<500 where !ProcessTree(of: process.id).hasOpen(path, of: process.id) { usleep(10_000) }
        #expect(ProcessTree(of: process.id).hasOpen(path, of: process.id))
        #expect(!ProcessTree(of: process.id).hasOpen(scratch("other"), of: process.id))
    }
}
