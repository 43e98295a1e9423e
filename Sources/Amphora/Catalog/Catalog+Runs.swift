import AmphoraObjects
import AmphoraStore
import FoundationEssentials
import GRDB

extension Catalog {
    func runIDs() throws -> [RunID] { try runIDs("SELECT id FROM runs") }

    func runIDs(called name: String) throws -> [RunID] {
        try runIDs("SELECT id FROM runs WHERE name = ?", [name])
    }

    func runCount() throws -> Int { try Int.fetchOne(database, sql: "SELECT count(*) FROM runs") ?? 0 }

    private func runIDs(_ sql: String, _ arguments: StatementArguments = []) throws -> [RunID] {
        let rows = try rows(sql, arguments)
        var ids: [RunID] = []
        while let row = try rows.next() { ids.append(try runID(row, 0)) }
        return ids
    }

    /// The job type of each run that can be read.
    func jobTypes() throws -> [RunID: String] {
        let rows = try rows("SELECT id, jobType FROM runs WHERE record IS NOT NULL")
        var types: [RunID: String] = [:]
        while let row = try rows.next() { types[try runID(row, 0)] = row[1] }
        return types
    }

    /// The runs that used or logged the version with this commit, and how.
    ///
    /// A version's trailer names the run that logged it first, which may have crashed before it could say so.
    func roles(of commitID: CommitID) throws -> [RunID: LinkRole] {
        let id = commitID.objectID.data
        let rows = try rows(
            """
            SELECT run, role FROM links WHERE target = ?
            UNION ALL SELECT run, 'output' FROM versions JOIN runs ON id = run WHERE versions.target = ?
            """, [id, id])
        var roles: [RunID: LinkRole] = [:]
        while let row = try rows.next() {
            let run = try runID(row, 0)
            roles[run] = try role(row, 1).joined(with: roles[run])
        }
        return roles
    }

    /// The links of all runs, by commit.
    func links() throws -> [RunID: [CommitID: RunLink]] {
        var links: [RunID: [CommitID: RunLink]] = [:]
        let noted = try rows("SELECT \(Self.linkColumns), run FROM links")
        while let row = try noted.next() {
            let link = try link(row)
            links[try runID(row, 3), default: [:]][link.commitID] = link
        }
        let produced = try rows("SELECT \(Self.productColumns), run FROM versions WHERE run IS NOT NULL")
        while let row = try produced.next() { try add(link(row), to: &links[runID(row, 3), default: [:]]) }
        return links
    }

    /// The links of one run, by commit.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - noted: Those in its notes, if they are known.
    /// - Returns: These and the versions that name the run as their producer.
    /// - Throws: Database errors.
    func links(of run: RunID, noted: [CommitID: RunLink]? = nil) throws -> [CommitID: RunLink] {
        var links = try (noted ?? [:]).mapValues { link in
            RunLink(commitID: link.commitID, artifact: try currentName(of: link), role: link.role)
        }
        if noted == nil {
            let rows = try rows("SELECT \(Self.linkColumns) FROM links WHERE run = ?", [run.rawValue])
            while let row = try rows.next() {
                let link = try link(row)
                links[link.commitID] = link
            }
        }
        let produced = try rows("SELECT \(Self.productColumns) FROM versions WHERE run = ?", [run.rawValue])
        while let row = try produced.next() { try add(link(row), to: &links) }
        return links
    }

    /// The name is that which the version has now: it may have got another number after it was linked.
    private static let linkColumns = """
        target, coalesce(
            (SELECT artifact || ':v' || number FROM versions
             WHERE versions.target = links.target
                 AND versions.artifact = substr(links.artifact, 1, instr(links.artifact, ':') - 1)
             ORDER BY number DESC LIMIT 1),
            artifact), role
        """

    private func currentName(of link: RunLink) throws -> String {
        let recorded = VersionName(parsing: link.artifact)
        return try recorded.flatMap { try name(of: link.commitID, in: $0.artifact) }?.description
            ?? link.artifact
    }

    private static let productColumns = "target, artifact || ':v' || number, 'output'"

    private func link(_ row: Row) throws -> RunLink {
        RunLink(commitID: try commitID(row, 0), artifact: row[1], role: try role(row, 2))
    }

    /// Adds a version that a run has made to what its notes say.
    private func add(_ link: RunLink, to links: inout [CommitID: RunLink]) {
        let old = links[link.commitID]
        guard old?.role.isOutput != true else { return }
        links[link.commitID] = RunLink(
            commitID: link.commitID, artifact: link.artifact, role: link.role.joined(with: old?.role))
    }

    /// The runs with these IDs, or all, the oldest first; and what is damaged.
    ///
    /// IDs that no run has are left out. `known` are records that have been read before, by the commit they are in.
    func runs(
        _ ids: [RunID]? = nil, known: [CommitID: RunRecord] = [:]
    ) throws -> (runs: [RunInfo], damaged: [RunDamaged]) {
        var runs: [(created: Double, info: RunInfo)] = []
        var damaged: [RunDamaged] = []
        let all = ids == nil ? try links() : nil
        try forEachRun(ids, "record") { id, target, created, row in
            do {
                let record = try known[target] ?? record(row, 3, of: target)
                let links = try all.map { $0[id] ?? [:] } ?? links(of: id)
                runs.append((created, store.runInfo(id, record, links, target)))
            } catch {
                if error is DatabaseError { throw error }
                damaged.append(RunDamaged(id: id, cause: store.absence(of: .run(id), error) ?? error))
            }
        }
        return (runs.sorted { ($0.created, $0.info.id) < ($1.created, $1.info.id) }.map(\.info), damaged)
    }

    /// The runs with these IDs, or all, as lineage shows them; those that cannot be read are left out.
    func runNodes(_ ids: [RunID]? = nil) throws -> [LineageGraph.RunNode] {
        var nodes: [LineageGraph.RunNode] = []
        try forEachRun(ids, "name, project, jobType, state, host, process") { id, target, created, row in
            guard !row.hasNull(atIndex: 6), isHere(target) else { return }
            let created = Date(timeIntervalSinceReferenceDate: created)
            guard let state = RunState(rawValue: row[6]) else { throw damage }
            nodes.append(
                LineageGraph.RunNode(
                    id: id, name: row[3], project: row[4], jobType: row[5],
                    state: store.state(state, host: row[7], processID: row[8], created: created),
                    created: created))
        }
        return nodes
    }

    /// Hands out rows of the table of runs, with `columns` from the fourth on.
    private func forEachRun(
        _ ids: [RunID]?, _ columns: String, _ body: (RunID, CommitID, Double, Row) throws -> Void
    ) throws {
        func read(_ rows: RowCursor) throws {
            while let row = try rows.next() { try body(runID(row, 0), commitID(row, 1), row[2] ?? 0, row) }
        }
        let sql = "SELECT id, target, created, \(columns) FROM runs"
        guard let ids else { return try read(rows(sql)) }
        for id in ids { try read(rows("\(sql) WHERE id = ?", [id.rawValue])) }
    }

    /// The record of a run as it is remembered, or from git if that cannot be.
    private func record(_ row: Row, _ column: Int, of target: CommitID) throws -> RunRecord {
        guard let text: String = row[column], isHere(target) else {
            return try RunDocument(target, in: repository).record
        }
        return RunRecord(fields: try orDamaged { try JSONValue(parsing: text) })
    }

    private func role(_ row: Row, _ column: Int) throws -> LinkRole {
        guard let role = LinkRole(rawValue: row[column]) else { throw damage }
        return role
    }
}
