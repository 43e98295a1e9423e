public import AmphoraObjects
public import FoundationEssentials

/// What `run.json` says of a run.
///
/// Kept as the JSON object that it is, so that fields of later versions survive a save by this one.
public struct RunRecord: Sendable, Hashable {
    var fields: JSONValue

    init(fields: JSONValue) { self.fields = fields }

    public var id: String { text("id") }
    public internal(set) var name: String {
        get { text("name") }
        set { fields["name"] = .string(newValue) }
    }
    public internal(set) var project: String {
        get { text("project") }
        set { fields["project"] = .string(newValue) }
    }
    /// The step of the pipeline that the run executes, such as `train`.
    public internal(set) var jobType: String {
        get { text("job_type") }
        set { fields["job_type"] = .string(newValue) }
    }
    /// As it was saved: see ``RunInfo/state`` for a run whose process has died.
    public internal(set) var state: RunState {
        get { RunState(rawValue: text("state")) ?? .crashed }
        set { fields["state"] = .string(newValue.rawValue) }
    }
    public internal(set) var config: [String: JSONValue] {
        get { fields["config"]?.object ?? [:] }
        set { fields["config"] = .object(newValue) }
    }
    public internal(set) var summary: [String: JSONValue] {
        get { fields["summary"]?.object ?? [:] }
        set { fields["summary"] = .object(newValue) }
    }
    public internal(set) var created: Date {
        get { Timestamp.date(text("created_at")) ?? .distantPast }
        set { fields["created_at"] = .string(Timestamp.text(newValue)) }
    }
    public internal(set) var finished: Date? {
        get { fields["finished_at"]?.string.flatMap(Timestamp.date) }
        set { fields["finished_at"] = newValue.map { .string(Timestamp.text($0)) } ?? .null }
    }
    public internal(set) var user: String {
        get { text("user") }
        set { fields["user"] = .string(newValue) }
    }
    public internal(set) var host: String {
        get { text("host") }
        set { fields["host"] = .string(newValue) }
    }
    /// The process that the run lives in; `nil` if it is not tied to one.
    public internal(set) var processID: Int32? {
        get { fields["pid"]?.int.flatMap(Int32.init(exactly:)) }
        set { fields["pid"] = newValue.map { .int(Int64($0)) } ?? .null }
    }
    /// The command line, one word an element.
    public internal(set) var command: [String] {
        get { fields["command"]?.array?.compactMap(\.string) ?? [] }
        set { fields["command"] = .array(newValue.map(JSONValue.string)) }
    }
    /// The state of the code: `commit`, `remote`, `dirty`.
    public internal(set) var code: [String: JSONValue] {
        get { fields["code"]?.object ?? [:] }
        set { fields["code"] = .object(newValue) }
    }
    /// The exit status of the command, for a run of one.
    public internal(set) var exitStatus: Int? {
        get { fields["exit_status"]?.int }
        set { fields["exit_status"] = newValue.map { .int(Int64($0)) } }
    }
    public internal(set) var notes: String {
        get { text("notes") }
        set { fields["notes"] = .string(newValue) }
    }
    public internal(set) var tags: [String] {
        get { fields["tags"]?.array?.compactMap(\.string) ?? [] }
        set { fields["tags"] = .array(newValue.map(JSONValue.string)) }
    }
    /// Grows with each save.
    public internal(set) var sequence: Int {
        get { fields["sequence"]?.int ?? 0 }
        set { fields["sequence"] = .int(Int64(newValue)) }
    }

    private func text(_ key: String) -> String { fields[key]?.string ?? "" }

    /// The whole record.
    public var json: JSONValue { fields }
}

/// How a run uses a version.
public enum LinkRole: String, Sendable, Hashable {
    case input, output, both

    /// Whether the run used the version.
    public var isInput: Bool { self != .output }
    /// Whether the run logged the version.
    public var isOutput: Bool { self != .input }

    /// The role that says both what this one and what `other` says.
    func joined(with other: LinkRole?) -> LinkRole { other == nil || other == self ? self : .both }
}

/// A version that a run used or logged.
public struct RunLink: Sendable, Hashable {
    public let commitID: CommitID
    /// What the version was called when it was linked, such as `mnist-raw:v0`.
    public let artifact: String
    public let role: LinkRole
}
