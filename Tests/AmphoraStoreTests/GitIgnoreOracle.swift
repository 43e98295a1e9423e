import Foundation
import Testing

/// Ignore files, and the paths to be judged by them.
struct GitIgnoreCase: CustomTestStringConvertible {
    /// The text of the ignore files, by the folder in which they lie.
    var files: [[UInt8]: [UInt8]]
    /// Paths; those that end in `/` are folders.
    var paths: [[UInt8]]

    var testDescription: String {
        files.map { base, text in
            String(decoding: base, as: UTF8.self) + "/.gitignore: "
                + String(decoding: text, as: UTF8.self).debugDescription
        }.joined(separator: ", ")
    }

    /// Whether git (2.39 at least) reads the pattern differently from what its manual says.
    ///
    /// It compares what stands before the first wildcard by itself and forgets it. So it takes the stars in
    /// `ab**/c` to stand at the start of a component, while in `[a]b**/c` it does not.
    static func isMisreadByGit(_ line: [UInt8]) -> Bool {
        var pattern = line[...]
        if pattern.first == UInt8(ascii: "!") { pattern.removeFirst() }
        if pattern.first == UInt8(ascii: "/") { pattern.removeFirst() }
        let wildcards = Set("*?[\\".utf8)
        guard let end = pattern.firstIndex(where: { wildcards.contains($0) }), end > pattern.startIndex
        else { return false }
        return pattern[end - 1] != UInt8(ascii: "/") && pattern[end...].starts(with: "**".utf8)
    }
}

/// Asks the installed git what it would ignore.
enum GitIgnoreOracle {
    /// Git's verdict on each path of each case.
    ///
    /// Only folders are made in the scratch repository: git takes a path that is not there for a file.
    static func verdicts(on cases: [GitIgnoreCase]) throws -> [[Bool]] {
        let root = FileManager.default.temporaryDirectory.appending(
            path: "amphora-ignore-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        _ = try git(["init", "--quiet", "."], in: root)

        var input: [UInt8] = []
        for (number, ignoreCase) in cases.enumerated() {
            let folder = root.appending(path: "\(number)")
            let folders = ignoreCase.paths.filter { $0.last == UInt8(ascii: "/") } + ignoreCase.files.keys
            for path in folders where !folders.contains(where: { $0 != path && $0.starts(with: path) }) {
                let url = folder.appending(path: String(decoding: path, as: UTF8.self))
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            }
            for (base, text) in ignoreCase.files {
                let url = folder.appending(path: String(decoding: base, as: UTF8.self)).appending(
                    path: ".gitignore")
                try Data(text).write(to: url)
            }
            // Git finds out by itself what is a folder, and a slash at the end would confuse it.
            for path in ignoreCase.paths {
                input +=
                    Array("\(number)/".utf8) + (path.last == UInt8(ascii: "/") ? path.dropLast() : path) + [0]
            }
        }

        let output = try git(
            ["check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin"], in: root,
            input: input)
        // For each path: ignore file, line, pattern, path; the first three are empty if nothing matches.
        let fields = output.split(separator: 0, omittingEmptySubsequences: false)
        var results = stride(from: 2, to: fields.count, by: 4).map { index in
            !fields[index].isEmpty && fields[index].first != UInt8(ascii: "!")
        }[...]
        try #require(results.count == cases.reduce(0) { $0 + $1.paths.count })
        return cases.map { ignoreCase in
            defer { results = results.dropFirst(ignoreCase.paths.count) }
            return Array(results.prefix(ignoreCase.paths.count))
        }
    }

    /// Runs git in an environment in which it reads no file of the user's.
    private static func git(_ arguments: [String], in folder: URL, input: [UInt8] = []) throws -> [UInt8] {
        let inputFile = folder.appending(path: ".git-input")
        let outputFile = folder.appending(path: ".git-output")
        try Data(input).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder.path, "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_CEILING_DIRECTORIES": folder.deletingLastPathComponent().path,
        ]
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus <= 1, "git \(arguments.joined(separator: " "))")
        return Array(try Data(contentsOf: outputFile))
    }
}
