import AmphoraObjects
import Testing

@Suite("What users write for a version")
struct VersionReferenceTests {
    private static let name: ArtifactName? = try? ArtifactName("mnist-raw")

    @Test("No alias means latest, vN is a number, anything else an alias")
    func selectors() throws {
        let name = try #require(Self.name)
        #expect(try VersionReference("mnist-raw") == VersionReference(name, .alias(.latest)))
        #expect(try VersionReference("mnist-raw:latest") == VersionReference(name, .alias(.latest)))
        #expect(try VersionReference("mnist-raw:v0") == VersionReference(name, .number(.first)))
        #expect(try VersionReference("mnist-raw:v12") == VersionReference(name, .number(VersionNumber(12))))
        #expect(try VersionReference("mnist-raw:best") == VersionReference(name, .alias(Alias("best"))))
        #expect(try VersionReference("v1:v1x") == VersionReference(ArtifactName("v1"), .alias(Alias("v1x"))))
    }

    @Test("A reference is written out in full", arguments: ["a", "a:latest", "a:v3", "a:best"])
    func description(text: String) throws {
        let written = try VersionReference(text).description
        #expect(written == (text == "a" ? "a:latest" : text))
        #expect(try VersionReference(written) == VersionReference(text))
    }

    @Test(
        "The part that breaks a rule is named",
        arguments: [
            ("", "artifact name is empty"), (":", "artifact name is empty"),
            (":v1", "artifact name is empty"),
            ("a:", "alias is empty"), ("a:b:c", "alias 'b:c' contains ':'"),
            ("a b:v1", "artifact name 'a b' contains ' '"),
            ("a:v01", "alias 'v01' looks like a version number"),
            ("a:-x", "alias '-x' starts with '.' or '-'"), ("a/b:v1", "artifact name 'a/b' contains '/'"),
        ])
    func malformed(text: String, message: String) {
        let error = #expect(throws: InvalidName.self) { try VersionReference(text) }
        #expect(error?.message == message)
    }

    @Test("A version's lasting name is its artifact and number")
    func versionNames() throws {
        let name = try #require(VersionName(parsing: "mnist-raw:v3"))
        #expect(name.artifact == Self.name)
        #expect(name.number == VersionNumber(3))
        #expect(name.description == "mnist-raw:v3")
        for text in ["mnist-raw", "mnist-raw:latest", "mnist-raw:v03", "mnist raw:v3", ":v3", ""] {
            #expect(VersionName(parsing: text) == nil, "'\(text)'")
        }
    }

    @Test("Names of versions sort by artifact, then by number")
    func order() throws {
        let names = ["b:v0", "a:v10", "a:v9", "a:v0"].compactMap(VersionName.init(parsing:))
        #expect(names.sorted().map(\.description) == ["a:v0", "a:v9", "a:v10", "b:v0"])
    }
}
