import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("States of runs")
struct RunStateTests {
    private func state(
        in test: TestStore, pid: Int32, host: String = "here", since date: Date = Date(),
        _ end: (Run) throws -> Void = { _ in }
    ) throws -> RunState {
        let writer = try test.reopened {
            $0.processID = pid
            $0.host = host
            $0.now = { date }
        }
        let run = try writer.startRun(project: "p", jobType: "t")
        try end(run)
        return try test.reopened { $0.host = "here" }.run(run.id.rawValue).state
    }

    /// The number of a process that has ended.
    private func deadProcess() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    @Test("A run whose process lives is running")
    func living() throws {
        #expect(try state(in: TestStore(), pid: getpid()) == .running)
    }

    @Test("A run whose process is dead has crashed")
    func dead() throws {
        #expect(try state(in: TestStore(), pid: deadProcess()) == .crashed)
    }

    @Test("A run whose process number belongs to a younger process has crashed")
    func younger() throws {
        // This process began after the run did, so it cannot be the run's.
        #expect(
            try state(in: TestStore(), pid: getpid(), since: Date(timeIntervalSinceNow: -86400 * 365))
                == .crashed)
    }

    @Test("A run on another machine, or without a process, counts as running")
    func elsewhere() throws {
        let test = try TestStore()
        #expect(try state(in: test, pid: deadProcess(), host: "there") == .running)
        #expect(try state(in: test, pid: 0) == .running)
    }

    @Test("A run that has ended stays so when its process is dead")
    func ended() throws {
        let test = try TestStore()
        let pid = try deadProcess()
        #expect(try state(in: test, pid: pid) { try $0.finish() } == .finished)
        #expect(try state(in: test, pid: pid) { try $0.fail() } == .failed)
    }

    @Test("A crashed run has no duration, a running one lasts until now, an ended one lasted")
    func durations() throws {
        let test = try TestStore()
        let crashed = try test.reopened {
            $0.host = "here"
            $0.processID = 1_999_999_999
        }
        .startRun(project: "p", jobType: "t")
        let running = try test.startRun()
        let ended = try test.startRun()
        try test.reopened { $0.now = { TestStore.time + 90 } }.resumeRun(ended.id).finish()
        let store = try test.reopened { $0.host = "here" }
        let now = TestStore.time + 3600
        #expect(try store.run(crashed.id.rawValue).duration(until: now) == nil)
        #expect(try store.run(running.id.rawValue).duration(until: now) == 3600)
        #expect(try store.run(ended.id.rawValue).duration(until: now) == 90)
    }
}
