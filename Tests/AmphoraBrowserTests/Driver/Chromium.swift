import Amphora
import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// A headless Chromium, or Chrome, as people have it.
@Driver struct Chromium {
    let tools: DevTools

    /// Whether tests can have it; where `.ci/setup` has installed it, they must.
    nonisolated static let isAvailable: Bool = {
        if program != nil { return true }
        let system = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
        return ProcessInfo.processInfo.environment["CI"] == "true" && system.contains("\nID=debian\n")
    }()

    /// The program, if it is installed.
    nonisolated static let program: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let names = ["chromium", "chromium-headless-shell", "google-chrome", "google-chrome-stable"]
        let applications = ["Google Chrome", "Chromium"].map {
            "/Applications/\($0).app/Contents/MacOS/\($0)"
        }
        let candidates = path.split(separator: ":").flatMap { folder in names.map { "\(folder)/\($0)" } }
        // A snap sees no files of others.
        return (candidates + applications).first { path in
            !path.hasPrefix("/snap/") && FileManager.default.isExecutableFile(atPath: path)
        }
    }()

    /// Runs a browser for as long as `body` takes.
    nonisolated static func run(_ body: @Sendable (Chromium) async throws -> Void) async throws {
        let profile = try Scratch()
        let options =
            [
                "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
                "--disable-background-networking", "--disable-dev-shm-usage", "--force-color-profile=srgb",
                "--font-render-hinting=none", "--remote-debugging-pipe", "--user-data-dir=\(profile.path)",
                // So that scripts are told which name and role each element has for a screen reader.
                "--enable-blink-features=ComputedAccessibilityInfo",
                // In containers it has no right to make one.
            ] + (geteuid() == 0 ? ["--no-sandbox"] : [])
        let environment = Environment.custom(
            Dictionary(
                uniqueKeysWithValues: hermeticEnvironment(home: profile.path).map {
                    (Environment.Key(stringLiteral: $0.key), $0.value)
                }))
        // It reads commands from descriptor 3 and writes to 4.
        _ = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: .init(
                ["-c", #"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#, program ?? "chromium"] + options),
            environment: environment, input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            let (messages, outbox) = AsyncStream.makeStream(of: String.self)
            let tools = await DevTools(outbox: outbox)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    for await message in messages {
                        _ = try await execution.standardInputWriter.write(Array(message.utf8))
                    }
                    try await execution.standardInputWriter.finish()
                }
                group.addTask {
                    let texts = execution.standardOutput.strings(
                        separatedBy: .unicodeScalarSequence("\0".unicodeScalars), bufferingPolicy: .unbounded)
                    for try await text in texts { try await tools.take(text) }
                    await tools.end()
                }
                try await body(Chromium(tools: tools))
                // At the end of its commands it leaves.
                outbox.finish()
                try await group.waitForAll()
            }
        }
    }

    /// Opens a window that shares nothing with others for as long as `body` takes.
    func withTab<Result>(_ look: Look, _ body: @Driver (Tab) async throws -> Result) async throws -> Result {
        let context = try await tools.send("Target.createBrowserContext")["browserContextId"] ?? .null
        let target = try await tools.send(
            "Target.createTarget", ["url": "about:blank", "browserContextId": context])
        let session = try await tools.send(
            "Target.attachToTarget", ["targetId": target["targetId"] ?? .null, "flatten": true])
        let name = session["sessionId"]?.string ?? ""
        defer { tools.forget(name) }
        let result = try await body(Tab(tools, session: name, context: context, look))
        try await tools.send("Target.disposeBrowserContext", ["browserContextId": context])
        return result
    }
}
