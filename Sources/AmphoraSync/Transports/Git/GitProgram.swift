import AmphoraObjects
import AmphoraStore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The program `git`, as the user has it.
struct GitProgram: Sendable {
    /// The first with `git fetch --stdin` and all that is asked of it here.
    private static let oldest = (major: 2, minor: 31)

    private let path: FilePath
    private let environment: [String: String]
    private let mayAsk: Bool

    /// Finds it and looks at its version.
    ///
    /// - Throws: ``GitUnusable``.
    init(_ network: Network) throws {
        let folders = network.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        // Folders relative to the current one are anybody's.
        let candidates = folders.split(separator: ":").filter { $0.hasPrefix("/") }.map {
            FilePath(String($0)).appending("git")
        }
        guard let path = candidates.first(where: { Self.isProgram($0, X_OK) }) else {
            let other = candidates.first { Self.isProgram($0, F_OK) }
            throw other.map { GitUnusable.broken($0.displayed, "it is not executable") } ?? .missing
        }
        self.path = path
        environment = Self.environment(network)
        mayAsk = network.mayAsk
        try checkVersion()
    }

    private static func isProgram(_ path: FilePath, _ mode: Int32) -> Bool {
        (try? FileStatus(of: path, followLinks: true))?.kind == .file
            && path.withPlatformString { access($0, mode) } == 0
    }

    private func checkVersion() throws {
        let result: Result
        do {
            result = try run(["version"])
        } catch {
            guard let errno = (error as? FileError)?.errno else { throw error }
            throw GitUnusable.broken(
                path.displayed,
                // The file itself is there.
                errno == .noSuchFileOrDirectory
                    ? "the interpreter that it names is not there" : "\(errno)")
        }
        let text = String(decoding: result.output, as: UTF8.self)
        let words = text.split(separator: " ")
        let numbers = (words.count > 2 ? words[2] : "").split(separator: ".").prefix(2).map { Int($0) }
        guard result.status == 0, numbers.count == 2, let major = numbers[0], let minor = numbers[1] else {
            throw GitUnusable.unknown(
                path.displayed,
                result.messages.last ?? text.split(separator: "\n").first.map(String.init) ?? "")
        }
        guard (major, minor) >= (Self.oldest.major, Self.oldest.minor) else {
            throw GitUnusable.tooOld(path.displayed, "\(major).\(minor)")
        }
    }

    /// Starts it.
    func start(_ arguments: [String], input: FilePath) throws -> ChildProcess {
        try ChildProcess(path, arguments, environment: environment, input: input, isDetached: !mayAsk)
    }

    /// The user's variables, without those that name another repository.
    private static func environment(_ network: Network) -> [String: String] {
        var environment = network.environment
        for name in ofRepository { environment[name] = nil }
        environment["LC_ALL"] = "C"
        if !network.mayAsk {
            environment["GIT_TERMINAL_PROMPT"] = "0"
            // It has no terminal either, but might open a window.
            environment["SSH_ASKPASS_REQUIRE"] = environment["SSH_ASKPASS_REQUIRE"] ?? "never"
        }
        return environment
    }

    /// As `git rev-parse --local-env-vars` lists them.
    ///
    /// Git's own way to hand on single settings is not among them: programs that run others hide passwords
    /// there. So git does it when it goes into a submodule.
    private static let ofRepository = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_NAMESPACE",
        "GIT_CONFIG", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
        "GIT_INTERNAL_SUPER_PREFIX",
    ]
}

/// Why there is no `git` to reach a remote with.
enum GitUnusable: UserFacingError {
    case missing
    case broken(String, String)
    case tooOld(String, String)
    case unknown(String, String)

    var code: ErrorCode { .unavailable }

    var message: String {
        switch self {
        case .missing: "the program 'git' is not on the PATH"
        case .broken(let path, let reason): "cannot run '\(path)': \(reason)"
        case .tooOld(let path, let version): "'\(path)' is git \(version), and 2.31 or newer is needed"
        case .unknown(let path, let answer): "'\(path)' does not say which version of git it is: '\(answer)'"
        }
    }

    var hint: String? {
        let advice = "Install git 2.31 or newer; remotes that are folders of this machine need none."
        guard case .broken = self else { return advice }
        return "It is the first 'git' on the PATH: mend it, or take its folder out of the PATH."
    }
}
