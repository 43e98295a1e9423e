/// How versions get from one machine to a remote, and from there to a second machine: scripts, as in ``System``.
///
/// The remote is to be in the folder `remote`, the second machine's store in `second`; both are empty at first.
/// `$WIRE` comes before the path in a URL for git.
struct Exchange: Sendable {
    /// Makes the remote and says where it is; not timed.
    let connect: String
    /// Sends what was put.
    let push: String
    /// Brings all that the remote has to the second machine, which has nothing; no files are made of it.
    let clone: String
    /// Brings what the remote has to the second machine, which has version 1.
    let fetch: String
    /// Makes files of version 2 on the second machine, without the remote; not timed.
    let check: String
    /// Whether it speaks git's protocol, so that the bytes that go by can be counted.
    var hasWire = false
}
