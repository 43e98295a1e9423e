public import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What a store learns of the world outside: time, identity, process.
///
/// Passed in, so that tests decide.
public struct Surroundings: Sendable {
    /// The clock.
    public var now: @Sendable () -> Date
    /// Author of versions; `nil` takes git's configuration, and without one the login name.
    public var author: (name: String, email: String)?
    /// The login name.
    public var user: String
    /// The machine's name.
    public var host: String
    /// The process that a run belongs to: while it lives, the run is running.
    public var processID: Int32
    /// Where relative paths begin.
    public var currentFolder: @Sendable () -> String

    /// Told of what a store has waited for longer than a moment, as it follows "waiting for".
    public var onWait: (@Sendable (String) -> Void)?

    /// Whether another user's repository, in this folder, is trusted; asked about no other.
    public var trusts: @Sendable (_ folder: String) -> Bool

    /// What the operating system says, and git about folders.
    public init() {
        now = { Date() }
        author = nil
        onWait = nil
        user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid\(geteuid())"
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        processID = getpid()
        currentFolder = { FileManager.default.currentDirectoryPath }
        trusts = GitTrust.accepts
    }
}
