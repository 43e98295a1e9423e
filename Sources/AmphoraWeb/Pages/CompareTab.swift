import Amphora

extension Page {
    /// How a version differs from another one: the one before it, if the reader names none.
    static func compare(_ version: Version, _ context: PageContext) throws -> Model {
        let place = Place.version(version.name, .compare)
        let versions = context.catalogue.artifact(version.name.artifact)?.versions ?? []
        let named = try context.query["with"].map { text in
            try context.store.version(context.other(text, of: version))
        }
        var model: Model = [
            "isLive": context.links.isLive, "address": context.links(place),
            "with": context.query["with"] ?? "",
            "others": versions.suffix(50).reversed().filter { $0.name != version.name }.map {
                "\($0.name.number)"
            },
            "otherAliases": Set(versions.flatMap { context.catalogue.aliases(of: $0) }).sorted().prefix(50)
                .map(\.rawValue),
        ]
        guard let other = named ?? versions.last(where: { $0.name < version.name }) else {
            model["isAlone"] = true
            return model
        }
        let diff = try context.memory.diff(other, version, in: context.store)
        model["other"] = "\(other.name)"
        model["otherHref"] = context.links(.version(other.name, .overview))
        model["swapHref"] = context.links(
            .version(other.name, .compare), Query().with(["with": "\(version.name)"]))
        model["isSame"] = diff.files.isEmpty && diff.metadata.isEmpty && !diff.isDescriptionChanged
        model["summary"] =
            "\(Format.count(diff.files.count, "file")) changed, \(Format.number(diff.unchangedFileCount)) as they were"
            + (diff.newBytes.map { "; \(Format.bytes($0)) new" } ?? "")
        model["hasFiles"] = !diff.files.isEmpty
        model["table"] = try fileTable(diff, context).model(at: place, context)
        model["hasMetadata"] = !diff.metadata.isEmpty
        model["metadata"] = diff.metadata.map { change in
            [
                "key": change.key.escapingControlCharacters(), "old": Cell.value(change.old).text,
                "new": Cell.value(change.new).text,
            ] as Model
        }
        if diff.isDescriptionChanged, let texts = TextDiff(from: other.note ?? "", to: version.note ?? "") {
            model["hasDescription"] = true
            model["hunks"] = hunks(of: texts)
        }
        model["texts"] = try textChanges(diff)
        return model
    }

    private static func fileTable(_ diff: VersionDiff, _ context: PageContext) -> Table<
        VersionDiff.FileChange
    > {
        Table(
            columns: [
                Column(
                    key: "name", title: "File",
                    cell: { file in
                        let version = file.kind == .removed ? diff.old : diff.new
                        return Cell(
                            text: file.path.description, place: context.place(of: file.path, in: version))
                    }, sortKey: { .text($0.path.description) }),
                Column(
                    key: "kind", title: "Change", cell: { .text($0.kind.rawValue) },
                    sortKey: { .text($0.kind.rawValue) }),
                Column(
                    key: "before", title: "Before", isNumber: true,
                    cell: { $0.oldByteCount.map { .bytes($0) } ?? Cell() },
                    sortKey: { $0.oldByteCount.map { .count($0) } }),
                Column(
                    key: "after", title: "After", isNumber: true,
                    cell: { $0.newByteCount.map { .bytes($0) } ?? Cell() },
                    sortKey: { $0.newByteCount.map { .count($0) } }),
                Column(
                    key: "new", title: "New bytes", isNumber: true,
                    cell: { $0.newBytes.map { .bytes($0) } ?? Cell() },
                    sortKey: { $0.newBytes.map { .count($0) } }),
                Column(
                    key: "shared", title: "Chunks shared", isNumber: true,
                    cell: { $0.chunkCount > 1 ? .text("\($0.sharedChunkCount) of \($0.chunkCount)") : Cell() }
                ),
            ],
            rows: diff.files, caption: "Files that differ")
    }

    /// The most files whose texts are compared on one page.
    private static let textLimit = 10

    private static func textChanges(_ diff: VersionDiff) throws -> [Model] {
        let candidates = diff.files.filter { file in
            file.kind == .changed
                && max(file.oldByteCount ?? .max, file.newByteCount ?? .max) <= FilePreview.byteLimit
        }
        return try candidates.prefix(textLimit).compactMap { file -> Model? in
            let texts = try [diff.old, diff.new].map { version in
                try text(of: file.path, in: version)
            }
            guard let old = texts[0], let new = texts[1], let changes = TextDiff(from: old, to: new) else {
                return nil
            }
            return ["path": file.path.description, "hunks": hunks(of: changes)]
        }
    }

    /// The text of a file, if it is one; JSON over several lines, since it is often all on one.
    private static func text(of path: ArtifactPath, in version: Version) throws -> String? {
        let bytes = try version.beginning(of: path, FilePreview.byteLimit)
        let text = FilePreview.text(bytes, isCut: false)
        guard path.description.lowercased().hasSuffix(".json") else { return text }
        return (try? JSONValue(parsing: bytes))?.indented() ?? text
    }

    private static func hunks(of diff: TextDiff) -> [Model] {
        diff.hunks.map { lines in
            [
                "lines": lines.map { line in
                    [
                        "kind": line.kind.rawValue, "old": line.oldNumber.map { "\($0)" } ?? "",
                        "new": line.newNumber.map { "\($0)" } ?? "",
                        "sign": [.added: "+", .removed: "−"][line.kind] ?? " ",
                        "text": line.text.escapingControlCharacters(),
                    ] as Model
                }
            ] as Model
        }
    }
}
