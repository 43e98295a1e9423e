/// Something that keeps versions of files, as shell scripts.
///
/// They run in a scratch folder of their own. `$SOURCE` is the folder with the files of version `$VERSION`,
/// `$AMPHORA` the program that is measured, `$PYTHON` a Python in which others may be installed.
struct System: Sendable {
    enum Role: Sendable {
        case subject, yardstick, peer
    }

    let name: String
    var role = Role.peer
    /// Prints its version, or nothing where it is not installed.
    let version: String
    /// Sets up an empty store; not timed.
    var prepare = "true"
    /// Comes before each put of other files; not timed.
    var place = "true"
    let put: String
    /// Comes before the get; not timed.
    var clear = "true"
    /// `nil` if there is no way back to the files.
    var get: String?
    /// Whether the put of what is there already, and the get of what is in place, say something.
    var hasAgain = true
    /// If it is there, it is measured, and putting and getting are not.
    var exchange: Exchange?
    /// What grows with each version: folders, separated by spaces.
    var store = "store"
    /// Where the get puts the files.
    var result = "out"
    /// Variables that only this one needs.
    var variables: [String: String] = [:]

    static let all = [
        copy, checksum, amphora, git, gitLFS, dvc, restic, borg, wandb, oxen,
    ]

    /// What it is taken through.
    var steps: [Step] {
        exchange == nil ? Step.storing.filter { hasAgain || !$0.isRepetition } : Step.syncing
    }

    /// What is timed; `nil` if it cannot do that.
    func script(of step: Step) -> String? {
        switch step {
        case .putFirst, .putSecond, .putAgain: put
        case .get, .getAgain: get
        case .pushFirst, .pushSecond: exchange?.push
        case .clone: exchange?.clone
        case .fetch: exchange?.fetch
        }
    }

    /// What grows in a step: folders, separated by spaces.
    func growing(in step: Step) -> String? {
        switch step {
        case .putFirst, .putSecond, .putAgain: store
        case .get, .getAgain: nil
        case .pushFirst, .pushSecond: "remote"
        case .clone, .fetch: "second"
        }
    }
}
