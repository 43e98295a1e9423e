package import AmphoraObjects
import Crypto

/// What kind of object git stores.
package enum ObjectKind: String, Sendable {
    case blob, tree, commit, tag
}

/// Computes the ID that git gives to an object, piece by piece.
///
/// swift-crypto's SHA-1 uses the processor's instructions: several times faster than libgit2's own.
package struct ObjectHasher {
    private var hash = Insecure.SHA1()

    /// - Parameters:
    ///   - kind: The object's kind.
    ///   - byteCount: The length of all the content that ``update(_:)`` will get.
    package init(_ kind: ObjectKind, byteCount: Int) {
        hash.update(data: Array("\(kind.rawValue) \(byteCount)\0".utf8))
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    package consuming func finalize() -> ObjectID { ObjectID(Array(hash.finalize())) }

    /// The ID of a whole object.
    package static func id(of kind: ObjectKind, _ bytes: [UInt8]) -> ObjectID {
        var hasher = ObjectHasher(kind, byteCount: bytes.count)
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }
}

/// Computes the SHA-256 of a file, piece by piece.
package struct FileHasher {
    private var hash = SHA256()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// 64 lower-case hexadecimal digits.
    package func finalize() -> String {
        hash.finalize().reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
