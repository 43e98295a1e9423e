import Amphora
import Dispatch
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import AmphoraWeb

/// What clients that are slow, greedy or gone can do.
@Suite struct LimitsTests {
    /// A file that is larger than what lies on the way to a reader.
    private static let byteCount = 24 << 20
    private static let download = "/artifacts/a/v0/download/big"

    private func store() throws -> WebStore {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "j")
        var artifact = Artifact(name: "a", type: "t")
        let picture = Array("GIF8".utf8) + [UInt8](repeating: 4, count: Self.byteCount - 4)
        try artifact.addNewFile("big") { try $0.write(picture) }
        try run.log(artifact)
        return store
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nX: ", "GET /", "",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
    ])
    func aRequestThatTricklesInIsDropped(_ beginning: String) async throws {
        try await WebStore().serving({ $0.request = .milliseconds(300) }) { port in
            let client = try RawClient(port: port)
            client.send(beginning)
            // Until the server takes nothing more.
            while client.send("a") { usleep(20_000) }
        }
    }

    @Test func aLongBodyIsDropped() async throws {
        try await WebStore().serving { port in
            let client = try RawClient(port: port)
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
            var count = 0
            while client.send(Array(repeating: 97, count: 10_000)) { count += 10_000 }
            // What lies on the way, too, but not all of it.
            #expect(count < 100_000_000)
        }
    }

    @Test func aBodyThatNobodyReadsDoesNoHarm() async throws {
        try await WebStore().serving { port in
            let client = try RawClient(port: port)
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")
            #expect(client.text(until: "</html>")?.contains("HTTP/1.1 405") == true)
            client.get("/api/v1")
            #expect(client.text(until: "}")?.contains("HTTP/1.1 200") == true)
        }
    }

    @Test func aReaderWhoTakesNothingIsDropped() async throws {
        let store = try store()
        try await store.serving({ ($0.stall, $0.downloadCount) = (.milliseconds(300), 1) }) { port in
            let stalled = try RawClient(port: port)
            stalled.get(Self.download)
            // It has its place.
            _ = stalled.some()
            try Self.expectDownload(port)
            let rest = try #require(stalled.received())
            #expect(rest.count < Self.byteCount)
        }
    }

    @Test func aReaderWhoHangsUpLeavesNothing() async throws {
        let store = try store()
        try await store.serving({ $0.downloadCount = 1 }) { port in
            for _ in 0..<3 {
                let client = try RawClient(port: port)
                client.get(Self.download)
                _ = client.some()
            }
            try Self.expectDownload(port)
        }
    }

    /// Asks for a file until there is a place for it.
    private static func expectDownload(_ port: Int) throws {
        for _ in 0..<1000 {
            let client = try RawClient(port: port)
            client.get(download, "Range: bytes=0-999999", "Connection: close")
            let answer = try #require(client.text(until: "\r\n"))
            if answer.hasPrefix("HTTP/1.1 206") { return }
            #expect(answer.hasPrefix("HTTP/1.1 503"))
            usleep(10_000)
        }
        Issue.record("no place is given back")
    }

    @Test(arguments: ["download", "picture"])
    func onlySoManyFilesAreSentAtOnce(_ place: String) async throws {
        let store = try store()
        try await store.serving { port in
            let address = "/artifacts/a/v0/\(place)/big"
            let answers = try (0..<18).map { _ in
                let client = try RawClient(port: port)
                client.get(address)
                return (client, client.text(until: "\r\n\r\n")?.prefix(12))
            }
            #expect(answers.prefix(16).allSatisfy { $0.1 == "HTTP/1.1 200" })
            #expect(answers.suffix(2).allSatisfy { $0.1 == "HTTP/1.1 503" })
            // What is short does not have to wait for a place.
            let client = try RawClient(port: port)
            client.get(address, "Range: bytes=0-9")
            #expect(client.text(until: "\r\n\r\n")?.hasPrefix("HTTP/1.1 206") == true)
        }
    }

    @Test func onlySoManyRunsAreFollowedAtOnce() async throws {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "j")
        try await store.serving({ $0.eventCount = 2 }) { port in
            let answers = try (0..<3).map { _ in
                let client = try RawClient(port: port)
                client.get("/runs/\(run.id)/events")
                return (client, client.text(until: "\r\n\r\n")?.prefix(12))
            }
            #expect(answers.map(\.1) == ["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 503"])
        }
    }

    @Test func connectionsBeyondTheLimitWait() async throws {
        try await WebStore().serving({ $0.connectionCount = 8 }) { port in
            var first = try (0..<16).map { _ in try RawClient(port: port) }
            first.forEach { $0.get("/api/v1") }
            #expect(first.prefix(8).allSatisfy { $0.some()?.isEmpty == false })
            // Four at a time are taken from the queue.
            let last = try RawClient(port: port, patience: 1)
            last.get("/api/v1")
            #expect(last.some() == nil)
            first = []
            var answer: [UInt8]?
            while answer == nil { answer = last.some() }
            #expect(answer?.isEmpty == false)
        }
    }

    @Test func onlySoManyRequestsWait() async throws {
        var limits = Limits()
        limits.waitingCount = 2
        let workers = Workers(limits, threadCount: 1)
        let gate = DispatchSemaphore(value: 0)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        try await workers { gate.wait() }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            var isDone: [Bool] = []
            for await result in group {
                isDone.append(result)
                // Those that wait go on once all the others have been refused.
                if isDone.count >= 8 { gate.signal() }
            }
            #expect(isDone == Array(repeating: false, count: 8) + [true, true])
        }
        try await workers {}
    }

    @Test func nobodyWaitsForEver() async throws {
        var limits = Limits()
        (limits.answer, limits.waitingCount) = (.milliseconds(50), 1)
        let workers = Workers(limits, threadCount: 1)
        let gate = DispatchSemaphore(value: 0)
        await #expect(throws: TooSlow.self) { try await workers { gate.wait() } }
        // It goes on, and keeps its place.
        await #expect(throws: TooBusy.self) { try await workers {} }
        gate.signal()
        while true {
            do {
                return try await workers {}
            } catch {
                // A busy machine may need longer than the limit for nothing at all.
                #expect(error is TooBusy || error is TooSlow)
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    @Test func thousandsOfRequestsInOneGoAreAnsweredInTurn() async throws {
        try await WebStore().serving { port in
            let client = try RawClient(port: port)
            for _ in 0..<1000 { client.get("/api/v1") }
            client.get("/nothing", "Connection: close")
            let text = try #require(client.received().map { String(decoding: $0, as: UTF8.self) })
            #expect(text.ranges(of: "HTTP/1.1 200").count == 1000)
            #expect(text.ranges(of: "HTTP/1.1 404").count == 1)
        }
    }
}
