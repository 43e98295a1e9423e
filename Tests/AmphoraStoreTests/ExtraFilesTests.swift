import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Removing what is not of the version")
struct ExtraFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func remove(keeping paths: [String]) throws -> Int {
        try ExtraFiles.remove(from: FilePath(scratch("target")), keeping: Set(paths.map { Array($0.utf8) }))
    }

    private func found() throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: scratch("target")))
    }

    @Test("Files and folders that the version has stay, all others go, and files are counted")
    func removing() throws {
        for name in ["a/b/keep", "a/b/extra", "a/extra", "gone/x/y", "keep", "ab"] {
            try scratch.write("target/\(name)", "")
        }
        try FileManager.default.createDirectory(
            atPath: scratch("target/empty/below"), withIntermediateDirectories: true)
        #expect(try remove(keeping: ["a/b/keep", "keep", "missing/file"]) == 4)
        #expect(try found() == ["a", "a/b", "a/b/keep", "keep"])
        #expect(try remove(keeping: ["a/b/keep", "keep"]) == 0)
    }

    @Test("A link is removed, what it points at is not touched")
    func links() throws {
        try scratch.write("outside/file", "")
        try scratch.write("target/keep", "")
        try link(scratch("target/folder"), to: scratch("outside"))
        try link(scratch("target/file"), to: scratch("outside/file"))
        try link(scratch("target/dangling"), to: "nothing")
        #expect(try remove(keeping: ["keep"]) == 3)
        #expect(try found() == ["keep"])
        #expect(scratch.exists("outside/file"))
    }

    @Test("A target that is not there is an error")
    func missing() {
        #expect(throws: FileError.self) { try remove(keeping: []) }
    }
}

@Suite("Temporary folders")
struct TemporaryFolderTests {
    @Test("A folder is there as long as it is needed, and goes with all that is in it")
    func lifetime() throws {
        let scratch = try Scratch()
        try scratch.write("outside", "")
        var folder: TemporaryFolder? = try TemporaryFolder(in: FilePath(scratch.path), prefix: "tmp-")
        let path = try #require(folder?.path)
        #expect(path.lastComponent?.string.hasPrefix("tmp-") == true)
        try path.appending("a").makeFolders()
        try path.appending("a/file").write("text")
        try link(path.appending("link").string, to: scratch("outside"))
        #expect(try path.folderEntries() == ["a", "link"].map { Array($0.utf8) })
        folder = nil
        #expect(try FilePath(scratch.path).folderEntries() == [Array("outside".utf8)])
    }

    @Test("In a folder that is not there, none can be made")
    func noParent() {
        #expect(throws: FileError.self) { try TemporaryFolder(in: "/nowhere/at/all", prefix: "x") }
    }
}
