import AmphoraGit
import AmphoraObjects
import AmphoraPack
import SystemPackage

/// All packed refs of a repository, to be looked up and changed.
struct PackedRefTable {
    private struct Target {
        let id: ObjectID
        /// What an annotated tag stands for.
        var peeledID: ObjectID?
    }

    private static let header = Array("# pack-refs with: peeled fully-peeled sorted \n".utf8)

    private let repository: Repository
    private var targets: [[UInt8]: Target] = [:]
    /// Whether it is known of every tag what it stands for.
    private var isFullyPeeled = true

    static func file(of repository: Repository) -> FilePath {
        FilePath(repository.path).appending("packed-refs")
    }

    /// Reads the file, if there is one.
    init(_ repository: Repository) throws {
        self.repository = repository
        let file = Self.file(of: repository)
        guard (try? FileStatus(of: file, followLinks: false)) != nil else { return }
        var last: [UInt8] = []
        isFullyPeeled = try file.readAll().withUnsafeBytes { bytes in
            try PackedRefs.read(bytes) { name, id in
                last = Array(name)
                targets[last] = Target(id: id)
            } peeled: {
                targets[last]?.peeledID = $0
            }
        }
    }

    var names: some Collection<[UInt8]> { targets.keys }

    subscript(name: [UInt8]) -> ObjectID? { targets[name]?.id }

    /// Points a ref elsewhere, or removes it.
    ///
    /// - Throws: ``MissingObject``, ``DamagedObject``.
    mutating func set(_ name: [UInt8], to id: ObjectID?) throws {
        targets[name] = try id.map { try target($0) }
    }

    private func target(_ id: ObjectID) throws -> Target {
        var peeledID = id
        while try repository.kind(of: peeledID) == .tag {
            guard let next = ObjectLinks.targetOfTag(try repository.read(peeledID, as: .tag)) else {
                throw MalformedObject(kind: "tag", reason: "it names no object")
            }
            peeledID = next.id
        }
        return Target(id: id, peeledID: peeledID == id ? nil : peeledID)
    }

    /// Puts the table, durably, in the file's place.
    ///
    /// The lock of the file stays: until the refs' own files are gone nobody else may pack what they hold. Git has
    /// `packed-refs.new` for that, and fails for ever if it finds one that a killed process left.
    ///
    /// - Precondition: The file is locked.
    func store() throws {
        let file = Self.file(of: repository)
        let new = FilePath("\(file).amphora")
        do {
            try new.writeDurably(encoded())
            try new.rename(to: file)
        } catch {
            try? new.removeFile()
            throw error
        }
        try file.removingLastComponent().syncToDisk()
    }

    private func encoded() -> [UInt8] {
        var bytes = Self.header
        for (name, known) in targets.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let target = isFullyPeeled ? known : (try? target(known.id)) ?? known
            bytes += Array("\(target.id) ".utf8) + name + [UInt8(ascii: "\n")]
            if let peeledID = target.peeledID { bytes += Array("^\(peeledID)\n".utf8) }
        }
        return bytes
    }
}
