import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

/// Finds the objects that one repository has and another needs, object by object: that a tree is there does not prove
/// that what is below it is.
struct ObjectWalk {
    /// Which of the blobs that trees name are needed.
    enum Blobs {
        case none, small, all
    }

    private static let smallByteCount = 64 << 10

    private let source: Repository
    private let target: Repository
    private let isThere: (ObjectID) throws -> Bool
    private var seen: Set<ObjectID> = []

    /// What is to be copied.
    private(set) var wanted: [ObjectID: ObjectKind] = [:]
    /// What neither has.
    private var missing: [ObjectID] = []

    /// - Parameters:
    ///   - source: Has the objects.
    ///   - target: Is to have them.
    ///   - isThere: Whether the target has an object.
    init(from source: Repository, to target: Repository, isThere: @escaping (ObjectID) throws -> Bool) {
        self.source = source
        self.target = target
        self.isThere = isThere
    }

    /// Adds objects alone.
    mutating func add(_ ids: [ObjectID], as kind: ObjectKind) throws {
        for id in ids where seen.insert(id).inserted {
            guard try !isThere(id) else { continue }
            note(id, kind)
        }
    }

    /// Adds objects and what they name, and what that names; of a commit's parents those that are not there, for
    /// a commit arrives after all that it needs.
    mutating func addAll(below roots: [(id: ObjectID, kind: ObjectKind)], _ blobs: Blobs) throws {
        var stack = roots
        let rootIDs = Set(roots.map(\.id))
        while let (id, kind) = stack.popLast() {
            guard seen.insert(id).inserted else { continue }
            let isThere = try isThere(id)
            if kind == .blob {
                if !isThere, isNeeded(id, blobs) { note(id, kind) }
                continue
            }
            if kind == .commit, isThere, !rootIDs.contains(id) { continue }
            // Git knows it without having it.
            if id == TreeID.empty.objectID {
                if !isThere, source.contains(id) { wanted[id] = kind }
                continue
            }
            guard let bytes = try read(id, kind, isThere: isThere) else {
                missing.append(id)
                continue
            }
            if !isThere { wanted[id] = kind }
            stack += try ObjectLinks.links(in: bytes, kind).compactMap { link in
                link.kind.map { (link.id, $0) }
            }
        }
    }

    /// What neither has, sorted.
    ///
    /// - Throws: `DamagedObject` if it may be in a pack that cannot be read.
    func findMissing() throws -> [ObjectID] {
        guard let first = missing.first else { return [] }
        do {
            _ = try source.byteCount(of: first)
        } catch {
            guard error is MissingObject else { throw error }
        }
        return missing.sorted()
    }

    private mutating func note(_ id: ObjectID, _ kind: ObjectKind) {
        if source.contains(id, mayBeStale: true) || source.contains(id) {
            wanted[id] = kind
        } else {
            missing.append(id)
        }
    }

    private func isNeeded(_ id: ObjectID, _ blobs: Blobs) -> Bool {
        switch blobs {
        case .none: false
        // Who has no length to tell does not have it, and need not.
        case .small: (try? source.byteCount(of: id)).map { $0 <= Self.smallByteCount } ?? false
        case .all: true
        }
    }

    private func read(_ id: ObjectID, _ kind: ObjectKind, isThere: Bool) throws -> [UInt8]? {
        do {
            return try source.read(id, as: kind)
        } catch {
            guard error is MissingObject else { throw error }
            return isThere ? try target.read(id, as: kind) : nil
        }
    }
}
