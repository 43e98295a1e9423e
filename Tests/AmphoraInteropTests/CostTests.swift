import Foundation
import TestSupport
import Testing

@testable import AmphoraBenchmarks

/// Times depend on the machine, counts do not.
///
/// The bounds lie a little above what is needed now: who passes one has made something cost more, and should know.
@Suite("What commands cost, counted")
struct CostTests {
    /// A store, and a folder `in` with files in 20 folders.
    private struct Subject {
        static let fileCount = 500
        static let byteCountOfFile = 16 << 10
        static let byteCount = fileCount * byteCountOfFile
        private static let noise = randomBytes(count: byteCountOfFile - 8, seed: 1)

        let project: Project

        init(fileCount: Int = fileCount) throws {
            project = try Project()
            for index in 0..<fileCount { try write(index, content: index) }
            settle()
        }

        private func write(_ index: Int, content: Int) throws {
            let bytes = withUnsafeBytes(of: content) { Array($0) } + Self.noise
            try project.scratch.write("in/\(index % 20)/\(index)", bytes)
        }

        /// Changes one file in a hundred.
        func change() throws {
            for index in 0..<(Self.fileCount / 100) { try write(index, content: index + Self.fileCount) }
            settle()
        }

        /// Lets a tick of the file system's clock pass, so that a file's times tell of every later change.
        func settle() { Thread.sleep(forTimeInterval: 0.05) }

        @discardableResult
        func put() throws -> ProcessCost { try cost("put", "in", "--name", "data", "--type", "t") }

        /// Runs `amphora`, which must succeed.
        func cost(_ arguments: String...) throws -> ProcessCost {
            let process = MeasuredProcess(
                arguments: [Project.program] + arguments, folder: project.folder,
                environment: hermeticEnvironment(home: project.folder))
            var outcome: MeasuredProcess.Outcome?
            try withoutBlockedSignals { outcome = try process.run() }
            let done = try #require(outcome)
            #expect(done.status == 0, "\(done.output)")
            return done.cost
        }

        struct Growth {
            let cost: ProcessCost
            let looseObjects: Int
            let packedObjects: Int
            let packs: Int
            /// Length of all files but the index, which is a cache.
            let bytes: Int
        }

        /// What a command adds to the store.
        func growth(of command: () throws -> ProcessCost) throws -> Growth {
            let before = (try objectCounts(), try storeByteCount())
            let cost = try command()
            let after = (try objectCounts(), try storeByteCount())
            func growth(_ name: String) -> Int { after.0[name, default: 0] - before.0[name, default: 0] }
            return Growth(
                cost: cost, looseObjects: growth("count"), packedObjects: growth("in-pack"),
                packs: growth("packs"), bytes: after.1 - before.1)
        }

        private func objectCounts() throws -> [String: Int] {
            try git("count-objects", "-v", in: project.store).split(separator: "\n").reduce(into: [:]) {
                let words = $1.split(separator: ": ")
                $0[String(words[0])] = Int(words[1])
            }
        }

        private func storeByteCount() throws -> Int {
            try FileManager.default.subpathsOfDirectory(atPath: project.store).reduce(0) { sum, name in
                let facts = try FileManager.default.attributesOfItem(atPath: "\(project.store)/\(name)")
                let isFile =
                    facts[.type] as? FileAttributeType == .typeRegular && !name.hasPrefix("amphora/")
                return sum + (isFile ? facts[.size] as? Int ?? 0 : 0)
            }
        }

        /// How often `amphora` makes something durable.
        func syncCount(_ arguments: [String]) throws -> Int {
            let trace = project.scratch("trace")
            let result = try run(
                "strace",
                ["-f", "-qq", "-o", trace, "-e", "trace=fsync,fdatasync,sync,syncfs", Project.program]
                    + arguments,
                in: project.folder)
            #expect(result.status == 0, "\(result.error)")
            return String(decoding: try project.scratch.read("trace"), as: UTF8.self).split(separator: "\n")
                .count {
                    $0.contains("sync(") || $0.contains("syncfs(")
                }
        }
    }

    /// strace(1) is not everywhere, and not everywhere allowed.
    private static let canTrace = (try? run("strace", ["-o", "/dev/null", "true"], in: "/"))?.status == 0

