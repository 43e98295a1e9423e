import TestSupport
import Testing

@testable import Amphora

@Suite("Commit messages of versions")
struct VersionMessageTests {
    private func message(
        _ description: String?, metadata: [String: JSONValue] = [:]
    ) throws -> VersionMessage {
        var message = VersionMessage(
            artifact: try ArtifactName("mnist-raw"), type: try ArtifactType("dataset"),
            description: description, metadata: metadata, runID: try RunID("3k9x2m1a"))
        message.fileCount = 3
        message.byteCount = 54_950_048
        return message
    }

    @Test("A message has the form of the format's example")
    func golden() throws {
        let text = try message(
            "Raw MNIST dataset, split into train/val/test\n\nThe rest of the description.\nMore.",
            metadata: ["sizes": [50000, 10000, 10000], "source": "here: there"]
        ).text
        #expect(
            text == """
                mnist-raw: Raw MNIST dataset, split into train/val/test

                The rest of the description.
                More.

                Artifact-Format: 1
                Artifact-Name: mnist-raw
                Artifact-Type: dataset
                Artifact-Files: 3
                Artifact-Size: 54950048
                Artifact-Metadata: {"sizes":[50000,10000,10000],"source":"here: there"}
                Artifact-Run: 3k9x2m1a

                """)
    }

    static let descriptions: [String?] = [
        nil, "one line", "two\nlines", "a subject\n\na body\nof lines\n\nand paragraphs", "a: b: c",
        "many\n\n\n\nempty lines\n\n\nin between", "  spaces around  \n\n  kept inside\n",
        "mnist-raw: its own name", "tab\tand ümläut ☃ 🏺", "\u{301}begins with a combining mark",
        "\u{FE0F}begins with a selector", "ends with a colon:\n:\n::", "windows\r\nline\r\nends\r",
        "Artifact-Name: evil", "x\n\nArtifact-Name: evil\nArtifact-Type: worse",
        "x\n\n(cherry picked from y)",
        "x\n\n---\n\nbelow a divider", "x\n\n# a comment\n#another", "\u{2028}separators\u{2029}\u{85}",
        "a\n\u{B}\nb", "quotes \" and \\ backslashes",
    ]

    @Test("What a message says is read back from it", arguments: descriptions)
    func roundTrip(description: String?) throws {
        let written = try message(description, metadata: ["n": 1, "text": "line\nbreak", "ü": nil])
        #expect(try VersionMessage(parsing: written.text) == written)
    }

    @Test("A description is normalized once: its form does not change when it is logged again")
    func idempotent() throws {
        for description in Self.descriptions {
            let once = VersionMessage.normalized(description)
            #expect(VersionMessage.normalized(once) == once)
        }
    }

    @Test("Blank descriptions count as none", arguments: ["", " ", "\n\n", " \t\n ", "\r\n"])
    func blank(description: String) throws {
        let message = try message(description)
        #expect(message.description == nil)
        #expect(message.text.hasPrefix("mnist-raw\n\nArtifact-Format: 1\n"))
    }

    static let hostile: [String] = [
        "Artifact-Name: evil", "subject\n\nArtifact-Name: evil\nArtifact-Type: evil",
        "subject\n\nArtifact-Run: zzzzzzzz\n\n", "subject\nArtifact-Name: evil\n\n\n",
        "subject\n\nArtifact-Name: evil\n \t\nArtifact-Type: evil", "s\n\nArtifact-Name: evil\r\n\r\n",
        "s\n\nArtifact-Name: evil\n---\n", "s\n\nSigned-off-by: evil\nArtifact-Name: evil\n\n\u{85}\n",
    ]

    @Test("A description cannot smuggle trailers past the real git", arguments: hostile)
    func smuggling(description: String) throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"], description: description)
        let expected = """
            Artifact-Format: 1
            Artifact-Name: data
            Artifact-Type: dataset
            Artifact-Files: 1
            Artifact-Size: 1
            Artifact-Run: \(version.producerID?.rawValue ?? "")

            """
        let log = try git("log", "-1", "--format=%(trailers)", "refs/tags/data/v0", in: test.folder)
        #expect(log == expected + "\n")
        let text = try git("log", "-1", "--format=%B", "refs/tags/data/v0", in: test.folder)
        let parsed = try run(
            "git", ["interpret-trailers", "--parse", "--no-divider"], in: test.folder, input: text)
        #expect(parsed.output == expected)
        let read = try test.reopened().version("data:v0")
        #expect(read.type.rawValue == "dataset")
        #expect(read.producerID == version.producerID)
        #expect(read.note == VersionMessage.normalized(description))
    }

    @Test("Metadata is one line of JSON with sorted keys, whatever it holds")
    func metadata() throws {
        let test = try TestStore()
        let metadata: [String: JSONValue] = [
            "z": 1, "a": ["y": 2.5, "b": [true, nil]], "é": "line\nbreak", "Artifact-Name": "evil\n\nx: y",
        ]
        try test.put(["a": "1"], metadata: metadata)
        let line = try git(
            "log", "-1", "--format=%(trailers:key=Artifact-Metadata,valueonly)", "refs/tags/data/v0",
            in: test.folder)
        #expect(
            line
                == #"{"Artifact-Name":"evil\n\nx: y","a":{"b":[true,null],"y":2.5},"z":1,"é":"line\nbreak"}"#
                + "\n\n")
        #expect(try test.reopened().version("data").metadata == metadata)
    }

    @Test("A tombstone says what was deleted")
    func tombstone() throws {
        let deletedID = CommitID(try ObjectID(hex: String(repeating: "ab", count: 20)))
        let tombstone = VersionMessage(
            artifact: try ArtifactName("mnist-raw"), type: try ArtifactType("dataset"), deletedID: deletedID)
        #expect(
            tombstone.text == """
                mnist-raw

                Artifact-Format: 1
                Artifact-Name: mnist-raw
                Artifact-Type: dataset
                Artifact-Deleted: \(deletedID)

                """)
        #expect(try VersionMessage(parsing: tombstone.text) == tombstone)
    }

    @Test("Trailers of a later format are passed over")
    func unknownTrailers() throws {
        let known = try message("words")
        let text = known.text.replacing("Artifact-Files", with: "Artifact-Licence: MIT\nArtifact-Files")
        #expect(try VersionMessage(parsing: text) == known)
    }

    @Test(
        "A message that lacks what every version has is malformed",
        arguments: ["Artifact-Name", "Artifact-Type", "Artifact-Files", "Artifact-Size"])
    func malformed(trailer: String) throws {
        let lines = try message("words").text.split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.filter { !$0.hasPrefix(trailer) }.joined(separator: "\n")
        let error = try failure { _ = try VersionMessage(parsing: text) }
        #expect(error.code == .corrupt)
    }

    @Test("A commit that is no version is malformed", arguments: ["", "words\n", "words\n\nmore words\n"])
    func foreign(text: String) throws {
        #expect(throws: (any Error).self) { try VersionMessage(parsing: text) }
    }

    @Test("With identity, time and run given, a version's commit is the same to the byte")
    func goldenCommit() throws {
        let test = try TestStore()
        let staged = try test.store.stage(
            test.artifact(["a.txt": "hello\n"], description: "Greeting", metadata: ["n": 1]))
        let version = try test.store.publish(staged, runID: RunID("3k9x2m1a")).version
        #expect(
            try git("cat-file", "commit", "refs/tags/data/v0", in: test.folder) == """
                tree 2e81171448eb9f2ee3821e3d447aa6b2fe3ddba1
                author Test User <test@example.com> 981173106 +0000
                committer Test User <test@example.com> 981173106 +0000

                data: Greeting

                Artifact-Format: 1
                Artifact-Name: data
                Artifact-Type: dataset
                Artifact-Files: 1
                Artifact-Size: 6
                Artifact-Metadata: {"n":1}
                Artifact-Run: 3k9x2m1a

                """)
        #expect(version.commitID.description == (try git("rev-parse", "data/v0", in: test.folder).dropLast()))
    }
}
