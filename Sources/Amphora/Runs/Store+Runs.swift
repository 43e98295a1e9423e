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
        record.name =
            try name ?? RunName.draw(number: withCatalog(.runs) { try $0.runCount() } + 1, using: &generator)
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
        try withCatalog(.runs) { try $0.runIDs() }
    }

    /// Finds the run that a user means, by its ID or by a name that only one run has.
    ///
    /// - Throws: ``NotInStore`` with similar IDs and names.
    public func run(_ text: String) throws -> RunInfo {
        if let id = try? RunID(text), let info = try runInfo(id) { return info }
        let named = try withCatalog(.runs) { try $0.runIDs(called: text) }.sorted()
        guard named.count < 2 else { throw AmbiguousRun(name: text, ids: named) }
        guard let id = named.first, let info = try runInfo(id) else { throw try runNotFound(text) }
        return info
    }

    /// A run as git has it now, or `nil` if there is none.
    private func runInfo(_ id: RunID) throws -> RunInfo? {
        try requireRecord(of: id)
        return try pool.with { repository in
            guard let target = try ReferenceStore(repository).target(of: .run(id)) else { return nil }
            let document = try reading(id) { try RunDocument(CommitID(target), in: repository) }
            let links = try withCatalog(.allVersions) { try $0.links(of: id, noted: document.links) }
            return runInfo(id, document.record, links, CommitID(target))
        }
    }

    func runInfo(
        _ id: RunID, _ record: RunRecord, _ links: [CommitID: RunLink], _ commitID: CommitID
    ) -> RunInfo {
        RunInfo(
            id: id, record: record,
            links: links.values.sorted { ($0.artifact, $0.commitID) < ($1.artifact, $1.commitID) },
            state: state(of: record), commitID: commitID)
    }

    func state(of record: RunRecord) -> RunState {
        let state = record.state
        guard state == .running else { return state }
        return self.state(state, host: record.host, processID: record.processID, created: record.created)
    }

    /// All runs, the oldest first.
    ///
    /// - Parameter onDamage: Told of runs that cannot be read; the others are returned all the same.
    /// - Returns: The runs that can be read.
    /// - Throws: If refs cannot be listed.
    public func runs(onDamage: (RunDamaged) -> Void = { _ in }) throws -> [RunInfo] {
        let (runs, damaged) = try withCatalog(.allVersions, .runs) { try $0.runs() }
        damaged.forEach(onDamage)
        return runs
    }

    /// The runs that used or logged a version, the oldest first.
    public func runs(linking version: Version) throws -> [RunInfo] {
        try withCatalog(.allVersions, .runs) { catalog in
            try catalog.runs(Array(catalog.roles(of: version.commitID).keys)).runs
        }
    }

    /// The job type of each run that can be read.
    package func jobTypes() throws -> [RunID: String] { try withCatalog(.runs) { try $0.jobTypes() } }

    /// A run that is marked as running is crashed if its process was on this machine and is gone.
    func state(_ state: RunState, host: String, processID: Int32?, created: Date) -> RunState {
        guard state == .running, host == surroundings.host, let processID,
            !ProcessLife.isAlive(processID, since: created)
        else { return state }
        return .crashed
    }

    func runDocument(_ id: RunID) throws -> RunDocument {
        try requireRecord(of: id)
        return try pool.with { repository in
            guard let target = try ReferenceStore(repository).target(of: .run(id)) else {
                throw try runNotFound(id.rawValue)
            }
            return try reading(id) { try RunDocument(CommitID(target), in: repository) }
        }
    }

    /// Brings a long record, which a light clone leaves out.
    private func requireRecord(of id: RunID) throws {
        let path = ArtifactPath(unchecked: RunDocument.recordName)
        try require(reading(id) { try [contentNeed(of: id, paths: [path], .content)].compactMap(\.self) })
    }

    private func reading<Result>(_ id: RunID, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            guard error is any ContentProblem else { throw error }
            throw absence(of: .run(id), error) ?? RunDamaged(id: id, cause: error)
        }
    }

    func runNotFound(_ text: String) throws -> NotInStore {
        let ids = try runIDs().map(\.rawValue).sorted()
        return NotInStore(
            what: "run '\(text)'",
            hint: Similarity.hint(for: text, among: ids, none: "There are no runs yet."),
            near: Similarity.near(text, among: ids))
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
    public var hint: String? {
        code == .corrupt ? "`amphora verify` lists all that is affected." : nil
    }
}
