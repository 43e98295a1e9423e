import AmphoraObjects
import AmphoraPack
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Bringing files in")
struct FileIngesterTests {
    private let test: TestStore

    init() throws { test = try TestStore() }

    private func source(_ name: String) throws -> SourceFile {
        let path = test.path(name)
        return try SourceFile(path: path, status: FileStatus(of: path, followLinks: true))
    }

    private func ingest(_ name: String) throws -> StoredFile {
        let stored = try FileIngester(test.writer).ingest(source(name))
        try test.writer.finish()
        return stored
    }

    @Test("A small file is the blob that git makes of it", arguments: [0, 1, 5000, 1_048_575])
    func smallFiles(count: Int) throws {
        let bytes = randomBytes(count: count, seed: 1)
        try test.scratch.write("file", bytes)
        let stored = try ingest("file")
        #expect(stored.mode == .file)
        #expect(stored.byteCount == count)
        #expect(try stored.id == ObjectID(hex: git("hash-object", "file", in: test.scratch.path)))
        #expect(try test.git("cat-file", "-s", "\(stored.id)") == "\(count)")
    }

    @Test("The executable bit is kept", arguments: [10, 1 << 20])
    func executable(count: Int) throws {
        try makeExecutable(test.scratch.write("file", randomBytes(count: count, seed: 1)))
        let stored = try ingest("file")
        if count == 10 {
            #expect(stored.mode == .executable)
        } else {
            let marker = try test.git("cat-file", "blob", "\(stored.id):.amphora")
            #expect(marker.contains("\"executable\":true"))
        }
    }

    @Test("From 1,048,576 bytes on a file is chunked")
    func threshold() throws {
        #expect(ChunkedFile.threshold == 1_048_576)
        try test.scratch.write("below", randomBytes(count: 1_048_575, seed: 1))
        try test.scratch.write("at", randomBytes(count: 1_048_576, seed: 1))
        #expect(try ingest("below").mode == .file)
        #expect(try ingest("at").mode == .directory)
    }

