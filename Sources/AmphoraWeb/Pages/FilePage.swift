import Amphora
import HTTPTypes

extension Page {
    /// A file of a version, or a folder.
    static func file(_ path: ArtifactPath, of name: VersionName, _ context: PageContext) throws -> Page {
        let version = try context.version(name)
        let entries = try context.memory.entries(of: version, below: path)
        let crumbs = [Crumb(.project), Crumb(.artifact(name.artifact)), Crumb(.version(name, .files))]
        let parts = path.components.map { PathPart.bytes($0) }
        let folders = parts.indices.dropLast().compactMap { index in
            PathPart.path(parts[...index]).map {
                Crumb(title: parts[index].displayed, place: .file(name, $0))
            }
        }
        guard entries.isEmpty, let file = try version.files(below: [path.description]).first else {
            return Page(
                title: "\(path) in \(name)", template: .folder, section: .project, path: crumbs + folders,
                model: try Self.files(of: version, below: path, context).merging([
                    "name": parts.last?.displayed ?? ""
                ]) { $1 })
        }
        return Page(
            title: "\(path) in \(name)", template: .file, section: .project, path: crumbs + folders,
            model: try preview(file, of: version, context).merging([
                "name": parts.last?.displayed ?? "",
                "size": file.byteCount.map { Format.bytes($0) } ?? "–",
                "exactSize": file.byteCount.map { "\(Format.number($0)) bytes" } ?? "–",
                "id": "\(file.id)", "isChunked": file.isChunked, "sha256": file.sha256 ?? "",
                "isHere": file.isHere, "version": "\(name)", "path": "\(path)",
                "isLeftOut": file.isHere && !context.offers(file),
                "download": context.offers(file) ? context.links(.download(name, path)) : "",
            ]) { $1 })
    }

    private static func preview(_ file: VersionFile, of version: Version, _ context: PageContext) throws
        -> Model
    {
        guard file.isHere, let byteCount = file.byteCount else { return [:] }
        guard byteCount > 0 else { return ["isNothing": true] }
        let isCut = byteCount > FilePreview.byteLimit
        let bytes = try version.beginning(of: file.path, FilePreview.byteLimit)
        let isAll = context.query["preview"] == "all"
        func cut(_ isCut: Bool, _ shown: String) -> Model {
            guard isCut else { return [:] }
            let more = context.query.with(["preview": "all"])
            let place = Place.file(version.name, file.path)
            return [
                "cut": "Only the first \(shown) are shown.",
                "more": context.links.isLive && !isAll ? context.links(place, more) : "",
            ]
        }
        switch FilePreview(file.path, bytes, isCut: isCut, limit: isAll ? .max : FilePreview.pageLimit) {
        case .nothing: return ["isBinary": true]
        case .image:
            return context.offers(file) ? ["image": context.links(.picture(version.name, file.path))] : [:]
        case .markdown(let html, let isCut):
            return cut(isCut, "lines").merging(["markdown": html]) { $1 }
        case .text(let text, let isCut):
            return cut(isCut, Format.bytes(text.utf8.count)).merging(["text": text, "hasText": true]) { $1 }
        case .table(let header, let rows, let isCut):
            let areNumbers = header.indices.map { column in
                rows.allSatisfy { !$0.indices.contains(column) || Double($0[column]) != nil }
            }
            func cell(_ text: String, _ column: Int) -> Model {
                ["text": text, "isNumber": areNumbers[column], "isLong": text.utf8.count > 40]
            }
            return cut(isCut, Format.count(rows.count, "row")).merging([
                "header": zip(header, header.indices).map(cell),
                "rows": rows.map { row in
                    [
                        "cells": header.indices.map { cell(row.indices.contains($0) ? row[$0] : "", $0) }
                    ] as Model
                },
                "hasTable": true,
            ]) { $1 }
        }
    }

    /// The files and folders of one folder.
    static func files(of version: Version, below folder: ArtifactPath?, _ context: PageContext) throws
        -> Model
    {
        let entries = try context.memory.entries(of: version, below: folder)
        let place = folder.map { Place.file(version.name, $0) } ?? .version(version.name, .files)
        let table = Table(
            columns: FolderEntry.columns(
                of: version, isWhole: entries.allSatisfy { $0.missingCount == 0 }, context),
            rows: entries.filter { !$0.isFile } + entries.filter(\.isFile),
            caption: "Files")
        return [
            "table": try table.model(at: place, context),
            "summary":
                "\(Format.count(entries.reduce(0) { $0 + $1.fileCount }, "file")), \(Format.bytes(entries.reduce(0) { $0 + $1.byteCount }))",
            "missing": entries.contains { $0.missingCount > 0 } ? "\(version.name)" : "",
            "unshown": context.links.limits.map { version.fileCount > $0.fileCount } ?? false
                ? "\(version.name)" : "",
        ]
    }
}

