import Foundation

/// What a program did.
public struct ProgramResult: Sendable {
    public let status: Int32
    public let output: String
    public let error: String
}

/// A program that failed where it must not.
public struct ProgramFailed: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}

/// Runs a program in a hermetic environment and waits for it.
///
/// The program is a path, or a name to find on the PATH; what is given of the environment is added to the
/// hermetic one.
public func run(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:],
    input: String? = nil
) throws -> ProgramResult {
    let process = Process()
    process.executableURL = URL(filePath: program.contains("/") ? program : "/usr/bin/env")
    process.arguments = program.contains("/") ? arguments : [program] + arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = hermeticEnvironment(home: folder).merging(environment) { $1 }
    // Files, not pipes: a full pipe stops a program that nobody reads from.
    let scratch = try Scratch()
    try scratch.write("out", "")
    try scratch.write("err", "")
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: scratch("out")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: scratch("err")))
    if let input {
        try scratch.write("in", input)
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: scratch("in")))
    } else {
        process.standardInput = FileHandle.nullDevice
    }
    try withoutBlockedSignals { try process.run() }
    process.waitUntilExit()
    return ProgramResult(
        status: process.terminationReason == .exit
            ? process.terminationStatus : 128 + process.terminationStatus,
        output: String(decoding: try scratch.read("out"), as: UTF8.self),
        error: String(decoding: try scratch.read("err"), as: UTF8.self))
}

/// Runs `body` with all signals let through.
///
/// Threads of a pool block them, and programs started there would inherit that: `wait` in a shell would
/// never hear of a child's end.
public func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}

/// Runs the real git, as the reference implementation, and returns its standard output.
///
/// - Throws: ``ProgramFailed`` if git fails.
@discardableResult
public func git(_ arguments: String..., in folder: String) throws -> String {
    let result = try run("git", arguments, in: folder)
    guard result.status == 0 else {
        throw ProgramFailed(description: "git \(arguments.joined(separator: " ")): \(result.error)")
    }
    return result.output
}

/// An environment in which git reads no file of the user's and stamps no clock time.
public func hermeticEnvironment(home: String) -> [String: String] {
    [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "HOME": home, "LC_ALL": "C", "TZ": "UTC", "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Test User",
        "GIT_AUTHOR_EMAIL": "test@example.com",
        "GIT_COMMITTER_NAME": "Test User", "GIT_COMMITTER_EMAIL": "test@example.com",
        "GIT_AUTHOR_DATE": "2001-02-03T04:05:06Z", "GIT_COMMITTER_DATE": "2001-02-03T04:05:06Z",
    ]
}

/// The folder that built products such as `amphora` lie in.
public var productsFolder: String {
    #if os(macOS)
    Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent().path
        ?? ""
    #else
    Bundle.main.bundlePath
    #endif
}

/// The folder `Fixtures` of the package.
public var fixturesFolder: String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Fixtures").path
}
