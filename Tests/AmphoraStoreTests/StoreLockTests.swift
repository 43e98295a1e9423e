import AmphoraObjects
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("The store's lock")
struct StoreLockTests {
    private let scratch: Scratch
    private var path: FilePath { FilePath(scratch("lock")) }

    init() throws { scratch = try Scratch() }

    @Test("Several share it, and each says whose process holds it")
    func sharing() throws {
        let locks = try (0..<3).map { _ in try StoreLock(path, .shared, limit: .zero) }
        #expect(try scratch.read("lock") == Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8))
        withExtendedLifetime(locks) {}
    }

    @Test(
        "One alone keeps all others out, and any keeps out one alone",
        arguments: [(.exclusive, .shared), (.exclusive, .exclusive), (.shared, .exclusive)]
            as [(StoreLock.Mode, StoreLock.Mode)])
    func exclusion(held: StoreLock.Mode, wanted: StoreLock.Mode) throws {
        let lock = try StoreLock(path, held)
        let error = #expect(throws: StoreBusy.self) { try StoreLock(path, wanted, limit: .milliseconds(5)) }
        let pid = ProcessInfo.processInfo.processIdentifier
        #expect(error?.message == "the store is locked by process \(pid), and stayed so for the time allowed")
        #expect(error?.code == .locked)
        #expect(error?.hint != nil)
        withExtendedLifetime(lock) {}
    }

    @Test("It is free again when its holder is gone")
    func release() throws {
        for _ in 0..<3 { _ = try StoreLock(path, .exclusive, limit: .zero) }
        _ = try StoreLock(path, .shared, limit: .zero)
        _ = try StoreLock(path, .exclusive, limit: .zero)
    }

    @Test(
        "It is let go of although somebody else still has the file open, as a process that is being started")
    func unlocking() throws {
        let open = {
            try FileDescriptor.open(path, .readWrite, options: .create, permissions: .ownerReadWrite)
        }
        let (held, other) = (try open(), try open())
        try #require(flockExclusively(held))
        let inherited = try held.duplicate()
        #expect(!flockExclusively(other))
        held.unlockAndClose()
        #expect(flockExclusively(other))
        try inherited.close()
        try other.close()
    }

    @Test("Who waits gets it when it is released in time")
    func waiting() throws {
        let held = try FileDescriptor.open(path, .readWrite, options: .create, permissions: .ownerReadWrite)
        try #require(flockExclusively(held))
        let releaser = Thread {
            Pause.sleep(nanoseconds: 50_000_000)
            try? held.close()
        }
        releaser.start()
        _ = try StoreLock(path, .exclusive, limit: .seconds(60))
    }

    @Test("A process that is killed lets go of it")
    func death() throws {
        try scratch.write("lock", "4711\n")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "flock", "--no-fork", scratch("lock"), "sh", "-c", "echo locked; exec sleep 600",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
        let error = #expect(throws: StoreBusy.self) { try StoreLock(path, .shared, limit: .milliseconds(5)) }
        #expect(error?.message.contains("by process 4711") == true)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        _ = try StoreLock(path, .exclusive, limit: .seconds(60))
    }

    @Test("A holder that wrote nothing is not named")
    func namelessHolder() throws {
        let held = try FileDescriptor.open(path, .readWrite, options: .create, permissions: .ownerReadWrite)
        try #require(flockExclusively(held))
        let error = #expect(throws: StoreBusy.self) { try StoreLock(path, .shared, limit: .zero) }
        #expect(error?.message == "the store is locked, and stayed so for the time allowed")
        try held.close()
    }

    @Test("A lock file that cannot be made is an error that names it")
    func impossible() {
        let error = #expect(throws: FileError.self) { try StoreLock(FilePath(scratch("no/lock")), .shared) }
        #expect(
            error?.message == "cannot lock the store with '\(scratch("no/lock"))': No such file or directory")
    }

    @Test("Who wants it alone is told of waiting, and gets in between those who never leave it free")
    func turn() throws {
        let stop = Atomic(false)
        let threads = DispatchGroup()
        for _ in 0..<4 {
            threads.enter()
            let thread = Thread {
                // Two take turns, so that one of them always has it.
                while !stop.load(ordering: .relaxed) {
                    let lock = try? StoreLock(path, .shared)
                    Pause.sleep(nanoseconds: 5_000_000)
                    withExtendedLifetime(lock) {}
                }
                threads.leave()
            }
            thread.start()
        }
        Pause.sleep(nanoseconds: 20_000_000)
        for _ in 0..<3 { _ = try StoreLock(path, .exclusive, limit: .seconds(300)) }
        stop.store(true, ordering: .relaxed)
        threads.wait()
        let held = try StoreLock(path, .shared)
        var told: [Int?] = []
        #expect(throws: StoreBusy.self) {
            try StoreLock(path, .exclusive, limit: .seconds(3)) { told.append($0) }
        }
        #expect(told == [Int(ProcessInfo.processInfo.processIdentifier)])
        withExtendedLifetime(held) {}
    }
}
