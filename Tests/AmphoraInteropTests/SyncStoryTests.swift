import Foundation
import TestSupport
import Testing

/// Two people, one remote: the story that sync is for, told with the built programs.
@Suite struct SyncStoryTests {
    /// Somebody's project folder.
    struct Person {
        let name: String
        let folder: String
        let environment: [String: String]

        /// Runs `amphora`, which must succeed, and returns what it prints.
        @discardableResult
        func amphora(_ arguments: String...) throws -> String {
            let result = try attempt(arguments)
            guard result.status == 0 else {
                throw CommandFailed(
                    description:
                        "\(name): amphora \(arguments.joined(separator: " ")): \(result.status) \(result.error)"
                )
            }
            return result.output
        }

        func attempt(_ arguments: [String]) throws -> ProgramResult {
            try run(
                Project.program, arguments, in: folder,
                environment: environment.merging([
                    "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "\(name)@example.com",
                ]) { $1 })
        }

        func write(_ path: String, _ text: String) throws {
            try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
        }

        /// What both must have in common: artifacts, versions and lineage.
        func view() throws -> [String] {
            try [
                "ls --json", "log trained-model --json", "lineage --format json", "run ls --json",
                "alias ls --json",
            ].map {
                try amphora($0.split(separator: " ").map(String.init))
            }
        }

        private func amphora(_ arguments: [String]) throws -> String {
            let result = try attempt(arguments)
            guard result.status == 0 else {
                throw CommandFailed(description: "\(arguments): \(result.error)")
            }
            return result.output
        }
    }

    /// A project in which the tutorial has run: made once, as learning takes its time.
    private static let pipeline = Result {
        let scratch = try Scratch()
        let result = try run("\(productsFolder)/digits-pipeline", [], in: scratch.path)
        guard result.status == 0 else { throw CommandFailed(description: result.error) }
        return scratch
    }

    /// Tells the story.
    ///
    /// - Parameters:
    ///   - address: Of an empty bare repository.
    ///   - bare: Its folder.
    ///   - environment: What a client must have to reach it.
    /// - Throws: If a command fails.
    static func tell(at address: String, bare: String, environment: [String: String] = [:]) throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(atPath: pipeline.get().path, toPath: scratch("ada"))
        let ada = Person(name: "ada", folder: scratch("ada"), environment: environment)
        try ada.amphora("remote", "add", "origin", address)
        try ada.amphora("push")

        // A colleague sees everything, and has no content.
        let outside = Person(name: "grace", folder: scratch.path, environment: environment)
        try outside.amphora("clone", address, "grace")
        let grace = Person(name: "grace", folder: scratch("grace"), environment: environment)
        #expect(try grace.view() == ada.view())
        let blobs = { (person: Person, version: String) in
            let list = try git(
                "ls-tree", "-r", "--format=%(objectname)", "refs/tags/\(version)",
                in: "\(ada.folder)/.amphora")
            let check = try run(
                "git", ["--git-dir=\(person.folder)/.amphora", "cat-file", "--batch-check", "--buffer"],
                in: person.folder,
                // A promisor would be asked otherwise.
                environment: ["GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"], input: list)
            return check.output.split(separator: "\n").count { !$0.hasSuffix(" missing") }
        }
        #expect(try blobs(grace, "mnist-raw/v0") == 0)
        #expect(try blobs(grace, "trained-model/v0") == 0)

        // Only the model comes.
        try grace.amphora("get", "trained-model")
        let model = try Data(contentsOf: URL(filePath: "\(grace.folder)/artifacts/trained-model:v0/model"))
        try ada.amphora("get", "trained-model", "--to", "out")
        #expect(try model == Data(contentsOf: URL(filePath: "\(ada.folder)/out/model")))
        #expect(try blobs(grace, "mnist-raw/v0") == 0)

        // Both work on, offline.
        try grace.amphora("alias", "set", "trained-model:v0", "best")
        try grace.write("model", "of grace")
        try grace.amphora("put", "model", "--name", "trained-model", "--type", "model", "--offline")
        try grace.write("report", "on the model of grace")
        #expect(
            try grace.attempt([
                "run", "--job-type", "report", "--", "sh", "-ec",
                "'\(Project.program)' get trained-model:v1; '\(Project.program)' put report --name report --type text",
            ]).status == 0)
        try ada.write("model", "of ada")
        try ada.amphora("put", "model", "--name", "trained-model", "--type", "model")
        try ada.amphora("push")

        // The second to push makes room.
        let pushed = try grace.amphora("push")
        #expect(pushed.contains("trained-model:v1 → trained-model:v2"))
        try ada.amphora("pull")
        try grace.amphora("pull")
        #expect(try grace.view() == ada.view())
        #expect(try ada.amphora("alias", "ls", "trained-model").contains("v0"))
        #expect(try ada.amphora("cat", "trained-model:v2", "model") == "of grace")
        #expect(try grace.amphora("cat", "trained-model:v1", "model") == "of ada")
        let lineage = try ada.amphora("lineage", "report", "--up")
        #expect(lineage.contains("trained-model:v2"))
        #expect(!lineage.contains("trained-model:v1"))
        for folder in ["\(ada.folder)/.amphora", "\(grace.folder)/.amphora", bare] {
            let fsck = try run("git", ["fsck", "--strict", "--no-dangling"], in: folder)
            #expect(fsck.status == 0, "\(folder): \(fsck.error)")
        }
        try ada.amphora("verify")
        try grace.amphora("verify")
    }

    @Test func throughAFolder() throws {
        let scratch = try Scratch()
        try git("init", "-q", "--bare", "digits.git", in: scratch.path)
        try Self.tell(at: scratch("digits.git"), bare: scratch("digits.git"))
    }

    @Test func throughAnotherStore() throws {
        let scratch = try Scratch()
        let made = try run(Project.program, ["init", "--bare", "digits.git"], in: scratch.path)
        #expect(made.status == 0)
        try Self.tell(at: scratch("digits.git"), bare: scratch("digits.git"))
    }

    @Test func throughAFileURL() throws {
        let scratch = try Scratch()
        try git("init", "-q", "--bare", "digits.git", in: scratch.path)
        try git("config", "uploadpack.allowFilter", "true", in: scratch("digits.git"))
        try Self.tell(at: "file://\(scratch("digits.git"))", bare: scratch("digits.git"))
    }

    @Test(arguments: GitServer.Kind.available) func throughAServer(kind: GitServer.Kind) throws {
        let server = try GitServer(kind)
        let url = try server.makeRepository("digits.git")
        try Self.tell(at: url, bare: "\(server.folder)/digits.git", environment: server.environment)
    }
}
