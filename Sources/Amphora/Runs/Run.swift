public import AmphoraObjects
import AmphoraStore
import Synchronization

/// One execution of a pipeline step: what it used, what it logged, how it went.
///
/// Any number of threads may log to one run, and any number of processes.
public final class Run: Sendable, CustomStringConvertible {
    public let id: RunID
    public let name: String
    public let store: Store
    private let buffer: Mutex<RunBuffer>

    /// Metrics and media are saved at most this often, and at the end.
    static let saveInterval = Duration.seconds(30)

    init(id: RunID, name: String, store: Store) {
        self.id = id
        self.name = name
        self.store = store
        buffer = Mutex(RunBuffer())
    }

    public var description: String { id.description }

    // Links are saved at once: no crash may lose what made what.

    /// Records a version as an input of the run.
    ///
    /// - Parameter reference: `NAME`, `NAME:ALIAS` or `NAME:vN`.
    /// - Returns: The version.
    /// - Throws: ``NotInStore`` with the versions and aliases that there are.
    @discardableResult
    public func use(_ reference: String) throws -> Version {
        let version = try store.version(reference)
        try use(version)
        return version
    }

    /// Records a version as an input of the run.
    public func use(_ version: Version) throws { try link(version, as: .input) }

    /// Logs the artifact's next version and records it as an output of the run.
    ///
    /// Files identical to those of the newest version make no new one: the run is then recorded as one
    /// more producer of that, and the aliases move all the same.
    ///
    /// - Parameters:
    ///   - artifact: Files and what is said about them.
    ///   - aliases: Aliases to point at the version, besides `latest`.
    ///   - progress: Told of files and bytes read.
    /// - Returns: The version, new or not.
    /// - Throws: An error that names what is wrong; no version is made then.
    @discardableResult
    public func log(
        _ artifact: Artifact, aliases: [String] = [], progress: Progress.Handler? = nil
    ) throws -> Version {
        try log(store.stage(artifact, aliases: aliases, progress: progress)).version
    }

    /// Logs an artifact whose files are in the store already.
    ///
    /// - Parameters:
    ///   - staged: The artifact.
    ///   - isLast: Whether the run ends with it, as a success: that saves saving the run once more.
    /// - Returns: The version, and whether it is new.
    /// - Throws: What saving throws.
    @discardableResult
    public func log(
        _ staged: StagedArtifact, finishing isLast: Bool = false
    ) throws -> (version: Version, isNew: Bool) {
        let logged = try store.publish(staged, runID: id)
        let now = isLast ? store.surroundings.now() : nil
        try link(logged.version, as: .output) { record in
            guard let now else { return }
            record.state = .finished
            record.finished = now
        }
        return logged
    }

    private func link(
        _ version: Version, as role: LinkRole, _ change: (inout RunRecord) -> Void = { _ in }
    ) throws {
        try save { document, writer in
            let record = document.record
            change(&document.record)
            let isNew = try document.link(
                version.commitID, called: version.description, as: role, writing: writer)
            return isNew || document.record != record
        }
    }

    /// Ends the run as a success.
    ///
    /// - Parameter exitStatus: The command's exit status, for a run of one.
    /// - Throws: What saving throws.
    public func finish(exitStatus: Int? = nil) throws { try end(.finished, exitStatus: exitStatus) }

    /// Ends the run of a command by its exit status; one that the command itself has ended stays so.
    public func end(exitStatus: Int) throws {
        try end(exitStatus == 0 ? .finished : .failed, exitStatus: exitStatus, unlessEnded: true)
    }

    /// Ends the run as a failure.
    ///
    /// - Parameters:
    ///   - reason: What went wrong, added to the run's notes.
    ///   - exitStatus: The command's exit status, for a run of one.
    /// - Throws: What saving throws.
    public func fail(_ reason: String? = nil, exitStatus: Int? = nil) throws {
        try end(.failed, exitStatus: exitStatus, reason: reason)
    }

    private func end(
        _ state: RunState, exitStatus: Int?, reason: String? = nil, unlessEnded: Bool = false
    ) throws {
        let now = store.surroundings.now()
        try save { document, _ in
            if !unlessEnded || document.record.state == .running { document.record.state = state }
            document.record.finished = now
            if let exitStatus { document.record.exitStatus = exitStatus }
            if let reason {
                let notes = document.record.notes
                document.record.notes = notes.isEmpty ? reason : "\(notes)\n\(reason)"
            }
            return true
        }
    }

    /// Sets entries of the summary: the run's results.
    public func setSummary(_ entries: [String: JSONValue]) throws {
        try change(entries, "summary") { $0.summary.merge(entries) { _, new in new } }
    }

    /// Sets entries of the configuration: the run's settings.
    public func setConfig(_ entries: [String: JSONValue]) throws {
        try change(entries, "config") { $0.config.merge(entries) { _, new in new } }
    }

    /// Adds tags.
    public func addTags(_ tags: [String]) throws {
        try change([:], "tags") { record in record.tags += tags.filter { !record.tags.contains($0) } }
    }

    /// Replaces the notes: free text about the run.
    public func setNotes(_ notes: String) throws { try change([:], "notes") { $0.notes = notes } }

    private func change(
        _ entries: [String: JSONValue], _ what: String, _ body: (inout RunRecord) -> Void
    ) throws {
        try InvalidMetric.check(entries, in: what)
        try save { document, _ in
            body(&document.record)
            return true
        }
    }

    func withBuffer<Result>(_ body: (inout RunBuffer) throws -> Result) rethrows -> Result {
        try buffer.withLock { try body(&$0) }
    }

    /// Saves what is waiting, if the last save was long enough ago.
    func saveIfDue() throws {
        let isDue = buffer.withLock { $0.lastSave.duration(to: .now) >= Self.saveInterval }
        if isDue { try flush() }
    }

    /// Saves what is waiting now.
    public func flush() throws {
        guard !buffer.withLock({ $0.isEmpty }) else { return }
        try save { _, _ in false }
    }

    /// Saves a change together with the metrics and media that are waiting.
    private func save(_ change: (inout RunDocument, PackingObjectWriter) throws -> Bool) throws {
        var taken = buffer.withLock { $0.take() }
        do {
            if !taken.lines.isEmpty {
                taken.segments.append(try store.writeSegment(taken.lines))
                taken.lines = []
            }
            try store.updateRun(id) { document, repository, writer in
                for segment in taken.segments { document.append(segment: segment) }
                for media in taken.media { try document.append(media, in: repository, writing: writer) }
                let isChanged = try change(&document, writer)
                return isChanged || !taken.segments.isEmpty || !taken.media.isEmpty
            }
            buffer.withLock { $0.lastSave = .now }
        } catch {
            buffer.withLock { $0.putBack(taken) }
            throw error
        }
    }
}
