import AmphoraObjects
import TestSupport
import Testing

@Suite("Run IDs")
struct RunIDTests {
    @Test("Eight of a-z and 0-9 are an ID", arguments: ["abcdefgh", "01234567", "3k9x2m1a", "zzzzzzzz"])
    func valid(text: String) throws {
        #expect(try RunID(text).rawValue == text)
        #expect(try RunID(text).description == text)
    }

    @Test(
        "Anything else is refused with the text",
        arguments: [
            "", "3k9x2m1", "3k9x2m1ab", "3K9x2m1a", "3k9x-m1a", "3k9x2m1é", "éééé", "3k9x2m1 ", "../../ab",
        ])
    func invalid(text: String) {
        let error = #expect(throws: RunID.Invalid.self) { try RunID(text) }
        #expect(error?.message == "'\(text)' is not a run ID")
        #expect(error?.code == .invalidArgument)
        #expect(error?.hint == "A run ID is 8 of a-z and 0-9: `amphora run ls` lists them.")
    }

    @Test("Drawn IDs are valid, use the whole alphabet and follow the generator")
    func drawn() throws {
        var generator = SplitMix64(seed: 1)
        let ids = (0..<500).map { _ in RunID(using: &generator) }
        for id in ids { #expect(try RunID(id.rawValue) == id) }
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids.flatMap { Array($0.rawValue) }).count == 36)
        var again = SplitMix64(seed: 1)
        #expect(RunID(using: &again) == ids[0])
    }

    @Test("IDs sort as text")
    func order() throws {
        #expect(try RunID("aaaaaaaa") < RunID("aaaaaaab"))
        #expect(try !(RunID("b0000000") < RunID("aaaaaaaa")))
    }
}

@Suite("Version numbers")
struct VersionNumberTests {
    @Test("A number is written with a v", arguments: [0, 1, 9, 10, 12345, 999_999_999_999_999])
    func roundTrip(value: Int) {
        let number = VersionNumber(value)
        #expect(number.description == "v\(value)")
        #expect(VersionNumber(parsing: "v\(value)") == number)
        #expect(number.rawValue == value)
    }

    @Test(
        "Nothing else is read as a number",
        arguments: [
            "", "v", "0", "V0", "v01", "v00", "v-1", "v+1", "v 1", "v1 ", "v1.0", "vv1", "v१", "x1",
            "v9223372036854775808", "v9223372036854775807", "v1000000000000000", "v\u{301}1",
        ])
    func malformed(text: String) {
        #expect(VersionNumber(parsing: text) == nil)
    }

    @Test("Numbers count from v0 and sort as numbers, not as text")
    func order() {
        #expect(VersionNumber.first.description == "v0")
        #expect(VersionNumber.first.next == VersionNumber(1))
        #expect(VersionNumber(9) < VersionNumber(10))
        #expect(!(VersionNumber(10) < VersionNumber(9)))
    }
}
