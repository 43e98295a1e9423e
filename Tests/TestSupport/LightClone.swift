import Foundation

/// A bare store with all versions, aliases and runs of another one, made by the real git; of content only what
/// the runs hold in files up to 64 KiB.
public struct LightClone: Sendable {
    /// The store that it was cloned from.
    public let origin: String
    public let folder: String

    /// - Parameters:
    ///   - origin: The repository of a store.
    ///   - folder: Made here.
    /// - Throws: ``ProgramFailed``.
    public init(of origin: String, at folder: String) throws {
        self.origin = origin
        self.folder = folder
        try git("init", "--quiet", "--bare", folder, in: origin)
        try git("config", "amphora.formatVersion", "1", in: folder)
        // Not by a fetch: git 2.39 then looks for the trees of versions, in more and more processes.
        try copy("git rev-list --objects --no-object-names --filter=blob:limit=64k --glob=refs/notes")
        let refs = "git for-each-ref refs/tags refs/heads refs/notes refs/amphora --format"
        try copy("\(refs)='%(objectname)'")
        try shell("\(refs)='create %(refname) %(objectname)' | git --git-dir='\(folder)' update-ref --stdin")
    }

    /// Copies objects from the origin, with all below trees that the filter lets through.
    ///
    /// - Parameters:
    ///   - objects: Anything that names one in the origin, such as `data/v0:folder`.
    ///   - filter: As git-rev-list(1) has them.
    /// - Returns: How many objects were copied.
    /// - Throws: ``ProgramFailed``.
    @discardableResult
    public func bring(_ objects: [String], filter: String? = nil) throws -> Int {
        let scratch = try Scratch()
        let names = try scratch.write("names", objects.map { "\($0)\n" }.joined())
        let filter = filter.map { "--filter=\($0) --filter-provided-objects" } ?? ""
        return try copy("git rev-list --objects --no-object-names \(filter) --stdin <'\(names)'")
    }

    /// Copies the objects that a command lists.
    ///
    /// - Returns: How many there are.
    @discardableResult
    private func copy(_ list: String) throws -> Int {
        let count = try shell(
            """
            ids=$(\(list) | sort -u)
            name=$(git pack-objects --quiet '\(folder)/objects/pack/pack' <<<"$ids")
            touch '\(folder)/objects/pack/pack-'"$name"'.promisor'
            wc -l <<<"$ids"
            """)
        return Int(count.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    @discardableResult
    private func shell(_ script: String) throws -> String {
        let result = try run("bash", ["-c", "set -e -o pipefail\n\(script)"], in: origin)
        guard result.status == 0 else { throw ProgramFailed(description: result.error) }
        return result.output
    }
}
