import AmphoraObjects
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Walking a folder")
struct FolderWalkTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch("root"), withIntermediateDirectories: true)
    }

    private func content(links: LinkPolicy = .inside, excludes: [String] = []) throws -> FolderContent {
        var rules = IgnoreRules()
        for exclude in excludes { rules.add(pattern: exclude) }
        return try FolderWalk.content(of: FilePath(scratch("root")), links: links, excludes: rules)
    }

    private func paths(_ content: FolderContent) -> [String] {
        content.files.map { String(decoding: $0.path, as: UTF8.self) }
    }

    @Test("All files are found, sorted as bytes in each folder; empty folders are not kept")
    func files() throws {
        for name in ["b", "B", "a/z", "a/y/x", "ä", ".hidden", "a.txt"] {
            try scratch.write("root/\(name)", name)
        }
        try FileManager.default.createDirectory(
            atPath: scratch("root/empty/below"), withIntermediateDirectories: true)
        let content = try content()
        #expect(paths(content) == [".hidden", "B", "a.txt", "b", "ä", "a/z", "a/y/x"])
        for (path, source) in content.files {
            let text = String(decoding: path, as: UTF8.self)
            #expect(source.path == FilePath(scratch("root/\(text)")))
            #expect(source.status.byteCount == text.utf8.count)
            #expect(!source.status.isRacy(at: FileStatus.now()), "its status shows every later change")
        }
        #expect(content.skippedLinkCount == 0)
        #expect(content.skippedRepositories.isEmpty)
    }

    @Test("The root may be a link, or empty")
    func rootLink() throws {
        #expect(try content().files.isEmpty)
        try scratch.write("root/a", "")
        try link(scratch("alias"), to: "root")
        let content = try FolderWalk.content(of: FilePath(scratch("alias")))
        #expect(paths(content) == ["a"])
    }

    @Test("A root that is missing or a file is an error")
    func badRoot() throws {
        try scratch.write("file", "")
        #expect(throws: FileError.self) { try FolderWalk.content(of: FilePath(scratch("missing"))) }
        #expect(throws: FileError.self) { try FolderWalk.content(of: FilePath(scratch("file"))) }
    }

    enum LinkKind: String, CaseIterable {
        case file, folder, leaving, leavingFolder, dangling, itself, above

        var target: String {
            switch self {
            case .file: "a/file"
            case .folder: "a"
            case .leaving: "../outside/file"
            case .leavingFolder: "../outside"
            case .dangling: "nothing"
            case .itself: "link"
            case .above: "."
            }
        }
    }

    @Test(
        "A link is followed, refused or left out as the policy says", arguments: LinkKind.allCases,
        LinkPolicy.allCases)
    func links(kind: LinkKind, policy: LinkPolicy) throws {
        try scratch.write("root/a/file", "inside")
        try scratch.write("outside/file", "outside")
        try link(scratch("root/link"), to: kind.target)
        if policy == .skip {
            let content = try content(links: .skip)
            #expect(paths(content) == ["a/file"])
            #expect(content.skippedLinkCount == 1)
            return
        }
        let path = scratch("root/link")
        let found: [String]?
        let message: String?
        switch kind {
        case .file: (found, message) = (["a/file", "link"], nil)
        case .folder: (found, message) = (["a/file", "link/file"], nil)
        case .leaving:
            (found, message) = (
                policy == .follow ? ["a/file", "link"] : nil, "leads out of the folder, to '"
            )
        case .leavingFolder:
            (found, message) = (
                policy == .follow ? ["a/file", "link/file"] : nil, "leads out of the folder, to '"
            )
        case .dangling: (found, message) = (nil, "the link '\(path)' points at nothing")
        case .itself, .above: (found, message) = (nil, "the link '\(path)' leads in a circle")
        }
        if let found {
            #expect(try Set(paths(content(links: policy))) == Set(found))
        } else {
            let error = #expect(throws: UnsuitableLink.self) { try content(links: policy) }
            #expect(error?.message.contains(message ?? "") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("'\(path)'") == true)
            #expect(error?.hint?.contains("--links skip") == true)
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("A link to a folder whose name only begins like the root's leads out")
    func similarName() throws {
        try scratch.write("root2/file", "")
        try link(scratch("root/link"), to: "../root2/file")
        #expect(throws: UnsuitableLink.self) { try content() }
    }

    @Test("A link that is excluded is not looked at")
    func excludedLink() throws {
        try scratch.write("root/a", "")
        try link(scratch("root/link"), to: "nothing")
        #expect(try paths(content(excludes: ["link"])) == ["a"])
        #expect(try content(links: .skip, excludes: ["link"]).skippedLinkCount == 0)
    }

    @Test("Excludes and the nearest .amphoraignore decide what is left out")
    func ignoring() throws {
        for name in ["a.tmp", "a.txt", "sub/b.tmp", "sub/keep.tmp", "sub/c.log", "logs/x", "cache/x/y"] {
            try scratch.write("root/\(name)", "")
        }
        try scratch.write("root/.amphoraignore", "*.tmp\nlogs/\n")
        try scratch.write("root/sub/.amphoraignore", "!keep.tmp\n*.log\n")
        let found = try paths(content(excludes: ["/cache"]))
        #expect(found == [".amphoraignore", "a.txt", "sub/.amphoraignore", "sub/keep.tmp"])
    }

    @Test("A file named .git, a folder of that name and a store are skipped and told")
    func repositories() throws {
        try scratch.write("root/.git/config", "")
        try scratch.write("root/sub/.git", "gitdir: elsewhere\n")
        try scratch.write("root/sub/x", "")
        for store in [".amphora", "any.name"] {
            for name in ["objects", "refs"] { try scratch.write("root/\(store)/\(name)/x", "") }
            try scratch.write("root/\(store)/config", "[amphora]\n\tformat = 1\n")
        }
        try scratch.write("root/.amphora-partial-x/0", "")
        let content = try content()
        #expect(paths(content) == ["sub/x"])
        #expect(
            content.skippedRepositories.map { String(decoding: $0, as: UTF8.self) } == [
                ".amphora", ".git", "any.name", "sub/.git",
            ])
    }

    @Test(
        "Names that git or the format refuses are named with their path",
        arguments: [".amphora", ".GIT", "git~1", ".git."])
    func refusedNames(name: String) throws {
        try scratch.write("root/sub/\(name)", "")
        let error = #expect(throws: InvalidEntryName.self) { try content() }
        #expect(error?.message.contains("'sub/\(name)'") == true)
        #expect(try paths(content(excludes: [name])) == [])
    }

    @Test("A name that is not UTF-8 is refused and shown with its bytes")
    func notUTF8() throws {
        try scratch.write("root/a", "")
        let path = FilePath(scratch("root")).appending(bytes: [0x61, 0xff])
        try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
        let error = #expect(throws: InvalidEntryName.self) { try content() }
        #expect(error?.message == "the path 'a\\xff' is not allowed: the name is not UTF-8")
    }

    @Test("Two Unicode forms of a name are two files")
    func unicodeForms() throws {
        try scratch.write("root/caf\u{e9}", "1")
        try scratch.write("root/cafe\u{301}", "2")
        #expect(try content().files.map(\.path) == ["cafe\u{301}", "caf\u{e9}"].map { Array($0.utf8) })
    }

    @Test("A pipe is refused, unless it is excluded")
    func pipe() throws {
        _ = try run("mkfifo", ["root/pipe"], in: scratch.path)
        let error = #expect(throws: UnsuitableFile.self) { try content() }
        #expect(error?.message == "cannot add '\(scratch("root/pipe"))': it is a socket, a pipe or a device")
        #expect(try paths(content(excludes: ["pipe"])) == [])
    }
}
