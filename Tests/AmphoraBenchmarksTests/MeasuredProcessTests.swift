import TestSupport
import Testing

@testable import AmphoraBenchmarks

@Suite("Measured processes")
struct MeasuredProcessTests {
    private func run(_ script: String, in scratch: Scratch) throws -> MeasuredProcess.Outcome {
        let process = MeasuredProcess(
            arguments: ["/bin/sh", "-c", script], folder: scratch.path,
            environment: hermeticEnvironment(home: scratch.path))
        var outcome: MeasuredProcess.Outcome?
        try withoutBlockedSignals { outcome = try process.run() }
        return try #require(outcome)
    }

    @Test("Status and output are the program's, in its folder")
    func outcome() throws {
        let scratch = try Scratch()
        try scratch.write("here", "")
        let outcome = try run("ls; echo wrong >&2; exit 3", in: scratch)
        #expect(outcome.status == 3)
        #expect(outcome.output == "here\nwrong\n")
        #expect(try run("kill -9 $$", in: scratch).status == 128 + 9)
    }

    @Test("Work and memory of processes that it started count")
    func cost() throws {
        let scratch = try Scratch()
        let idle = try run("sleep 0.2", in: scratch).cost
        #expect(idle.seconds >= 0.2)
        #expect(idle.cpuSeconds < idle.seconds)
        let busy = try run("dd if=/dev/zero bs=64M count=4 of=/dev/null; true", in: scratch).cost
        #expect(busy.peakByteCount > 64 << 20)
        #expect(busy.cpuSeconds > 0)
    }

    #if os(Linux)
    @Test("What it reads and writes is counted")
    func counters() throws {
        let scratch = try Scratch()
        let cost = try run("dd if=/dev/zero bs=1M count=5 of=out", in: scratch).cost
        #expect((5 << 20..<6 << 20).contains(try #require(cost.writtenByteCount)))
        #expect((5 << 20..<6 << 20).contains(try #require(cost.readByteCount)))
    }
    #endif

    @Test("A script that fails says which and why")
    func failure() throws {
        let scratch = try Scratch()
        let shell = Shell(folder: scratch.path, variables: ["WORD": "hello"])
        #expect(shell.line("echo $WORD; echo more") == "hello")
        #expect(shell.line("exit 1") == nil)
        let failure = try #require(throws: Failure.self) { try shell.run("echo broken; exit 4") }
        #expect(failure.description == "echo broken; exit 4: status 4\nbroken\n")
    }
}