    @Test(
        "A chunked file has the trees of the golden vectors, and plain git gets it back", arguments: 0..<3,
        [1, 2, 8])
    func golden(index: Int, workers: Int) throws {
        let vector = GoldenChunkedFiles.all.files[index]
        let bytes = randomBytes(count: vector.byteCount, seed: vector.seed)
        let path = try test.scratch.write("file", bytes)
        if vector.executable { try makeExecutable(path) }
        var counts: [Int] = []
        let stored = try FileIngester(test.writer, workers: workers).ingest(source("file")) {
            counts.append($0)
        }
        try test.writer.finish()
        #expect(
            stored
                == StoredFile(
                    mode: .directory, id: try ObjectID(hex: vector.tree), byteCount: vector.byteCount))
        let names = try test.git("ls-tree", "-r", "--name-only", "\(stored.id)")
        #expect(names.split(separator: "\n").count == vector.chunkCount + 1)
        #expect(counts.reduce(0, +) == vector.byteCount)
        #expect(try test.git("rev-parse", "\(stored.id):.amphora") == vector.marker)
        let groups = try test.git("ls-tree", "-d", "--object-only", "\(stored.id)")
        #expect(groups.split(separator: "\n").map(String.init) == vector.groups)
        // `cat model.pt/*/* > model`, and the other way round: git makes the same tree of the files.
        let script = """
            set -e
            git --work-tree=. read-tree --prefix=model/ \(stored.id)
            mkdir out && git --work-tree=out checkout-index -a
            cat out/model/*/* > back
            git write-tree --prefix=model/
            """
        let result = try run(
            "sh", ["-c", script], in: test.scratch.path, environment: ["GIT_DIR": test.scratch("store.git")])
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output == "\(stored.id)\n")
        #expect(try test.scratch.read("back") == bytes)
    }

    @Test("A file that changed after it was added is refused and named", arguments: [100, 2 << 20])
    func changed(count: Int) throws {
        try test.scratch.write("file", randomBytes(count: count, seed: 1))
        Pause.sleep(nanoseconds: FileStatus.clockTick)
        let source = try source("file")
        try test.scratch.write("file", randomBytes(count: count, seed: 2))
        let error = #expect(throws: FileChanged.self) { try FileIngester(test.writer).ingest(source) }
        #expect(
            error?.message == "'\(test.scratch("file"))' changed after it was added, or while it was read")
        #expect(error?.code == .conflict)
        #expect(error?.hint != nil)
    }

    @Test("A file that grew, shrank or became executable is refused", arguments: ["grow", "shrink", "chmod"])
    func otherChanges(change: String) throws {
        let path = try test.scratch.write("file", randomBytes(count: 1000, seed: 1))
        let source = try source("file")
        switch change {
        case "grow": try test.scratch.write("file", randomBytes(count: 1001, seed: 1))
        case "shrink": try test.scratch.write("file", randomBytes(count: 999, seed: 1))
        default: try makeExecutable(path)
        }
        #expect(throws: FileChanged.self) { try FileIngester(test.writer).ingest(source) }
    }

    @Test("A file rewritten in the tick in which it was added is noticed by its content")
    func freshRewrite() throws {
        // Tried again and again, so that some rewrites fall into the same tick of the clock.
        for attempt in 0..<50 {
            let name = "file\(attempt)"
            try test.scratch.write(name, Array("aaaa".utf8))
            let source = try SourceFile(test.path(name))
            let descriptor = try FileDescriptor.open(test.path(name), .writeOnly)
            try descriptor.closeAfter { _ = try descriptor.writeAll("bbbb".utf8) }
            #expect(throws: FileChanged.self) { try FileIngester(test.writer).ingest(source) }
        }
    }

    @Test("A file that stayed as it was is taken, fresh or large", arguments: [10, 1 << 20])
    func unchanged(count: Int) throws {
        let bytes = randomBytes(count: count, seed: 1)
        try test.scratch.write("file", bytes)
        let stored = try FileIngester(test.writer).ingest(SourceFile(test.path("file")))
        #expect(stored.byteCount == count)
    }

    @Test("A folder, a pipe and nothing at all cannot be added as a file")
    func unsuitable() throws {
        try test.scratch.write("folder/x", "")
        _ = try run("mkfifo", ["pipe"], in: test.scratch.path)
        let folder = #expect(throws: UnsuitableFile.self) { try SourceFile(test.path("folder")) }
        #expect(folder?.message == "cannot add '\(test.scratch("folder"))' as a file: it is a folder")
        #expect(folder?.hint == nil)
        let pipe = #expect(throws: UnsuitableFile.self) { try SourceFile(test.path("pipe")) }
        #expect(pipe?.message == "cannot add '\(test.scratch("pipe"))': it is a socket, a pipe or a device")
        #expect(pipe?.hint?.contains("--exclude") == true)
        let missing = #expect(throws: FileError.self) { try SourceFile(test.path("missing")) }
        #expect(missing?.code == .notFound)
    }

    @Test("A link to a file is added as what it points at")
    func linkToFile() throws {
        try test.scratch.write("file", "content")
        try link(test.scratch("link"), to: "file")
        let stored = try FileIngester(test.writer).ingest(SourceFile(test.path("link")))
        #expect(stored.id == ObjectHasher.id(of: .blob, Array("content".utf8)))
    }

    @Test("A file that vanished is an error that names it")
    func vanished() throws {
        try test.scratch.write("file", "content")
        let source = try source("file")
        try FileManager.default.removeItem(atPath: test.scratch("file"))
        let error = #expect(throws: FileError.self) { try FileIngester(test.writer).ingest(source) }
        #expect(error?.message == "cannot read '\(test.scratch("file"))': No such file or directory")
        #expect(error?.hint == "Check the path and the current folder.")
    }
}
