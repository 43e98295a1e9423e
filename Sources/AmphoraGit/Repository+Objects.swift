package import AmphoraObjects
package import AmphoraPack
import CLibgit2

extension Repository {
    /// Reads a whole object, its hash checked.
    ///
    /// - Throws: ``MissingObject``, ``DamagedObject``, or ``GitError``.
    package func read(_ id: ObjectID, as kind: ObjectKind) throws -> [UInt8] {
        try withObject(id, as: kind) { Array($0) }
    }

    /// Lends the bytes of a whole object, its hash checked.
    ///
    /// - Parameters:
    ///   - id: The object.
    ///   - kind: What it must be.
    ///   - body: Gets bytes that are valid only during the call.
    /// - Returns: What `body` returns.
    /// - Throws: ``MissingObject``, ``DamagedObject``, ``GitError``, or what `body` throws.
    package func withObject<Result>(
        _ id: ObjectID, as kind: ObjectKind, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let buffer = idleBuffer ?? ByteBuffer()
        idleBuffer = nil
        defer {
            buffer.trim()
            idleBuffer = buffer
        }
        var damage: (any Error)?
        func find() -> PackSet.Object? {
            do {
                return try packs.object(id, into: buffer, with: entries)
            } catch {
                damage = error
                return nil
            }
        }
        func lend(_ object: PackSet.Object) throws -> Result {
            guard object.kind == kind else { throw DamagedObject(id: id, expected: kind) }
            return try body(object.content)
        }
        if let object = find() { return try lend(object) }
        if let result = try withLooseObject(id, as: kind, body) { return result }
        // Meanwhile it may have been packed, or packed anew.
        packs.refresh(in: path)
        if let object = find() { return try lend(object) }
        try checkPlace(of: id)
        var oid = git_oid(id)
        let object: OpaquePointer
        do {
            object = try git("git_odb_read") { git_odb_read(&$0, odb, &oid) }
        } catch {
            throw damage.map { DamagedObject(id: id, cause: $0) } ?? problem(with: id, error)
        }
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == kind.type else { throw DamagedObject(id: id, expected: kind) }
        return try body(
            UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }

    /// Reads an object into a buffer that is as long as it.
    ///
    /// The hash is not checked where that would cost time: whoever calls must know a hash of the whole that
    /// the object is a part of.
    ///
    /// - Throws: As ``withObject(_:as:_:)``; ``DamagedObject`` if it has another length.
    package func readUnverified(
        _ id: ObjectID, as kind: ObjectKind, into target: UnsafeMutableRawBufferPointer
    ) throws {
        // Mostly the object is whole in a pack. Where not, the other way knows why.
        if let (pack, offset) = packs.location(of: id),
            (try? entries.read(id, at: offset, in: pack, into: target, isVerified: false)) == kind
        {
            return
        }
        try withObject(id, as: kind) { bytes in
            guard bytes.count == target.count else { throw DamagedObject(id: id, expected: kind) }
            target.copyMemory(from: bytes)
        }
    }

    /// Reads a tree.
    package func tree(_ id: TreeID) throws -> Tree {
        if id == .empty { return Tree([]) }
        return try decoding(id.objectID) { try Tree(decoding: read(id.objectID, as: .tree)) }
    }

    /// Reads a commit.
    package func commit(_ id: CommitID) throws -> Commit {
        try decoding(id.objectID) { try Commit(decoding: read(id.objectID, as: .commit)) }
    }

    private func decoding<Value>(_ id: ObjectID, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw error is MalformedObject ? DamagedObject(id: id, cause: error) : error
        }
    }

    /// Length of an object in bytes, without reading all of it.
    package func byteCount(of id: ObjectID) throws -> Int {
        if let (pack, offset) = packs.location(of: id),
            let entry = try? entries.entry(at: offset, in: pack)
        {
            return entry.contentCount
        }
        try checkPlace(of: id)
        var oid = git_oid(id)
        var length = 0
        var type = GIT_OBJECT_ANY
        do {
            try git("git_odb_read_header") { git_odb_read_header(&length, &type, odb, &oid) }
        } catch {
            throw problem(with: id, error)
        }
        return length
    }

    /// To be called before libgit2 looks for the object in packs.
    func checkPlace(of id: ObjectID) throws(DamagedObject) {
        guard packs.isMisplaced(id) else { return }
        throw DamagedObject(
            id: id, cause: MalformedObject(kind: "object", reason: "the index of its pack is damaged"))
    }

    func problem(with id: ObjectID, _ error: GitError) -> any ContentProblem {
        guard error.code == .notFound else { return DamagedObject(id: id, cause: error) }
        return DamagedPack.find(in: path).map { DamagedObject(id: id, cause: $0) } ?? MissingObject(id: id)
    }

    /// Whether the object is in the store.
    ///
    /// - Parameters:
    ///   - id: The object.
    ///   - mayBeStale: Whether packs that others have made meanwhile may be missed: without, each object
    ///     that is not here costs a look at the list of packs.
    /// - Returns: Whether it is there, as far as that is known.
    package func contains(_ id: ObjectID, mayBeStale: Bool = false) -> Bool {
        var oid = git_oid(id)
        return git_odb_exists_ext(odb, &oid, mayBeStale ? GIT_ODB_LOOKUP_NO_REFRESH.rawValue : 0) == 1
    }
}

extension ObjectKind {
    var type: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        case .tag: GIT_OBJECT_TAG
        }
    }
}

/// An object that the store does not have.
package struct MissingObject: ContentProblem {
    package let id: ObjectID

    package init(id: ObjectID) { self.id = id }

    package var code: ErrorCode { .notFound }
    package var message: String { "object \(id) is not in the store" }
}

/// An object whose bytes are not what its ID says.
package struct DamagedObject: ContentProblem {
    package let id: ObjectID
    package let cause: (any Error)?
    private let expected: ObjectKind?

    package init(id: ObjectID, cause: any Error) {
        self.id = id
        self.cause = cause
        expected = nil
    }

    init(id: ObjectID, expected: ObjectKind) {
        self.id = id
        self.expected = expected
        cause = nil
    }

    package var code: ErrorCode { .corrupt }
    package var message: String {
        expected.map { "object \(id) is not a \($0.rawValue)" } ?? "object \(id) is damaged"
    }
}
