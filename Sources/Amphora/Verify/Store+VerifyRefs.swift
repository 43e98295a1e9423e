import AmphoraGit
import AmphoraObjects
import AmphoraStore
import Synchronization

/// All from git: what the index knows proves nothing.
extension Store {
    func readableVersions(_ onDamage: (VersionDamaged) -> Void) throws -> [Version] {
        let tags = try refs(below: RefName.versions) { $0.version }.sorted { $0.name < $1.name }
        return try tags.compactMap { name, target in
            let entry = try pool.with { self.entry(name, CommitID(target), in: $0) }
            if case .damaged(let damage) = entry { onDamage(damage) }
            return entry.version
        }
    }

    private func refs<Name>(
        below prefix: String, _ name: (RefName) -> Name?
    ) throws -> [(name: Name, target: ObjectID)] {
        try pool.with { try ReferenceStore($0).list(prefix) }.compactMap { reference in
            name(reference.name).map { ($0, reference.target) }
        }
    }

    func verifyRefs(of versions: [Version], _ report: inout Verification) throws {
        let (unreadable, root) = try pool.with { repository in
            let references = ReferenceStore(repository)
            return (references.unreadable(), try references.target(of: .root))
        }
        report.damages += unreadable.map {
            Damage(
                subject: "\($0)",
                problem: "the ref is malformed, cannot be read, or points at an object that is not here")
        }
        if root == nil {
            report.damages.append(
                Damage(subject: "\(RefName.root)", problem: "the ref is not there", isMissing: true))
        }
        let known = Set(versions.map { "\($0.name.artifact) \($0.commitID)" })
        for (alias, target) in try refs(below: RefName.aliases, { $0.alias })
        where !known.contains("\(alias.artifact) \(target)") {
            report.damages.append(
                Damage(
                    subject: "\(alias.artifact):\(alias.alias)",
                    problem: "the alias points at \(target), which is no readable version"))
        }
    }

    func verifyRuns(isPartial: Bool, _ report: inout Verification) throws {
        let ids = try refs(below: RefName.runs, { $0.run }).map(\.name).sorted()
        report.runCount = ids.count
        let damages = Mutex<[Damage]>([])
        try Parallel.forEach(ids.count) { index in
            do {
                try verifyRun(ids[index], isPartial: isPartial)
            } catch {
                damages.withLock { $0.append(Damage(subject: "run \(ids[index])", error: error)) }
            }
        }
        report.damages += damages.withLock { $0 }
    }

    /// Checks a run; in a partial store, as far as it is here.
    private func verifyRun(_ id: RunID, isPartial: Bool) throws {
        func asFarAsHere(_ body: () throws -> Void) throws {
            do {
                try body()
            } catch {
                guard isPartial, error is MissingObject else { throw error }
            }
        }
        try pool.with { repository in
            var next = try ReferenceStore(repository).target(of: .run(id)).map { CommitID($0) }
            while let commitID = next {
                next = try repository.commit(commitID).parentIDs.first
                try asFarAsHere { _ = try RunDocument(commitID, in: repository) }
            }
        }
        try asFarAsHere {
            for segment in try runFiles(id, below: "history", needing: nil) {
                try asFarAsHere { _ = try lines(of: segment) }
            }
        }
        try asFarAsHere {
            for file in try runFiles(id, below: "media", needing: nil) {
                try asFarAsHere { try pool.with { try FileTree($0).read(file) { _ in } } }
            }
        }
    }

    /// Tells of damaged objects which no finding so far is about, with the refs that reach them.
    func attribute(
        _ damaged: [ObjectID: any Error], _ inventory: ObjectInventory, _ report: inout Verification
    ) throws {
        var causes: [Int: any Error] = [:]
        for (id, cause) in damaged {
            if let position = inventory.position(of: id) { causes[position] = cause }
        }
        guard !causes.isEmpty else { return }
        let subjects = Set(report.damages.map(\.subject))
        var unreached = causes
        try pool.with { repository in
            let graph = ObjectGraph(inventory, in: repository)
            for (name, target) in try ReferenceStore(repository).list("refs/") {
                var found: (any Error)?
                graph.walk(from: [target]) { position in
                    guard let cause = causes[position] else { return }
                    found = found ?? cause
                    unreached[position] = nil
                }
                let subject = Self.subject(of: name)
                guard let found, !subjects.contains(subject), name.alias == nil else { continue }
                report.damages.append(Damage(subject: subject, error: found))
            }
        }
        for (position, cause) in unreached {
            let damage = Damage(subject: "", error: cause)
            report.damages.append(
                Damage(
                    subject: "object \(inventory.ids[position])",
                    problem: "nothing reaches it: \(damage.problem)"))
        }
    }

    private static func subject(of name: RefName) -> String {
        name.version.map(\.description) ?? name.run.map { "run \($0)" } ?? name.rawValue
    }
}
