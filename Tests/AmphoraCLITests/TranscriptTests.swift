import Foundation
import TestSupport
import Testing

@Suite("Transcripts of the command line")
struct TranscriptTests {
    private static let folder = "\(fixturesFolder)/Transcripts"

    private static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }

    /// `AMPHORA_UPDATE_FIXTURES=1` writes down what is printed now, for review as a diff.
    @Test("Every command prints what its transcript says", arguments: names)
    func transcript(name: String) throws {
        let path = "\(Self.folder)/\(name)"
        let expected = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let played = try Transcript(expected).played()
        if ProcessInfo.processInfo.environment["AMPHORA_UPDATE_FIXTURES"] == "1" {
            try played.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = played.split(separator: "\n", omittingEmptySubsequences: false)
        var command: Substring = ""
        for (index, line) in new.enumerated() {
            if line.hasPrefix("$ ") { command = line }
            guard index < old.count, old[index] == line else {
                Issue.record(
                    "line \(index + 1), \(command):\nexpected: \(index < old.count ? old[index] : "the end")\nprinted:  \(line)"
                )
                return
            }
        }
        #expect(old.count == new.count, "the transcript goes on")
    }

    @Test("There are transcripts for all groups of commands")
    func complete() {
        #expect(
            Self.names == [
                "aliases.txt", "artifacts.txt", "errors-files.txt", "errors-names.txt", "errors-usage.txt",
                "guards.txt",
                "json.txt",
                "lineage.txt", "put-options.txt", "runs.txt", "site.txt", "stores.txt",
                "upkeep.txt",
            ])
    }
}
