import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// A project folder, in which programs log to a store.
struct Project: Sendable {
    private let scratch: Scratch

    init() throws {
        // What is shown of its path is its name.
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    var folder: String { scratch("digits") }

    /// The tutorial twice, a second version of its data, and what it led to.
    func tellTutorial() async throws {
        for _ in 1...2 { try await script("digits-pipeline") }
        try await script(
            """
            amphora run --job-type load-data -- sh -ec '
                cp -R "$(amphora get mnist-raw:v0)" raw
                printf "# Handwriting\\n\\n*Eight by eight* pixels.\\n" >raw/README.md
                printf "label,count\\n0,178\\n1,182\\n" >raw/labels.csv
                amphora put raw --name mnist-raw --type dataset --description "Digits, with **labels** counted" --metadata "{\\"source\\": \\"scans\\"}"'
            amphora alias set trained-model:v0 best
            for i in 1 2 3 4; do
                amphora run --job-type evaluate -- sh -ec '
                    amphora run summary $(digits-pipeline evaluate "$(amphora get mnist-preprocess)" "$(amphora get trained-model:best)/model")'
            done
            """)
    }

    /// The ID of the newest run of a job.
    func newestRun(_ jobType: String) async throws -> String {
        try await script("amphora run ls --job-type \(jobType) | sed -n '2s/ .*//p'")
    }

    /// Runs a shell script that finds the programs under test, and returns its last line.
    @discardableResult
    func script(_ text: String) async throws -> String {
        let result = try await run(
            .path("/bin/sh"), arguments: ["-euc", text], environment: environment,
            workingDirectory: FilePath(folder), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw ProgramFailed(description: "\(text): \(result.standardError)")
        }
        return result.standardOutput.split(separator: "\n").last.map(String.init) ?? ""
    }

    /// Serves the pages with the real program for as long as `body` takes.
    func serving(_ body: @Sendable (_ address: String) async throws -> Void) async throws {
        let result = try await run(
            .path(FilePath("\(productsFolder)/amphora")), arguments: ["serve", "--port", "0"],
            environment: environment, workingDirectory: FilePath(folder), input: .none, output: .sequence,
            error: .discarded
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            let address = try await lines.next() ?? ""
            // A server that nobody ends would be waited for.
            do { try await body(String(address.dropLast())) } catch {
                try execution.send(signal: .terminate)
                throw error
            }
            try execution.send(signal: .terminate)
        }
        guard result.terminationStatus.isSuccess else {
            throw ProgramFailed(description: "amphora serve: \(result.terminationStatus)")
        }
    }

    private var environment: Environment {
        var values = hermeticEnvironment(home: scratch.path)
        values["PATH"] = "\(productsFolder):\(values["PATH"] ?? "")"
        values["GIT_AUTHOR_NAME"] = "Ada"
        values["GIT_AUTHOR_EMAIL"] = "ada@example.com"
        // Times are those of the clock, as when people work.
        values["GIT_AUTHOR_DATE"] = nil
        values["GIT_COMMITTER_DATE"] = nil
        return .custom(
            Dictionary(uniqueKeysWithValues: values.map { (.init(stringLiteral: $0.key), $0.value) }))
    }
}
