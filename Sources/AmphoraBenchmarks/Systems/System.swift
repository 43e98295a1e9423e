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
    /// What grows with each version: folders, separated by spaces.
    var store = "store"
    /// Where the get puts the files.
    var result = "out"
    /// Variables that only this one needs.
    var variables: [String: String] = [:]

    static let all = [
        copy, checksum, amphora, git, gitLFS, dvc, restic, borg, wandb, oxen,
    ]
}
