public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// Where a remote is: a folder of this machine, or what git calls a URL.
public enum RemoteAddress: Sendable, Hashable, CustomStringConvertible {
    /// A repository or a project with a store in it: opened in process.
    case folder(String)
    /// `https://…`, `ssh://…`, `user@host:path`, `git://…`, `file://…`: reached by the program `git`.
    case url(String)

    /// Takes what a user wrote, as git tells the forms apart.
    ///
    /// - Throws: ``InvalidRemoteAddress`` for what is no address, or would be taken for an option, or names a
    ///   helper program of git's.
    public init(_ text: String) throws(InvalidRemoteAddress) {
        guard !text.isEmpty, !text.hasPrefix("-"), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw InvalidRemoteAddress(text: text)
        }
        if let scheme = text.firstRange(of: "://") {
            let name = text[..<scheme.lowerBound].lowercased()
            guard Self.schemes.contains(name) else { throw InvalidRemoteAddress(text: text) }
            self = .url(text)
            return
        }
        guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else {
            self = .folder(text)
            return
        }
        // `helper::address` runs `git-remote-helper`.
        guard !text[colon...].hasPrefix("::"), colon != text.startIndex else {
            throw InvalidRemoteAddress(text: text)
        }
        self = .url(text)
    }

    private static let schemes: Set = ["https", "http", "ssh", "git", "git+ssh", "ssh+git", "file"]

    /// As it is written in git's configuration.
    public var text: String {
        switch self {
        case .folder(let path): path
        case .url(let url): url
        }
    }

    /// The folder that a `file://` URL names, as git takes it apart.
    var folderOfURL: FilePath? {
        guard case .url(let url) = self, let scheme = url.firstRange(of: "://"),
            url[..<scheme.lowerBound].lowercased() == "file"
        else { return nil }
        var path: [UInt8] = []
        var rest = Array(url[scheme.upperBound...].utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(byte == UInt8(ascii: "%") ? 2 : 0)
            let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            if value != nil { rest = rest.dropFirst(2) }
            path.append(value ?? byte)
        }
        return path.contains(0) ? nil : FilePath(bytes: path)
    }

    /// The folder that a clone goes to if none is named: the last part without `.git`.
    public func suggestedFolder(isBare: Bool) -> String {
        // What comes after the host of a URL, or the colon of `user@host:path`.
        var path = text[...]
        if let scheme = text.firstRange(of: "://") {
            path = text[scheme.upperBound...].drop { $0 != "/" }
        } else if case .url = self {
            path = text.drop { $0 != ":" }.dropFirst()
        }
        let last = path.split(separator: "/").last { $0 != ".amphora" && $0 != "." && $0 != ".." } ?? "store"
        let name = last.hasSuffix(".git") ? last.dropLast(4) : last
        return isBare ? "\(name).git" : String(name)
    }

    /// The same, as it can be used from anywhere: a folder from the root, taken from `folder` if it is relative.
    func absolute(in folder: String) -> RemoteAddress {
        guard case .folder(let path) = self else { return self }
        return .folder(FilePath(path).normalized(in: FilePath(folder)).string)
    }

    /// Without passwords, and without the names of users of web servers, which may be tokens.
    public var description: String { RemoteSecrets(text).address }
}

/// A text that names no remote.
public struct InvalidRemoteAddress: UserFacingError {
    let text: String
    public var code: ErrorCode { .invalidArgument }
    public var message: String { "'\(RemoteSecrets(text).address)' is not the address of a remote" }
    public var hint: String? {
        "Give a folder, https://host/path, ssh://host/path, user@host:path, git://host/path or file:///path."
    }
}
