import AmphoraGit
import AmphoraObjects
import AmphoraStore

extension RunDocument {
    /// Takes over what another save of the same run has: links, metrics and media, and what its record says.
    ///
    /// - Parameters:
    ///   - other: The other save.
    ///   - base: What both records began with, if that is known.
    ///   - repository: Where both are.
    ///   - writer: Writes what is new.
    /// - Throws: What reading throws.
    mutating func merge(
        _ other: RunDocument, since base: RunRecord?, in repository: Repository,
        writing writer: some ObjectWriter
    ) throws {
        for link in other.links.values.sorted(by: { $0.commitID < $1.commitID }) {
            _ = try self.link(link.commitID, called: link.artifact, as: link.role, writing: writer)
        }
        record = record.merged(with: other.record, since: base)
        let ours = try paths(in: repository)
        let theirs = try other.paths(in: repository)
        // A segment may have another number here.
        var known = Counts(ours.filter { $0.key.isSegment }.map(\.value.id))
        for (path, file) in theirs.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if path.isSegment {
                if !known.remove(file.id) { append(segment: Self.stored(file)) }
            } else if path.isCaptions {
                try mergeMedia(path, ours, theirs, in: repository, writing: writer)
            } else if ours[path] == nil, !other.isOfLink(path), !theirs.hasCaptions(ofImage: path) {
                put(Self.stored(file), at: path)
            }
        }
    }

    /// Adds the images that a file of captions is about, each with its caption, unless they are here.
    private mutating func mergeMedia(
        _ path: [UInt8], _ ours: Paths, _ theirs: Paths, in repository: Repository,
        writing writer: some ObjectWriter
    ) throws {
        var known = Counts(try ours.images(of: path, in: repository))
        let fresh = try theirs.images(of: path, in: repository).filter { !known.remove($0) }
        guard !fresh.isEmpty else { return }
        let images = fresh.map { image in
            // Of a run's files nobody asks how long they are together.
            (file: StoredFile(mode: .file, id: image.id, byteCount: 0), caption: image.caption)
        }
        try append(
            MediaEntry(path: String(decoding: path.stem, as: UTF8.self), images: images), in: repository,
            writing: writer)
    }

    private func paths(in repository: Repository) throws -> Paths {
        Dictionary(uniqueKeysWithValues: try files(in: repository).map { ($0.path.bytes, $0) })
    }

    /// Whether a path is that of a note which is a link: its digits, in parts or not, are a commit's.
    private func isOfLink(_ path: [UInt8]) -> Bool {
        ObjectID(hexDigits: path.filter { $0 != UInt8(ascii: "/") }).map { links[CommitID($0)] != nil }
            ?? false
    }

    private static func stored(_ file: TreeFile) -> StoredFile {
        StoredFile(mode: file.mode, id: file.id, byteCount: 0)
    }
}

/// The files of a run.
private typealias Paths = [[UInt8]: TreeFile]

private struct CaptionedImage: Hashable {
    let id: ObjectID
    let caption: String
}

extension Paths {
    /// The images that a file of captions is about, in order.
    fileprivate func images(of captionsPath: [UInt8], in repository: Repository) throws -> [CaptionedImage] {
        guard case .blob(let id) = self[captionsPath]?.content else { return [] }
        let captions = try RunDocument.json(id, in: repository)["captions"]?.array ?? []
        return captions.enumerated().compactMap { number, caption in
            self[captionsPath.stem + Array("-\(number).png".utf8)].map {
                CaptionedImage(id: $0.id, caption: caption.string ?? "")
            }
        }
    }

    /// Whether the path is that of an image for which there are captions.
    fileprivate func hasCaptions(ofImage path: [UInt8]) -> Bool {
        guard let dash = path.lastIndex(of: UInt8(ascii: "-")) else { return false }
        return self[Array(path[..<dash]) + Array(".json".utf8)] != nil
    }
}

extension [UInt8] {
    fileprivate var isSegment: Bool { starts(with: "history/".utf8) }
    /// Whether it is the path of a file that says what is in images.
    var isCaptions: Bool { starts(with: "media/".utf8) && suffix(5).elementsEqual(".json".utf8) }
    /// Without `.json`.
    fileprivate var stem: [UInt8] { Array(dropLast(5)) }
}

/// How often there is what.
private struct Counts<Element: Hashable> {
    private var counts: [Element: Int] = [:]

    init(_ elements: some Sequence<Element>) {
        for element in elements { counts[element, default: 0] += 1 }
    }

    /// Takes one away, if there is one.
    mutating func remove(_ element: Element) -> Bool {
        guard let count = counts[element], count > 0 else { return false }
        counts[element] = count - 1
        return true
    }
}
