package import AmphoraGit
package import AmphoraObjects

/// What the commit message of a version says: see `Docs/Format.md`, «Versions».
struct VersionMessage: Hashable, Sendable {
    var artifact: ArtifactName
    var type: ArtifactType
    var description: String?
    /// The metadata as canonical JSON, `nil` if there are none: lists of versions seldom need them.
    private(set) var metadataText: String?
    var fileCount = 0
    var byteCount = 0
    var runID: RunID?
    /// The commit that this tombstone stands for, in the message of a tombstone.
    var deletedID: CommitID?

    private enum Key {
        static let format = "Artifact-Format"
        static let name = "Artifact-Name"
        static let type = "Artifact-Type"
        static let files = "Artifact-Files"
        static let size = "Artifact-Size"
        static let metadata = "Artifact-Metadata"
        static let run = "Artifact-Run"
        static let deleted = "Artifact-Deleted"
    }

    /// The message, ending in a newline.
    var text: String {
        var trailers: [(String, String)] = [
            (Key.format, "\(StoreLayout.formatVersion)"), (Key.name, "\(artifact)"), (Key.type, "\(type)"),
        ]
        if let deletedID {
            trailers.append((Key.deleted, "\(deletedID)"))
        } else {
            trailers += [(Key.files, "\(fileCount)"), (Key.size, "\(byteCount)")]
            if let metadataText { trailers.append((Key.metadata, metadataText)) }
        }
        if let runID { trailers.append((Key.run, "\(runID)")) }
        let description = Self.paragraphs(of: description)
        let subject = description.map { "\(artifact): \($0.first)" } ?? "\(artifact)"
        let body = description.flatMap { $0.rest.isEmpty ? nil : "\($0.rest)\n\n" } ?? ""
        return "\(subject)\n\n\(body)\(trailers.map { "\($0): \($1)\n" }.joined())"
    }

    /// The first line, and the rest without empty lines and spaces around it; `nil` for blank text.
    ///
    /// Lines end in LF alone: git's tools show a CR as `^M`.
    private static func paragraphs(of description: String?) -> (first: String, rest: String)? {
        let text = (description ?? "").unicodeScalars.filter { $0 != "\r" }
        let lines = String(String.UnicodeScalarView(text)).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map { $0.trimmingTrailingSpaces() }
        guard let first = lines.firstIndex(where: { !$0.isEmpty }),
            let last = lines.lastIndex(where: { !$0.isEmpty })
        else { return nil }
        let rest = lines[first...last].dropFirst()
        return (lines[first].trimmingLeadingSpaces(), rest.drop { $0.isEmpty }.joined(separator: "\n"))
    }

    /// The description in the form in which it comes back from a message.
    static func normalized(_ description: String?) -> String? {
        paragraphs(of: description).map { $0.rest.isEmpty ? $0.first : "\($0.first)\n\n\($0.rest)" }
    }

    init(
        artifact: ArtifactName, type: ArtifactType, description: String? = nil,
        metadata: [String: JSONValue] = [:], runID: RunID? = nil, deletedID: CommitID? = nil
    ) {
        self.artifact = artifact
        self.type = type
        self.description = Self.normalized(description)
        metadataText = Self.text(of: metadata)
        self.runID = runID
        self.deletedID = deletedID
    }

    /// Takes what was read before, as it is.
    init(
        read artifact: ArtifactName, type: ArtifactType, description: String?, metadataText: String?,
        fileCount: Int, byteCount: Int, runID: RunID?
    ) {
        self.artifact = artifact
        self.type = type
        self.description = description
        self.metadataText = metadataText
        self.fileCount = fileCount
        self.byteCount = byteCount
        self.runID = runID
    }

    var metadata: [String: JSONValue] {
        metadataText.flatMap { try? JSONValue(parsing: $0).object } ?? [:]
    }

    private static func text(of metadata: [String: JSONValue]) -> String? {
        metadata.isEmpty ? nil : JSONValue.object(metadata).canonical
    }

