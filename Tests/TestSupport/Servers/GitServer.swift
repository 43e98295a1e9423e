import Foundation

/// A real server of git repositories on this machine, for one test: started by it, and ended with it.
///
/// It listens on 127.0.0.1 only, at a port that nobody else has, and serves the repositories in its own folder.
public final class GitServer: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// `git daemon`, with pushing allowed.
        case daemon
        /// `git http-backend` behind lighttpd, which asks for a user and a password.
        case http
        /// OpenSSH's `sshd`, with a key.
        case ssh

        /// The path of the program that serves, if it is installed.
        var program: String? {
            switch self {
            case .daemon: Self.find("git-daemon", in: [Self.gitFolder])
            case .http:
                Self.find("git-http-backend", in: [Self.gitFolder]).flatMap { _ in Self.find("lighttpd") }
            case .ssh: Self.find("ssh-keygen").flatMap { _ in Self.find("sshd") }
            }
        }

        public var isAvailable: Bool { program != nil }
        /// What to say of a test that is skipped.
        public var reason: String { "no program to serve by \(rawValue): `.ci/setup` installs it" }
        /// The kinds that this machine can serve.
        public static let available = allCases.filter(\.isAvailable)

        /// Where git keeps its programs.
        static let gitFolder =
            (try? git("--exec-path", in: "/").trimmingCharacters(in: .newlines)) ?? "/usr/lib/git-core"

        private static func find(_ name: String, in folders: [String] = []) -> String? {
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
            let usual = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
            return (folders.isEmpty ? usual : folders).map { "\($0)/\(name)" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }
    }

    public static let user = "tester"
    public static let password = "correct horse"

    public let kind: Kind
    /// Counts what goes to the server and back, and can break it off.
    public let wire: Wire
    /// What a client needs in its environment, besides the hermetic one.
    public let environment: [String: String]
    private let scratch: Scratch
    private let process: Process
    private let address: String

    /// Starts a server, and waits until it answers.
    ///
    /// - Throws: ``ProgramFailed``, with what the server says.
    public init(_ kind: Kind) throws {
        guard let program = kind.program else { throw ProgramFailed(description: kind.reason) }
        self.kind = kind
        scratch = try Scratch()
        let folder = scratch("repositories")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let port = try Wire.freePort()
        wire = try Wire(to: port)
        let setup =
            switch kind {
            case .daemon: Self.daemon(folder, port, wire.port)
            case .http: try Self.http(folder, port, wire.port, scratch)
            case .ssh: try Self.ssh(folder, port, wire.port, scratch)
            }
        address = setup.address
        environment = setup.environment
        process = Process()
        // Foundation takes a program for dead that closes files it knows nothing of, as sshd does, and then hears
        // of no other's end: so a shell stands between.
        process.executableURL = URL(filePath: "/bin/sh")
        let script = #""$@" & server=$!; trap 'kill $server' TERM; wait; wait"#
        process.arguments = ["-c", script, "sh", program] + setup.arguments
        process.environment = hermeticEnvironment(home: scratch.path)
        try scratch.write("log", "")
        let log = try FileHandle(forWritingTo: URL(filePath: scratch("log")))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        try withoutBlockedSignals { try process.run() }
        for _ in 0..<500 where process.isRunning {
            if Wire.isListening(port) { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        stop()
        throw ProgramFailed(
            description:
                "\(program) does not serve: \(String(decoding: try scratch.read("log"), as: UTF8.self))")
    }

    /// What the kinds of servers differ in.
    struct Setup {
        let arguments: [String]
        /// Before the path of a repository in the folder.
        let address: String
        var environment: [String: String] = [:]
    }

    deinit { stop() }

    /// Ends the server, and what it does for clients.
    public func stop() {
        wire.close()
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Where repositories lie.
    public var folder: String { scratch("repositories") }

    /// The URL of a repository in the folder.
    public func url(_ name: String) -> String { "\(address)/\(name)" }

    /// Makes an empty bare repository that serves light clones.
    ///
    /// - Parameters:
    ///   - name: Its name in the folder.
    ///   - settings: More of git's settings, each `key=value`.
    /// - Returns: Its URL.
    /// - Throws: If git fails.
    @discardableResult
    public func makeRepository(_ name: String, settings: [String] = []) throws -> String {
        try git("init", "--quiet", "--bare", name, in: folder)
        for setting in ["uploadpack.allowFilter=true", "uploadpack.allowAnySHA1InWant=true"] + settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            try git("config", parts[0], parts[1], in: "\(folder)/\(name)")
        }
        return url(name)
    }
}