    @Test("A put of one small file is some loose objects")
    func oneFile() throws {
        let subject = try Subject(fileCount: 1)
        let growth = try subject.growth { try subject.put() }
        #expect(growth.packs == 0)
        #expect(growth.looseObjects <= 16, "file, folders, version and run")
        #expect(growth.bytes < 64 << 10)
        if let written = growth.cost.writtenByteCount { #expect(written < 128 << 10) }
    }

    @Test("A put of many files is one pack, which is written once; each file is read once")
    func manyFiles() throws {
        let subject = try Subject()
        let growth = try subject.growth { try subject.put() }
        #expect(growth.packs == 1)
        #expect(growth.packedObjects == Subject.fileCount + 21, "files and their folders")
        #expect(growth.looseObjects <= 14, "version and run")
        #expect(growth.bytes < Subject.byteCount + 1 << 20)
        if let written = growth.cost.writtenByteCount, let read = growth.cost.readByteCount {
            #expect(written < Subject.byteCount + 1 << 20)
            #expect(read < 2 * Subject.byteCount + 1 << 20, "the pack is read again for its checksum")
        }
    }

    @Test("A change of one file in a hundred costs its size; the other files are not read")
    func fewChanges() throws {
        let subject = try Subject()
        try subject.put()
        try subject.change()
        let growth = try subject.growth { try subject.put() }
        #expect(growth.looseObjects + growth.packedObjects <= 5 + 6 + 14, "files, folders, version and run")
        #expect(growth.bytes < 5 * Subject.byteCountOfFile + 64 << 10)
        if let written = growth.cost.writtenByteCount, let read = growth.cost.readByteCount {
            #expect(written < 1 << 20)
            #expect(read < 1 << 20)
        }
    }

    @Test("A put of what is there already stores no content and reads none")
    func unchanged() throws {
        let subject = try Subject()
        try subject.put()
        let growth = try subject.growth { try subject.put() }
        #expect(growth.packedObjects == 0)
        #expect(growth.looseObjects <= 12, "the run")
        #expect(growth.bytes < 32 << 10)
        if let written = growth.cost.writtenByteCount, let read = growth.cost.readByteCount {
            #expect(written < 512 << 10)
            #expect(read < 1 << 20)
        }
    }

    @Test("A get writes each file once; what is in place is neither read nor written")
    func get() throws {
        let subject = try Subject()
        try subject.put()
        let first = try subject.cost("get", "data", "--to", "out")
        subject.settle()
        let second = try subject.cost("get", "data", "--to", "out")
        if let written = first.writtenByteCount, let read = first.readByteCount {
            #expect(written < Subject.byteCount + 1 << 20)
            #expect(read < 2 * Subject.byteCount + 1 << 20, "packs are read ahead, by each thread")
        }
        if let written = second.writtenByteCount, let read = second.readByteCount {
            #expect(written < 512 << 10)
            #expect(read < 1 << 20)
        }
    }

    @Test("A large file is read once, and written once")
    func largeFile() throws {
        let subject = try Subject(fileCount: 0)
        let byteCount = 24 << 20
        try subject.project.scratch.write("in/large", randomBytes(count: byteCount, seed: 1))
        let growth = try subject.growth { try subject.put() }
        #expect(growth.packs == 1)
        #expect(growth.packedObjects < byteCount / (48 << 10), "chunks of 64 KiB and more, and their groups")
        #expect(growth.bytes < byteCount + byteCount / 100 + 256 << 10)
        if let written = growth.cost.writtenByteCount, let read = growth.cost.readByteCount {
            #expect(written < byteCount + byteCount / 100 + 256 << 10)
            #expect(read < 2 * byteCount + 1 << 20, "the pack is read again for its checksum")
        }
    }

    @Test(
        "Durability costs a bounded number of syncs, however many files there are",
        .enabled(if: canTrace, "strace is not installed, or not allowed"))
    func syncs() throws {
        let put = ["put", "in", "--name", "data", "--type", "t"]
        #expect(try Subject(fileCount: 1).syncCount(put) <= 80)
        let subject = try Subject()
        #expect(try subject.syncCount(put) <= 80)
        try subject.change()
        #expect(try subject.syncCount(put) <= 100)
        #expect(try subject.syncCount(put) <= 50)
        #expect(try subject.syncCount(["get", "data", "--to", "out"]) <= 6)
    }
}