    /// Reads a message.
    ///
    /// Unknown trailers are passed over: a later version of the format adds some.
    ///
    /// - Throws: `MalformedObject` if a trailer that every version has is missing; ``NewerVersionFormat``.
    init(parsing text: String) throws {
        let paragraphs = text.trimmingTrailingNewlines().splitParagraphs()
        guard paragraphs.count > 1, let last = paragraphs.last else {
            throw Self.malformed("there are no trailers")
        }
        var trailers: [String: String] = [:]
        for line in last.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            trailers[String(line[..<colon])] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        if let format = trailers[Key.format].flatMap(Int.init), format > StoreLayout.formatVersion {
            throw NewerVersionFormat(found: format)
        }
        guard let artifact = trailers[Key.name].flatMap({ try? ArtifactName($0) }) else {
            throw Self.malformed(Key.name)
        }
        guard let type = trailers[Key.type].flatMap({ try? ArtifactType($0) }) else {
            throw Self.malformed(Key.type)
        }
        self.artifact = artifact
        self.type = type
        runID = trailers[Key.run].flatMap { try? RunID($0) }
        deletedID = trailers[Key.deleted].flatMap { try? ObjectID(hex: $0) }.map { CommitID($0) }
        if deletedID == nil {
            guard let files = trailers[Key.files].flatMap(Int.init),
                let size = trailers[Key.size].flatMap(Int.init), (0...1 << 53).contains(files),
                (0...1 << 53).contains(size)
            else { throw Self.malformed("\(Key.files) or \(Key.size)") }
            fileCount = files
            byteCount = size
        }
        if let json = trailers[Key.metadata] {
            guard let metadata = try? JSONValue(parsing: json).object else {
                throw Self.malformed(Key.metadata)
            }
            metadataText = Self.text(of: metadata)
        }
        let subject = paragraphs[0]
        // By scalars: to a Swift string, a space and a combining mark behind it are one character.
        let first = subject.unicodeScalars.dropFirst(artifact.rawValue.count)
        let body = paragraphs.dropFirst().dropLast().joined(separator: "\n\n")
        description =
            first.starts(with: ": ".unicodeScalars)
            ? String(first.dropFirst(2)) + (body.isEmpty ? "" : "\n\n\(body)") : nil
    }

    private static func malformed(_ what: String) -> MalformedObject {
        MalformedObject(kind: "version message", reason: "\(what) is missing or malformed")
    }
}

extension Store {
    /// Reads what a version's tag may point at.
    ///
    /// - Returns: The version that was deleted, for a tombstone; `nil` for a version.
    /// - Throws: `MalformedObject` if it is neither; ``NewerVersionFormat``.
    package func deletedVersion(_ commitID: CommitID, in repository: Repository) throws -> CommitID? {
        try VersionMessage(parsing: repository.commit(commitID).message).deletedID
    }
}

/// A version that a later amphora wrote.
package struct NewerVersionFormat: UserFacingError {
    let found: Int
    package var code: ErrorCode { .unavailable }
    package var message: String {
        "the version has format \(found), this amphora knows formats up to \(StoreLayout.formatVersion)"
    }
    package var hint: String? { "Update amphora." }
}

extension Substring {
    fileprivate func trimmingTrailingSpaces() -> Substring {
        var text = self
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    fileprivate func trimmingLeadingSpaces() -> String { String(drop { $0 == " " || $0 == "\t" }) }
}

extension String {
    fileprivate func trimmingTrailingNewlines() -> String {
        var text = self
        while text.last == "\n" { text.removeLast() }
        return text
    }

    /// The paragraphs of a message.
    ///
    /// More than one empty line between two is kept with the second.
    fileprivate func splitParagraphs() -> [String] {
        var paragraphs: [[Substring]] = [[]]
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty, paragraphs[paragraphs.count - 1].isEmpty == false {
                paragraphs.append([])
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return paragraphs.map { $0.joined(separator: "\n") }
    }
}
