import Foundation
import TestSupport

/// A bare store cloned light, with the real git alone, from a project's.
struct LightStore {
    let scratch: Scratch
    let origin: Project

    /// - Parameters:
    ///   - origin: The project, in which versions and runs are already.
    ///   - filter: What git leaves out of versions.
    /// - Throws: If git fails.
    init(of origin: Project, filter: String = "tree:0") throws {
        self.origin = origin
        scratch = try Scratch()
        try script(
            """
            git clone -q --bare --filter=\(filter) 'file://\(origin.store)' '\(path)' && cd '\(path)'
            root=$(git --git-dir='\(origin.store)' cat-file commit refs/amphora/root | git hash-object -w -t commit --stdin)
            git hash-object -w -t tree /dev/null; git update-ref refs/amphora/root $root; echo $root > shallow
            git fetch -q --filter=blob:limit=65536 origin 'refs/notes/*:refs/notes/*'
            for key in amphora.formatVersion core.bigFileThreshold gc.auto; do
                git config $key "$(git --git-dir='\(origin.store)' config $key)"
            done
            git config repack.writeBitmaps false
            """, in: scratch.path)
    }

    /// The repository.
    var path: String { scratch("light.git") }

    /// Runs a shell script, which must succeed, and returns what it prints.
    @discardableResult
    func script(_ text: String, in folder: String? = nil) throws -> String {
        let result = try run("sh", ["-ec", text], in: folder ?? path)
        guard result.status == 0 else { throw CommandFailed(description: "\(result.status) \(result.error)") }
        return result.output.trimmingCharacters(in: .newlines)
    }

    func attempt(_ arguments: String...) throws -> ProgramResult {
        try run(Project.program, arguments, in: path)
    }

    /// Runs `amphora`, which must succeed, and returns what it prints.
    @discardableResult
    func amphora(_ arguments: String...) throws -> String {
        let result = try run(Project.program, arguments, in: path)
        guard result.status == 0 else {
            throw CommandFailed(
                description: "amphora \(arguments.joined(separator: " ")): \(result.status) \(result.error)")
        }
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// What `git fsck` finds wrong, bringing nothing.
    func fsck() throws -> String {
        let result = try run(
            "git", ["fsck", "--strict", "--no-dangling"], in: path,
            environment: ["GIT_ALLOW_PROTOCOL": "none"])
        return result.status == 0 ? result.error : "status \(result.status): \(result.output)\(result.error)"
    }

    /// The object that a name of git's stands for in the origin.
    func id(_ name: String) throws -> String {
        try git("rev-parse", name, in: origin.store).trimmingCharacters(in: .newlines)
    }

    /// Brings one object.
    func fetch(_ id: String) throws {
        try script(
            "git -c fetch.negotiationAlgorithm=noop fetch -q --no-tags --no-write-fetch-head origin \(id)")
    }

    /// Brings a version's trees without blobs, as one fetch of git's.
    func fetchTrees(of version: String) throws {
        try script(
            """
            git -c fetch.negotiationAlgorithm=noop fetch -q --filter=blob:none --no-tags --no-write-fetch-head \
                origin \(id("\(version)^{tree}"))
            """)
    }

    /// Brings all that is missing of a version's trees.
    func fetchBlobs(of version: String) throws {
        try script(
            """
            git rev-list --objects --missing=print \(id("\(version)^{tree}")) | sed -n 's/^?//p' |
                git -c fetch.negotiationAlgorithm=noop fetch -q --no-tags --no-write-fetch-head --stdin origin
            """)
    }

    /// The IDs in each pack, with whether it is a promisor pack.
    func packs() throws -> [(isPromisor: Bool, ids: Set<String>)] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/objects/pack").filter {
            $0.hasSuffix(".idx")
        }.map { name in
            let lines = try script("git show-index < objects/pack/\(name) | cut -d' ' -f2")
            let promisor = "\(path)/objects/pack/\(name.dropLast(4)).promisor"
            return (
                FileManager.default.fileExists(atPath: promisor),
                Set(lines.split(separator: "\n").map(String.init))
            )
        }
    }
}
