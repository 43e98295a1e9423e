import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("The server of the pages, as a process")
struct ServeTests {
    /// A store with a run that goes on and a file that is larger than what lies on the way to a reader.
    private struct Serving {
        let project: Project
        let run: String
        let process: Process
        let port: Int
        static let byteCount = 12 << 20

        init() throws {
            project = try Project()
            try project.scratch.write("big", [UInt8](repeating: 8, count: Self.byteCount))
            try project.amphora("put", "big", "--name", "data", "--type", "t")
            let store = try Store.open(at: project.folder)
            run = try store.startRun(project: "p", jobType: "train").id.rawValue
            (process, port) = try Self.start(in: project.folder)
        }

        private static func start(in folder: String) throws -> (Process, port: Int) {
            let process = Process()
            process.executableURL = URL(filePath: Project.program)
            process.arguments = ["serve", "--port", "0"]
            process.currentDirectoryURL = URL(filePath: folder)
            process.environment = hermeticEnvironment(home: folder)
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try withoutBlockedSignals { try process.run() }
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            let match = try #require(line.wholeMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/\n/))
            return (process, try #require(Int(match.output.1)))
        }

        func signal(_ number: Int32) { kill(process.processIdentifier, number) }

        /// A client that has got the beginning of an answer, and no more.
        func client(_ address: String, until words: String) throws -> RawClient {
            let client = try RawClient(port: port)
            client.get(address)
            #expect(client.text(until: words)?.contains(words) == true)
            return client
        }

        var temporaryFiles: String {
            get throws { try project.script("find .amphora -name 'tmp*' -o -path '*refs*.lock'").output }
        }
    }

    @Test("A signal lets a download finish, and ends all that only waits", arguments: [SIGINT, SIGTERM])
    func stopping(signal: Int32) throws {
        let serving = try Serving()
        let following = try serving.client("/runs/\(serving.run)/events", until: "data: running")
        let idle = try serving.client("/api/v1", until: "}\n")
        let slow = try RawClient(port: serving.port)
        slow.get("/artifacts/data/v0/download/big")
        let beginning = try #require(slow.some())
        serving.signal(signal)
        #expect(following.received() != nil)
        #expect(idle.received() == [])
        // Late, so that much is still on its way when all else is over, but well before the download is cut.
        usleep(500_000)
        let rest = try #require(slow.received())
        let bytes = beginning + rest
        let head = try #require(bytes.firstRange(of: "\r\n\r\n".utf8))
        #expect(bytes.count - head.upperBound == Serving.byteCount)
        serving.process.waitUntilExit()
        #expect(serving.process.terminationReason == .exit)
        #expect(serving.process.terminationStatus == 0)
        #expect(try serving.temporaryFiles == "")
        #expect(throws: ProgramFailed.self) { try RawClient(port: serving.port) }
    }

    @Test("A reader who takes nothing is not waited for long")
    func cutting() throws {
        let serving = try Serving()
        let stalled = try serving.client("/artifacts/data/v0/download/big", until: "\r\n\r\n")
        serving.signal(SIGTERM)
        serving.process.waitUntilExit()
        #expect(serving.process.terminationReason == .exit)
        #expect(serving.process.terminationStatus == 0)
        let rest = try #require(stalled.received())
        #expect(rest.count < Serving.byteCount)
    }

    @Test("A second signal ends it at once")
    func impatience() throws {
        let serving = try Serving()
        let following = try serving.client("/runs/\(serving.run)/events", until: "data: running")
        let stalled = try serving.client("/artifacts/data/v0/download/big", until: "\r\n\r\n")
        serving.signal(SIGINT)
        // It has heard.
        #expect(following.received() != nil)
        serving.signal(SIGINT)
        serving.process.waitUntilExit()
        #expect(serving.process.terminationReason == .uncaughtSignal)
        #expect(serving.process.terminationStatus == SIGINT)
        withExtendedLifetime(stalled) {}
    }

    @Test("What cannot be listened on is an error that says what to do")
    func refusals() throws {
        let serving = try Serving()
        defer { serving.signal(SIGKILL) }
        for (arguments, status, message, hint) in [
            (["--port", "\(serving.port)"], Int32(15), "Address already in use", "--port 0"),
            (
                ["--host", "nosuch.invalid"], 15, "nosuch.invalid, port 8470: No address has that name",
                "0.0.0.0"
            ),
            (["--host", "203.0.113.1"], 15, "203.0.113.1", "address or name of this machine"),
            (["--host", ""], 64, "--host is an address", "serve --help"),
            (["--port", "70000"], 64, "0 to 65535", "serve --help"),
        ] {
            let result = try run(Project.program, ["serve"] + arguments, in: serving.project.folder)
            #expect(result.status == status, "\(arguments): \(result.error)")
            #expect(result.error.contains(message), "\(result.error)")
            #expect(result.error.contains(hint), "\(result.error)")
            #expect(result.output == "")
        }
        let scratch = try Scratch()
        let result = try run(Project.program, ["serve"], in: scratch.path)
        #expect(result.status == 10)
        #expect(result.error.contains("amphora init"), "\(result.error)")
    }
}
