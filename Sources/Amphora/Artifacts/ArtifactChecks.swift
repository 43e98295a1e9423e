import AmphoraObjects
import AmphoraStore

/// An artifact whose words have been checked: what can be refused before a file is read.
struct CheckedArtifact {
    /// Longest metadata allowed, in bytes of canonical JSON: it travels with every clone.
    static let maximumMetadataByteCount = 1 << 20

    /// Files of git's own, which `git fsck` wants to be blobs and not chunked.
    private static let mustBeBlobs = [".gitattributes", ".gitmodules"]

    let name: ArtifactName
    let type: ArtifactType
    let aliases: [Alias]
    let source: Artifact

    /// - Throws: `InvalidName` or ``InvalidArtifact``.
    init(_ artifact: Artifact, aliases: [String]) throws {
        name = try ArtifactName(artifact.name)
        type = try ArtifactType(artifact.type)
        self.aliases = try aliases.map { try Alias($0) }.filter { $0 != .latest }
        source = artifact
        guard !artifact.isEmpty else { throw InvalidArtifact(name: name, problem: .empty) }
        try Self.check(.object(artifact.metadata), of: name)
        for (path, file) in artifact.files where file.status.byteCount >= ChunkedFile.threshold {
            let last = path.split(separator: UInt8(ascii: "/")).last ?? []
            guard !Self.mustBeBlobs.contains(where: { last.elementsEqual($0.utf8) }) else {
                throw InvalidArtifact(name: name, problem: .mustBeBlob(displayPath(path)))
            }
        }
        guard artifact.description?.unicodeScalars.contains("\0") != true else {
            throw InvalidArtifact(name: name, problem: .nulInDescription)
        }
    }

    private static func check(_ metadata: JSONValue, of name: ArtifactName) throws {
        if let path = metadata.firstNonFinite() {
            throw InvalidArtifact(name: name, problem: .nonFinite(path))
        }
        let byteCount = metadata.canonical.utf8.count
        guard byteCount <= maximumMetadataByteCount else {
            throw InvalidArtifact(name: name, problem: .metadataTooLong(byteCount))
        }
    }
}

/// What is said about an artifact breaks a rule.
struct InvalidArtifact: UserFacingError, Equatable {
    enum Problem: Equatable {
        case empty, nulInDescription
        case mustBeBlob(String)
        case nonFinite(String)
        case metadataTooLong(Int)
        case type(there: ArtifactType, given: ArtifactType)
    }

    let name: ArtifactName
    let problem: Problem

    var code: ErrorCode { .invalidArgument }

    var message: String {
        switch problem {
        case .empty: "there are no files for '\(name)'"
        case .mustBeBlob(let path):
            "'\(path)' is over 1 MiB long, and git allows no chunked file of that name"
        case .nulInDescription: "the description of '\(name)' holds a NUL character"
        case .nonFinite(let path): "the metadata of '\(name)' is not finite at '\(path)'"
        case .metadataTooLong(let count):
            "the metadata of '\(name)' is \(count) bytes long, the limit is \(CheckedArtifact.maximumMetadataByteCount)"
        case .type(let there, let given): "'\(name)' is of type '\(there)', not '\(given)'"
        }
    }

    var hint: String? {
        switch problem {
        case .empty: "Add at least one file; check what `.amphoraignore` and `--exclude` leave out."
        case .nonFinite: "JSON has no NaN and no infinity: leave the field out, or write it as text."
        case .metadataTooLong: "Put it into a file of the artifact."
        case .type(let there, _): "Use the type '\(there)', or another name."
        case .mustBeBlob: "Leave it out, or give it another name."
        case .nulInDescription: nil
        }
    }
}
