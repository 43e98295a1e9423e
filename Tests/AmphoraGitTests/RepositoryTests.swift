import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraGit

@Suite("Repositories")
struct RepositoryTests {
    @Test("What is made is a bare repository, which git opens and finds nothing wrong with")
    func creation() throws {
        let scratch = try Scratch()
        let repository = try Repository.create(path: scratch.path, head: "refs/heads/mnist/latest")
        #expect(try git("rev-parse", "--is-bare-repository", in: scratch.path) == "true\n")
        #expect(try git("symbolic-ref", "HEAD", in: scratch.path) == "refs/heads/mnist/latest\n")
        #expect(repository.path.hasSuffix("/"))
        #expect(isSameFolder(repository.path, scratch.path))
        try git("fsck", "--strict", in: scratch.path)
    }

    private func isSameFolder(_ first: String, _ second: String) -> Bool {
        URL(filePath: first).resolvingSymlinksInPath().path
            == URL(filePath: second).resolvingSymlinksInPath().path
    }

    @Test("A repository that is there is not made again")
    func noSecondCreation() throws {
        let repository = try TestRepository()
        let error = #expect(throws: GitError.self) {
            try Repository.create(path: repository.path, head: "refs/heads/x")
        }
        #expect(error?.code == .alreadyExists)
    }

    @Test("A missing folder, an empty one, one below a repository and one with a work tree are not found")
    func notFound() throws {
        let scratch = try Scratch()
        let repository = try TestRepository()
        try git("init", "--quiet", "work", in: scratch.path)
        try FileManager.default.createDirectory(
            atPath: repository.scratch("below"), withIntermediateDirectories: true)
        for path in [scratch("missing"), scratch.path, repository.scratch("below"), scratch("work")] {
            let error = #expect(throws: GitError.self) { try Repository(path: path) }
            #expect(error?.code == .notFound, "\(path)")
            #expect(error?.message.isEmpty == false)
        }
        #expect(try Repository(path: scratch("work/.git")).path.hasSuffix(".git/"))
    }

    @Test("A configuration that cannot be read is an error, not a missing repository")
    func damagedConfiguration() throws {
        let repository = try TestRepository()
        try repository.scratch.write("config", "[core\nbare = true\n")
        let error = #expect(throws: GitError.self) { try Repository(path: repository.path) }
        #expect(error?.code == .corrupt)
    }

    @Test("Settings are written where git reads them; of a key given twice the last value counts")
    func configuration() throws {
        let test = try TestRepository()
        let repository = try test.open()
        #expect(try repository.configuration("amphora.formatVersion") == nil)
        try repository.setConfiguration([("amphora.formatVersion", "1"), ("gc.auto", "1"), ("gc.auto", "0")])
        #expect(try test.git("config", "amphora.formatVersion") == "1")
        #expect(try test.git("config", "--get-all", "gc.auto") == "0")
        #expect(try repository.configuration("amphora.formatVersion") == "1")
        try test.git("config", "amphora.formatVersion", "2")
        #expect(try test.open().configuration("amphora.formatVersion") == "2")
    }

    @Test("A setting that there is stays, be it in another spelling or given several times")
    func missingConfiguration() throws {
        let test = try TestRepository()
        try test.git("config", "core.PAGER", "less")
        try test.git("config", "--add", "a.b", "1")
        try test.git("config", "--add", "a.b", "2")
        try test.open().setMissingConfiguration([("core.pager", "more"), ("a.b", "3"), ("a.c", "4")])
        #expect(try test.git("config", "core.pager") == "less")
        #expect(try test.git("config", "--get-all", "a.b") == "1\n2")
        #expect(try test.git("config", "a.c") == "4")
    }

    @Test("A key that git does not allow is an error")
    func malformedKey() throws {
        let repository = try TestRepository().open()
        #expect(throws: GitError.self) { try repository.configuration("no key") }
        #expect(throws: GitError.self) { try repository.setConfiguration([("no key", "1")]) }
    }

    @Test("The identity is known only with a name and an address")
    func identity() throws {
        let test = try TestRepository()
        let repository = try test.open()
        try test.git("config", "user.name", "Ada")
        try test.git("config", "user.email", "ada@example.com")
        let identity = try #require(repository.configuredIdentity)
        #expect(identity.name == "Ada")
        #expect(identity.email == "ada@example.com")
    }
}

@Suite("Failures of libgit2")
struct GitErrorTests {
    private func error(_ status: Int32, _ detail: String = "") -> GitError {
        GitError(status: status, detail: detail, function: "git_function")
    }

    @Test(
        "A status has its class of failure",
        arguments: [
            (-3, .notFound), (-4, .alreadyExists), (-15, .conflict), (-14, .locked), (-12, .invalidArgument),
            (-33, .corrupt), (-1, .internal), (-1000, .internal),
        ] as [(Int32, ErrorCode)])
    func codes(status: Int32, code: ErrorCode) {
        #expect(error(status).code == code)
    }

    @Test("The text is libgit2's, or the function and the status where it has none")
    func messages() {
        #expect(error(-1, "odd").message == "odd")
        #expect(error(-7).message == "git_function failed with status -7")
        #expect(error(-1, "odd").hint == nil)
    }

    @Test("A full disk is told apart by its text")
    func fullDisk() {
        let full = error(-1, "could not write: No space left on device")
        #expect(full.code == .unavailable)
        #expect(full.hint?.contains("Free some space") == true)
    }
}