/// A file or folder, as a listing shows it.
struct FolderEntry: Sendable {
    let path: ArtifactPath
    let isFile: Bool
    private(set) var fileCount = 0
    private(set) var byteCount = 0
    private(set) var missingCount = 0

    init(path: ArtifactPath, isFile: Bool, _ file: VersionFile) {
        self.path = path
        self.isFile = isFile
        add(file)
    }

    /// What is in a folder, in the order of git's trees.
    static func all(of version: Version, below folder: ArtifactPath?) throws -> [FolderEntry] {
        let depth = folder?.components.count ?? 0
        var entries: [FolderEntry] = []
        for file in try version.files(below: folder.map { [$0.description] } ?? []) {
            let parts = file.path.components
            guard parts.count > depth else { continue }
            let isFile = parts.count == depth + 1
            if let last = entries.last, !isFile, last.path.components.last == parts[depth] {
                entries[entries.count - 1].add(file)
            } else if let path = PathPart.path(parts[...depth].map { PathPart.bytes($0) }) {
                entries.append(FolderEntry(path: path, isFile: isFile, file))
            }
        }
        return entries
    }

    private mutating func add(_ file: VersionFile) {
        fileCount += 1
        byteCount += file.byteCount ?? 0
        missingCount += file.isHere ? 0 : 1
    }

    static func columns(of version: Version, isWhole: Bool, _ context: PageContext)
        -> [Column<FolderEntry>]
    {
        let columns: [Column<FolderEntry>] = [
            Column(
                key: "name", title: "Name",
                cell: { entry in
                    let title = entry.path.components.last.map { PathPart.bytes($0).displayed } ?? ""
                    return Cell(
                        text: entry.isFile ? title : "\(title)/",
                        place: context.place(of: entry.path, in: version))
                }, sortKey: { .text($0.path.description) }),
            Column(
                key: "size", title: "Size", isNumber: true,
                // How long what is missing is, nobody here knows.
                cell: { $0.missingCount == $0.fileCount ? Cell(text: "–") : .bytes($0.byteCount) },
                sortKey: { .count($0.byteCount) }),
            Column(
                key: "files", title: "Files", isNumber: true,
                cell: { $0.isFile ? Cell() : .count($0.fileCount) }),
        ]
        let here = Column<FolderEntry>(
            key: "here", title: "Content",
            cell: {
                $0.missingCount == 0
                    ? Cell(text: "here")
                    : Cell(text: "not here yet", detail: "amphora pull \(version.name) brings it")
            })
        return isWhole ? columns : columns + [here]
    }
}

extension PathPart {
    /// As people see it, whatever bytes it has.
    var displayed: String { String(decoding: bytes, as: UTF8.self).escapingControlCharacters() }
}

extension Version {
    /// The first bytes of a file, the rest of which is not read.
    func beginning(of path: ArtifactPath, _ limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path.description, in: 0..<limit) { bytes.append(contentsOf: $0) }
        return bytes
    }
}

extension PageContext {
    /// A file on its way to the reader; what is not here is refused, before anything is sent.
    func download(_ path: ArtifactPath, of name: VersionName) throws -> Download {
        let version = try version(name)
        guard let file = try version.files(below: [path.description]).first(where: { $0.path == path }) else {
            throw Problem(status: .badRequest, message: "'\(path)' is a folder of \(name), not a file.")
        }
        guard file.isHere, let byteCount = file.byteCount else { throw ContentAbsent(owner: .version(name)) }
        return Download(path: path, byteCount: byteCount, tag: "\"\(file.id)\"") { range, body in
            try version.read(path.description, in: range, body)
        }
    }

    /// A picture in a version, if it is one.
    func picture(_ path: ArtifactPath, of name: VersionName) throws -> Download {
        try picture(in: download(path, of: name))
    }

    /// A file to be shown, if it is a picture.
    func picture(in file: Download) throws -> Download {
        var file = file
        let beginning = try file.bytes(0..<min(file.byteCount, ImageKind.signLength))
        guard let kind = ImageKind(of: beginning) else { throw Problem.noSuchPlace }
        file.shown = kind
        return file
    }
}
