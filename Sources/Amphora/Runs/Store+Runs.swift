import AmphoraGit
public import AmphoraObjects
import AmphoraStore
public import FoundationEssentials

/// A run as the store has it now.
public struct RunInfo: Sendable, CustomStringConvertible {
    public let id: RunID
    public let record: RunRecord
    /// What it used and logged, sorted by name.
    ///
    /// Versions it made are among them even if it crashed before it could record them: their trailers name it.
    public let links: [RunLink]
    /// The state, with the knowledge of whether its process lives.
    public let state: RunState
    /// The newest save.
    public let commitID: CommitID

    public var description: String { id.description }

    /// How long it took, or has taken until `now`; `nil` for a crashed run.
    public func duration(until now: Date) -> TimeInterval? {
        switch state {
        case .running: now.timeIntervalSince(record.created)
        case .crashed: nil
        case .finished, .failed: record.finished?.timeIntervalSince(record.created)
        }
    }
}

extension Store {
    /// Starts a run and saves it.
    ///
    /// - Parameters:
    ///   - project: What the run belongs to.
    ///   - jobType: The step of the pipeline, such as `train`.
    ///   - name: For people; `nil` draws one.
    ///   - config: The run's settings.
    ///   - notes: Free text.
    ///   - tags: Words to find it by.
    ///   - command: The command line.
    ///   - code: The state of the code: `commit`, `remote`, `dirty`.
    ///   - began: When its work began; `nil` is now.
    /// - Returns: The run, to log to.
    /// - Throws: ``InvalidMetric`` if the configuration is not finite; what saving throws.
    public func startRun(
        project: String, jobType: String, name: String? = nil, config: [String: JSONValue] = [:],
        notes: String = "", tags: [String] = [], command: [String] = [], code: [String: JSONValue] = [:],
        began: Date? = nil
    ) throws -> Run {
        try InvalidMetric.check(config, in: "config")
        var generator = SystemRandomNumberGenerator()
        let id = RunID(using: &generator)
        var record = RunRecord(fields: ["id": .string(id.rawValue)])
        record.name = try name ?? RunName.draw(number: runIDs().count + 1, using: &generator)
        record.project = project
        record.jobType = jobType
        record.state = .running
        record.config = config
        record.summary = [:]
        record.created = began ?? surroundings.now()
        record.finished = nil
        record.user = surroundings.user
        record.host = surroundings.host
        record.processID = surroundings.processID > 0 ? surroundings.processID : nil
        record.command = command
        record.code = code
        record.notes = notes
        record.tags = tags
        try createRun(id, record)
        return Run(id: id, name: record.name, store: self)
    }

    /// Goes on with a run that another process, or an earlier one, has started.
    ///
    /// - Throws: ``NotInStore`` with similar IDs.
    public func resumeRun(_ id: RunID) throws -> Run {
        let document = try runDocument(id)
        return Run(id: id, name: document.record.name, store: self)
    }

    /// The IDs of all runs, in no certain order.
    public func runIDs() throws -> [RunID] {
        try pool.with { try ReferenceStore($0).list(RefName.runs).compactMap { $0.name.run } }
    }

    /// Finds the run that a user means, by its ID or by a name that only one run has.
    ///
    /// - Throws: ``NotInStore`` with similar IDs and names.
    public func run(_ text: String) throws -> RunInfo {
        if let id = try? RunID(text) {
            var damage: RunDamaged?
            if let info = try runs([id], onDamage: { damage = $0 }).first { return info }
            if let damage { throw damage }
        }
        let named = try runs().filter { $0.record.name == text }
        guard named.count < 2 else { throw AmbiguousRun(name: text, ids: named.map(\.id)) }
        guard let info = named.first else { throw try runNotFound(text) }
        return info
    }

