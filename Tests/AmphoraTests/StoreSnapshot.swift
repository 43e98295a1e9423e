import Foundation
import TestSupport

@testable import Amphora

/// All that a store says of its versions, aliases, runs and links, as lines of text.
struct StoreSnapshot: Equatable, CustomStringConvertible {
    let lines: [String]

    var description: String { lines.joined(separator: "\n") }

    init(_ store: Store) throws {
        var lines: [String] = []
        for version in try store.allVersions(onDamage: { lines.append("damaged \($0.name)") }) {
            let metadata = JSONValue.object(version.metadata).canonical
            lines.append(
                "\(version) \(version.commitID) \(version.treeID) \(version.type) \(version.signature) "
                    + "\(version.note ?? "-") \(version.fileCount) \(version.byteCount) \(metadata) "
                    + "\(version.producerID?.rawValue ?? "-")")
            lines += try store.runs(linking: version).map { "\(version) linked by \($0)" }
        }
        lines += try store.artifacts().map { "\($0.name) \($0.newest) \($0.versionCount)" }
        for name in try store.artifactNames() {
            lines += try store.tombstones(of: name).map { "\($0)" }
            lines += try store.aliases(of: name).map { "\($0)" }
        }
        lines += try store.allAliases().map { "\($0)" }
        for run in try store.runs(onDamage: { lines.append("damaged \($0.id)") }) {
            lines.append("\(run) \(run.commitID) \(run.state) \(run.record.json.canonical) \(run.links)")
        }
        lines.append(try store.lineage().json.canonical)
        self.lines = lines
    }

    /// What a store says that was never asked before: a copy without an index.
    init(copyOf folder: String) throws {
        let scratch = try Scratch()
        let copied = try run("cp", ["-R", folder, scratch("copy")], in: scratch.path)
        guard copied.status == 0 else { throw CocoaError(.fileWriteUnknown) }
        try FileManager.default.removeItem(atPath: scratch("copy/amphora"))
        try self.init(
            Store.open(at: scratch("copy"), surroundings: TestStore.surroundings(in: scratch.path)))
    }
}
