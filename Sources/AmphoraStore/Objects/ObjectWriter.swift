package import AmphoraObjects
package import AmphoraPack

/// Takes the objects of one change and makes them last: the one way in which objects enter a store.
package protocol ObjectWriter: Sendable {
    /// Writes one object, unless the store has it. May be called from any number of threads.
    ///
    /// - Returns: The object's ID.
    func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID

    /// Returns when all that was written will survive a power failure.
    ///
    /// Only then may a ref point at it.
    func finish() throws
}

extension ObjectWriter {
    package func write(_ bytes: [UInt8], as kind: ObjectKind) throws -> ObjectID {
        try bytes.withUnsafeBytes { try write($0, as: kind) }
    }

    package func write(blob bytes: [UInt8]) throws -> BlobID { BlobID(try write(bytes, as: .blob)) }

    package func write(_ tree: Tree) throws -> TreeID { TreeID(try write(tree.encoded(), as: .tree)) }

    package func write(_ commit: Commit) throws -> CommitID {
        CommitID(try write(commit.encoded(), as: .commit))
    }
}
