import Foundation

/// A store of many versions, runs and links, written fast by git-fast-import(1).
///
/// Each run logs one version and used two that are near it: links stay within groups of twenty.
public struct LargeStore: Sendable {
    public let versionCount: Int
    public let versionsPerArtifact: Int

    public init(versionCount: Int, versionsPerArtifact: Int) {
        self.versionCount = versionCount
        self.versionsPerArtifact = versionsPerArtifact
    }

    /// The name of a version, such as `art-0:v3`.
    public func name(_ index: Int) -> String {
        "art-\(index / versionsPerArtifact):v\(index % versionsPerArtifact)"
    }

    /// The ID of the run that logged a version.
    public func runID(_ index: Int) -> String {
        let digits = String(index, radix: 36)
        return "r" + String(repeating: "0", count: 7 - digits.count) + digits
    }

    /// Writes the objects and refs into an empty store.
    public func write(into repository: String) throws {
        let scratch = try Scratch()
        let stream = try scratch.write("stream", Data(stream.utf8))
        let result = try run("sh", ["-c", "git fast-import --quiet --depth=0 <'\(stream)'"], in: repository)
        guard result.status == 0 else { throw ProgramFailed(description: result.error) }
    }

    private var stream: String {
        var stream = ""
        let data = { (text: String) in "data \(text.utf8.count)\n\(text)\n" }
        for index in 0..<versionCount {
            let time = 1_700_000_000 + index * 60
            let identity = "Test User <test@example.com> \(time) +0000"
            let (artifact, number) = ("art-\(index / versionsPerArtifact)", index % versionsPerArtifact)
            let message = """
                \(artifact): Version \(number)

                Artifact-Format: 1
                Artifact-Name: \(artifact)
                Artifact-Type: dataset
                Artifact-Files: 1
                Artifact-Size: 8
                Artifact-Metadata: {"epochs":5,"source":"somewhere"}
                Artifact-Run: \(runID(index))

                """
            stream += """
                commit refs/tags/\(artifact)/v\(number)
                mark :\(index + 1)
                author \(identity)
                committer \(identity)
                \(data(message))M 100644 inline file.txt
                \(data("\(10_000_000 + index)"))
                reset refs/heads/\(artifact)/latest
                from :\(index + 1)


                """
            stream += """
                commit refs/notes/runs/\(runID(index))
                committer \(identity)
                \(data("train: run-\(index) (finished)\n"))M 100644 inline run.json
                \(data(record(index, time: time)))N inline :\(index + 1)
                \(data(#"{"artifact":"\#(name(index))","role":"output"}"#))
                """
            for used in [index - 1, index - 2] where used >= 0 && used / 20 == index / 20 {
                stream += "N inline :\(used + 1)\n"
                stream += data(#"{"artifact":"\#(name(used))","role":"input"}"#)
            }
        }
        return stream
    }

    private func record(_ index: Int, time: Int) -> String {
        let created = Date(timeIntervalSince1970: Double(time)).formatted(.iso8601)
        return """
            {"command":["python","train.py"],"config":{"lr":0.5},"created_at":"\(created)","host":"elsewhere",\
            "id":"\(runID(index))","job_type":"train","name":"run-\(index)","project":"large","sequence":3,\
            "state":"finished","summary":{"loss":0.25},"tags":[],"user":"tester"}
            """
    }
}
