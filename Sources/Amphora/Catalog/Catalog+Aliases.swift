import AmphoraObjects
import AmphoraStore
import GRDB

extension Catalog {
    /// The aliases of one artifact, or of all, sorted by artifact, `latest` first.
    func aliases(of artifact: ArtifactName? = nil) throws -> [AliasTarget] {
        let rows = try rows(
            "SELECT artifact, alias, target FROM aliases WHERE \(artifact == nil ? "1" : "artifact = ?")",
            artifact.map { [$0.rawValue] } ?? [])
        var aliases: [AliasTarget] = []
        while let row = try rows.next() {
            aliases.append(
                AliasTarget(
                    artifact: try self.artifact(row, 0), alias: try alias(row, 1),
                    target: try commitID(row, 2)))
        }
        return aliases.sorted { ($0.artifact, $0.alias) < ($1.artifact, $1.alias) }
    }
}
