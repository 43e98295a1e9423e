import Amphora
import ArgumentParser

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how two versions differ",
        discussion: """
            Files added, removed and changed, with the bytes that are new and the chunks that are shared; \
            changes of metadata.

            Examples:
              amphora diff mnist-raw:v0 mnist-raw:v1
              amphora diff convnet:best convnet
            """)

    @Argument(help: "The version before")
    var old: String

    @Argument(help: "The version after")
    var new: String

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try content.openStore(global)
        let diff = try store.diff(store.version(old), store.version(new))
        try global.output.write(diff.json, text: text(diff))
    }

    private func text(_ diff: VersionDiff) -> String {
        var lines = diff.files.map { file in
            let path = file.path.description.escapingControlCharacters()
            switch file.kind {
            case .added: return "+ \(path)  \(Format.bytes(file.newByteCount))\(shared(file))"
            case .removed: return "- \(path)  \(Format.bytes(file.oldByteCount))"
            case .changed:
                let sizes = "\(Format.bytes(file.oldByteCount)) → \(Format.bytes(file.newByteCount))"
                return "~ \(path)  \(sizes)\(shared(file))"
            }
        }
        lines += diff.metadata.map { change in
            "metadata \(change.key): \(change.old?.canonical ?? "nothing") → \(change.new?.canonical ?? "nothing")"
                .escapingControlCharacters()
        }
        if diff.isDescriptionChanged {
            let notes = [diff.old.note, diff.new.note].map { $0.map { "'\($0)'" } ?? "nothing" }
            lines.append("description: \(notes[0]) → \(notes[1])".escapingControlCharacters())
        }
        let count = { (kind: VersionDiff.FileChange.Kind) in diff.files.count { $0.kind == kind } }
        lines.append(
            "\(diff.old) → \(diff.new): \(count(.added)) added, \(count(.removed)) removed, "
                + "\(count(.changed)) changed, \(diff.unchangedFileCount) unchanged; \(Format.bytes(diff.newBytes)) new"
        )
        return lines.joined(separator: "\n")
    }

    private func shared(_ file: VersionDiff.FileChange) -> String {
        let new = "  (\(Format.bytes(file.newBytes)) new"
        return file.chunkCount > 1
            ? "\(new), \(file.sharedChunkCount) of \(file.chunkCount) chunks shared)" : "\(new))"
    }
}