    /// All runs, the oldest first.
    ///
    /// - Parameter onDamage: Told of runs that cannot be read; the others are returned all the same.
    /// - Returns: The runs that can be read.
    /// - Throws: If refs cannot be listed.
    public func runs(onDamage: (RunDamaged) -> Void = { _ in }) throws -> [RunInfo] {
        try runs(nil, onDamage: onDamage)
    }

    private func runs(_ ids: [RunID]?, onDamage: (RunDamaged) -> Void) throws -> [RunInfo] {
        let produced = try producedLinks()
        return try pool.with { repository in
            let references = ReferenceStore(repository)
            let targets: [(RunID, ObjectID)] =
                if let ids {
                    try ids.compactMap { id in try references.target(of: .run(id)).map { (id, $0) } }
                } else {
                    try references.list(RefName.runs).compactMap { reference in
                        reference.name.run.map { ($0, reference.target) }
                    }
                }
            return targets.compactMap { id, target -> RunInfo? in
                let document: RunDocument
                do {
                    document = try RunDocument(CommitID(target), in: repository)
                } catch {
                    onDamage(RunDamaged(id: id, cause: error))
                    return nil
                }
                var links = document.links
                for link in produced[id] ?? [] where links[link.commitID]?.role.isOutput != true {
                    links[link.commitID] = RunLink(
                        commitID: link.commitID, artifact: link.artifact,
                        role: link.role.joined(with: links[link.commitID]?.role))
                }
                return RunInfo(
                    id: id, record: document.record, links: links.values.sorted { $0.artifact < $1.artifact },
                    state: state(of: document.record), commitID: CommitID(target))
            }
            .sorted { ($0.record.created, $0.id) < ($1.record.created, $1.id) }
        }
    }

    /// The versions that say in their trailers which run made them.
    private func producedLinks() throws -> [RunID: [RunLink]] {
        try allVersions().reduce(into: [:]) { links, version in
            guard let id = version.producerID else { return }
            links[id, default: []].append(
                RunLink(commitID: version.commitID, artifact: version.description, role: .output))
        }
    }

    /// A run that is marked as running is crashed if its process was on this machine and is gone.
    private func state(of record: RunRecord) -> RunState {
        guard record.state == .running, record.host == surroundings.host, let pid = record.processID,
            !ProcessLife.isAlive(pid, since: record.created)
        else { return record.state }
        return .crashed
    }

    func runDocument(_ id: RunID) throws -> RunDocument {
        try pool.with { repository in
            guard let target = try ReferenceStore(repository).target(of: .run(id)) else {
                throw try runNotFound(id.rawValue)
            }
            return try reading(id) { try RunDocument(CommitID(target), in: repository) }
        }
    }

    private func reading<Result>(_ id: RunID, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw error is any ContentProblem ? RunDamaged(id: id, cause: error) : error
        }
    }

    func runNotFound(_ text: String) throws -> NotInStore {
        let ids = try pool.with {
            try ReferenceStore($0).list(RefName.runs).compactMap { $0.name.run?.rawValue }
        }
        return NotInStore(
            what: "run '\(text)'",
            hint: Similarity.hint(for: text, among: ids.sorted(), none: "There are no runs yet."))
    }
}

/// A name that several runs have.
struct AmbiguousRun: UserFacingError {
    let name: String
    let ids: [RunID]
    var code: ErrorCode { .invalidArgument }
    var message: String { "\(ids.count) runs are called '\(name)'" }
    var hint: String? { "Use one of their IDs: \(ids.prefix(8).map(\.rawValue).joined(separator: ", "))." }
}

/// A run whose objects are damaged or missing.
public struct RunDamaged: UserFacingError {
    public let id: RunID
    public let cause: (any Error)?
    /// As the cause says, but what is missing is damage too.
    public var code: ErrorCode {
        let code = (cause as? any UserFacingError)?.code ?? .corrupt
        return code == .notFound ? .corrupt : code
    }
    public var message: String { "cannot read the run '\(id)'" }
    public var hint: String? { "`amphora verify` lists all that is affected." }
}
