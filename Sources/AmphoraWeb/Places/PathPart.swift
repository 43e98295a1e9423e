import Amphora

/// One part of a path, between slashes: bytes, since names of files are.
struct PathPart: Hashable, Sendable, ExpressibleByStringLiteral {
    let bytes: [UInt8]

    static func text(_ text: String) -> PathPart { PathPart(bytes: Array(text.utf8)) }
    static func bytes(_ bytes: some Sequence<UInt8>) -> PathPart { PathPart(bytes: Array(bytes)) }

    init(bytes: [UInt8]) { self.bytes = bytes }
    init(stringLiteral value: String) { bytes = Array(value.utf8) }

    /// The part as text, or `nil` if it is none.
    var string: String? { String(validating: bytes, as: UTF8.self) }

    /// The part as it stands in a URL.
    var encoded: String { PercentEncoding.encode(bytes) }

    /// The parts of a URL's path, decoded.
    ///
    /// - Returns: `nil` for a path that names nothing by one name only: with empty parts, `.` or `..`, encoded slashes or zero
    ///   bytes, or a `%` that encodes nothing. A slash at the end counts for nothing.
    static func parts(of path: String) -> [PathPart]? {
        var pieces = path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if pieces.last?.isEmpty == true { pieces.removeLast() }
        var parts: [PathPart] = []
        for piece in pieces {
            guard let bytes = PercentEncoding.decode(piece), !bytes.isEmpty, bytes != [UInt8(ascii: ".")],
                bytes != Array("..".utf8), !bytes.contains(0), !bytes.contains(UInt8(ascii: "/"))
            else { return nil }
            parts.append(PathPart(bytes: bytes))
        }
        return parts
    }

    /// The path in a version that the parts make.
    static func path(_ parts: some Sequence<PathPart>) -> ArtifactPath? {
        try? ArtifactPath(bytes: Array(parts.map(\.bytes).joined(separator: [UInt8(ascii: "/")])))
    }
}
