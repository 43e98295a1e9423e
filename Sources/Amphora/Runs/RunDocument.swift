import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

/// A run's tree: the record, the links, and what was added to it since it was read.
struct RunDocument {
    var record: RunRecord
    /// The links by commit.
    private(set) var links: [CommitID: RunLink] = [:]
    /// The names of the history segments, sorted.
    private(set) var segmentCount = 0

    private let treeID: TreeID
    private var puts: [[UInt8]: StoredFile] = [:]

    /// A new run.
    init(_ record: RunRecord) {
        self.record = record
        treeID = .empty
    }

    /// Reads a run as its newest commit has it.
    init(_ commitID: CommitID, in repository: Repository) throws {
        treeID = try repository.commit(commitID).treeID
        let tree = try repository.tree(treeID)
        guard let recordID = tree[Self.recordName]?.id else {
            throw MalformedObject(kind: "run", reason: "'run.json' is missing in commit \(commitID)")
        }
        let fields = try Self.json(BlobID(recordID), in: repository)
        record = RunRecord(fields: fields)
        if let history = tree[Array("history".utf8)] {
            let last = try repository.tree(TreeID(history.id)).entries.last
            segmentCount =
                (last.flatMap { Int(String(decoding: $0.name.prefix(6), as: UTF8.self)) } ?? -1) + 1
        }
        for (object, note) in try NotesTree(treeID, in: repository).notes {
            let text = try repository.read(note.blobID.objectID, as: .blob)
            let json = try? JSONValue(parsing: text)
            guard let role = json?["role"]?.string.flatMap(LinkRole.init),
                let artifact = json?["artifact"]?.string
            else {
                continue  // A note that somebody wrote with git.
            }
            links[CommitID(object)] = RunLink(commitID: CommitID(object), artifact: artifact, role: role)
            notePaths[CommitID(object)] = note.path
        }
    }

    static let recordName = Array("run.json".utf8)
    /// Where the notes lie that were read.
    private var notePaths: [CommitID: [UInt8]] = [:]

    static func json(_ id: BlobID, in repository: Repository) throws -> JSONValue {
        do {
            return try JSONValue(parsing: repository.read(id.objectID, as: .blob))
        } catch {
            throw error is MalformedJSON ? DamagedObject(id: id.objectID, cause: error) : error
        }
    }

    /// Adds a link, or widens the role of one that is there.
    ///
    /// - Returns: `false` if the link is there already.
    mutating func link(
        _ commitID: CommitID, called artifact: String, as role: LinkRole, writing writer: some ObjectWriter
    ) throws -> Bool {
        let old = links[commitID]
        let role = role.joined(with: old?.role)
        guard role != old?.role else { return false }
        let link = RunLink(commitID: commitID, artifact: old?.artifact ?? artifact, role: role)
        links[commitID] = link
        let note: JSONValue = ["artifact": .string(link.artifact), "role": .string(role.rawValue)]
        let path = notePaths[commitID] ?? Array(commitID.description.utf8)
        try put(Array("\(note.canonical)\n".utf8), at: path, writing: writer)
        return true
    }

    /// Adds a history segment that is written already.
    mutating func append(segment: StoredFile) {
        let digits = String(segmentCount)
        let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        puts[Array("history/\(name).jsonl".utf8)] = segment
        segmentCount += 1
    }

    /// Adds the images of one key and step behind those that are there, and their captions.
    mutating func append(
        _ media: MediaEntry, in repository: Repository, writing writer: some ObjectWriter
    ) throws {
        let captionsPath = Array("\(media.path).json".utf8)
        var captions: [JSONValue] = []
        if let pending = pendingCaptions[captionsPath] {
            captions = pending
        } else if let old = try FileTree(repository).files(
            in: treeID, below: [ArtifactPath(unchecked: captionsPath)]
        ).first,
            case .blob(let id) = old.content
        {
            captions = try Self.json(id, in: repository)["captions"]?.array ?? []
        }
        for (file, caption) in media.images {
            puts[Array("\(media.path)-\(captions.count).png".utf8)] = file
            captions.append(.string(caption))
        }
        pendingCaptions[captionsPath] = captions
        let json: JSONValue = ["captions": .array(captions)]
        try put(Array("\(json.canonical)\n".utf8), at: captionsPath, writing: writer)
    }

    private var pendingCaptions: [[UInt8]: [JSONValue]] = [:]

    private mutating func put(_ bytes: [UInt8], at path: [UInt8], writing writer: some ObjectWriter) throws {
        let id = try writer.write(blob: bytes)
        put(StoredFile(mode: .file, id: id.objectID, byteCount: bytes.count), at: path)
    }

    /// Adds a file that is written already.
    mutating func put(_ file: StoredFile, at path: [UInt8]) { puts[path] = file }

    /// The files as they were read.
    func files(in repository: Repository) throws -> [TreeFile] { try FileTree(repository).files(in: treeID) }

    /// Writes the tree as it is now.
    mutating func write(in repository: Repository, writing writer: some ObjectWriter) throws -> TreeID {
        record.sequence = min(record.sequence, 1 << 53) + 1
        try put(Array("\(record.fields.pretty)\n".utf8), at: Self.recordName, writing: writer)
        let edit = TreeEdit(puts: puts.map { ($0, $1) })
        return try edit.apply(to: treeID, in: repository, writing: writer).treeID
    }
}

/// Images logged at once under one key and step.
struct MediaEntry: Sendable {
    /// `media/<key>/<step>`.
    let path: String
    let images: [(file: StoredFile, caption: String)]
}
