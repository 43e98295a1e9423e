import AmphoraObjects

extension Store {
    /// The graph of all versions and runs.
    ///
    /// A version that a run links and that has been deleted since is a node too.
    public func lineage() throws -> LineageGraph {
        var versions: [CommitID: LineageGraph.VersionNode] = [:]
        let aliases = Dictionary(grouping: try allAliases(), by: \.target)
        for entry in try allEntries() {
            switch entry {
            case .version(let version):
                versions[version.commitID] = LineageGraph.VersionNode(
                    commitID: version.commitID, name: version.name, type: version.type,
                    aliases: (aliases[version.commitID] ?? []).filter { $0.artifact == version.name.artifact }
                        .map(\.alias),
                    byteCount: version.byteCount, isDeleted: false)
            case .tombstone(let tombstone):
                versions[tombstone.deletedID] = LineageGraph.VersionNode(
                    commitID: tombstone.deletedID, name: tombstone.name, type: tombstone.type, aliases: [],
                    byteCount: 0, isDeleted: true)
            case .damaged: break
            }
        }
        var runs: [LineageGraph.RunNode] = []
        var edges: Set<LineageGraph.Edge> = []
        var linked: Set<CommitID> = []
        for run in try self.runs() {
            runs.append(
                LineageGraph.RunNode(
                    id: run.id, name: run.record.name, project: run.record.project,
                    jobType: run.record.jobType,
                    state: run.state, created: run.record.created))
            // A link to a commit that no tag names is to a version that is not here: nothing is known of it.
            for link in run.links where versions[link.commitID] != nil {
                linked.insert(link.commitID)
                if link.role.isInput { edges.insert(.init(from: .version(link.commitID), to: .run(run.id))) }
                if link.role.isOutput { edges.insert(.init(from: .run(run.id), to: .version(link.commitID))) }
            }
        }
        return LineageGraph(
            versions: versions.values.filter { !$0.isDeleted || linked.contains($0.commitID) }, runs: runs,
            edges: Array(edges))
    }

    /// The node that a user means: a version by its name, or a run by its ID or name.
    ///
    /// - Throws: ``NotInStore`` if it is neither.
    public func lineageNode(_ text: String) throws -> LineageGraph.NodeID {
        do {
            return .version(try version(text).commitID)
        } catch {
            if let deleted = error as? VersionDeleted { return .version(deleted.tombstone.deletedID) }
            guard error is NotInStore || error is InvalidName else { throw error }
            let run: RunInfo
            do { run = try self.run(text) } catch let other { throw other is NotInStore ? error : other }
            return .run(run.id)
        }
    }
}
