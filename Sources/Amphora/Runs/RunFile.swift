import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// A file of a run, such as an image.
public struct RunFile: Sendable {
    let file: TreeFile
    /// Length in bytes.
    public let byteCount: Int
    let store: Store

    /// The same for the same content.
    public var id: ObjectID { file.id }

    /// Hands out the content piece by piece, verified.
    ///
    /// - Parameters:
    ///   - range: The bytes that are wanted, if not all are.
    ///   - body: Gets bytes that are valid only during the call.
    /// - Throws: What is wrong with the store; what `body` throws.
    public func read(
        in range: Range<Int>? = nil, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try store.pool.with { repository in
            let tree = FileTree(repository)
            guard let range else { return try tree.read(file, body) }
            try tree.read(file, in: range, body)
        }
    }
}
