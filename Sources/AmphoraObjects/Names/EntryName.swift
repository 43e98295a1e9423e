/// One component of a path inside a version: the name of a tree entry, in bytes.
///
/// Refuses what git refuses, so that every version can be cloned and checked out anywhere: see
/// `verify_path` in git, and the options `core.protectHFS` and `core.protectNTFS` of git-config(1).
package enum EntryName {
    /// The name of the marker in a chunked file, reserved in every folder.
    package static let reserved = Array(".amphora".utf8)

    /// - Throws: ``InvalidEntryName`` with the rule that `name` breaks.
    package static func check(_ name: ArraySlice<UInt8>, in path: [UInt8]) throws(InvalidEntryName) {
        if let rule = brokenRule(name) { throw InvalidEntryName(path: path, rule: rule) }
    }

    private static func brokenRule(_ name: ArraySlice<UInt8>) -> InvalidEntryName.Rule? {
        if isPlain(name) { return nil }
        if name.isEmpty { return .empty }
        if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return .dots }
        if name.contains(0) { return .nul }
        if name.contains(UInt8(ascii: "/")) { return .slash }
        guard let text = String(validating: name, as: UTF8.self) else { return .notUTF8 }
        let parts = name.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
        if isOnHFS(text, ".git") || parts.contains(where: { isOnNTFS($0, ".git", short: "git~1") }) {
            return .dotGit
        }
        if isOnHFS(text, ".amphora") || parts.contains(where: { isOnNTFS($0, ".amphora", short: "amphor~1") })
        {
            return .reserved
        }
        return nil
    }

    /// Whether no rule can apply: most names are so, and there may be millions.
    private static func isPlain(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, first != UInt8(ascii: ".") else { return false }
        return name.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "\\")
                && byte != UInt8(ascii: "~")
        }
    }

    /// Whether HFS+ reads `text` as `name`: it ignores case and some invisible characters.
    private static func isOnHFS(_ text: String, _ name: String) -> Bool {
        let visible = text.unicodeScalars.lazy.filter { scalar in
            switch scalar.value {
            case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(visible)).isASCIIEqual(to: name)
    }

    /// Whether NTFS reads the bytes as `name`, or as its short form: it ignores case, dots and spaces at
    /// the end, and a stream after a colon.
    private static func isOnNTFS(_ bytes: ArraySlice<UInt8>, _ name: String, short: String) -> Bool {
        let stem = bytes.prefix { $0 != UInt8(ascii: ":") }
        let end = stem.lastIndex { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: " ") }
        let core = end.map { String(decoding: stem[...$0], as: UTF8.self) } ?? ""
        return core.isASCIIEqual(to: name) || core.isASCIIEqual(to: short)
    }
}

extension String {
    /// Compares byte by byte, letters A to Z read as a to z; canonical equivalence plays no part.
    fileprivate func isASCIIEqual(to other: String) -> Bool {
        utf8.lazy.map { (65...90).contains($0) ? $0 | 0x20 : $0 }.elementsEqual(other.utf8)
    }
}

/// A path that git, or the format, does not allow in a version.
public struct InvalidEntryName: UserFacingError, Equatable {
    enum Rule: Equatable {
        case empty, dots, nul, slash, reserved, notUTF8, dotGit, absolute
    }

    let path: [UInt8]
    let rule: Rule

    public var code: ErrorCode { .invalidArgument }

    public var message: String { "the path '\(displayPath(path))' is not allowed: \(reason)" }

    private var reason: String {
        switch rule {
        case .empty: "a name in the path is empty"
        case .dots: "'.' and '..' are not file names"
        case .nul: "a name holds a NUL byte"
        case .slash: "a name holds a '/'"
        case .reserved: "every spelling of '.amphora' is reserved"
        case .notUTF8: "the name is not UTF-8"
        case .dotGit: "git refuses every spelling of '.git'"
        case .absolute: "a path inside an artifact does not begin with '/'"
        }
    }

    public var hint: String? {
        switch rule {
        case .reserved, .dotGit, .notUTF8:
            "Rename it, or leave it out with `--exclude` or in `.amphoraignore`."
        default: nil
        }
    }
}

/// A path for messages: valid UTF-8 as it is, other bytes as `\xff`.
public func displayPath(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return bytes.reduce(into: "") { text, byte in
        if byte < 0x80 {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            text += "\\x\(String(byte, radix: 16))"
        }
    }
}
