import AmphoraObjects
import Testing

@Suite("JSON, read")
struct JSONDecodingTests {
    @Test(
        "Text is read as what it says",
        arguments: [
            ("null", nil), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("1.0", 1), ("1e2", 100),
            ("1.5", 1.5), ("1E-2", 0.01), ("9007199254740993", .int(9_007_199_254_740_993)),
            ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("1e20", .double(1e20)),
            ("\"1\"", "1"),
            ("\"true\"", "true"), (#""\u00e9\n\/\ud83e\udd80""#, "é\n/🦀"), ("[]", []), ("{}", [:]),
            (" [ 1 , { \"a\" : [ ] } ]\n", [1, ["a": []]]), ("[null,[null]]", [nil, [nil]]),
            (#"{"a":{"b":null}}"#, ["a": ["b": nil]]), ("[true,1,\"x\",1.5]", [true, 1, "x", 1.5]),
        ] as [(String, JSONValue)])
    func values(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test("Numbers stay numbers: a boolean is not read as one, nor the other way round")
    func kinds() throws {
        #expect(try JSONValue(parsing: "1") == .int(1))
        #expect(try JSONValue(parsing: "true") == .bool(true))
        #expect(try JSONValue(parsing: "0") != .bool(false))
        #expect(try JSONValue(parsing: "1.5") == .double(1.5))
    }

    @Test(
        "Text that is not JSON is refused, and the error says so in one line",
        arguments: [
            "", " ", "{", "[,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "'a'", "nul", "tru", "01", "+1", ".5",
            "1.", "1e",
            "NaN", "Infinity", "\"", "\"\n\"", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u12\"", "\"\\", "[1 2]", "1 2", "{}x", "[", "]",
            "// a\n1", "9223372036854775808", "18446744073709551615", "[9223372036854775808]",
        ])
    func malformed(text: String) {
        let error = #expect(throws: MalformedJSON.self) { try JSONValue(parsing: text) }
        #expect(error?.message.hasPrefix("not valid JSON: ") == true)
        #expect(error?.message.contains("\n") == false)
        #expect(error?.code == .invalidArgument)
    }

    @Test("A number that is too large for any type is refused")
    func tooLarge() {
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: "1e400") }
    }

    @Test("Bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: [0x22, 0xc0, 0x80, 0x22] as [UInt8]) }
    }

    @Test("Text that is nested without end is refused, not followed", arguments: ["[", "{\"a\":"])
    func deepNesting(open: String) {
        #expect(throws: MalformedJSON.self) {
            try JSONValue(parsing: String(repeating: open, count: 100_000))
        }
    }

    @Test("Text that is nested as people nest it is read")
    func moderateNesting() throws {
        let text = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try JSONValue(parsing: text).canonical == text)
    }

    @Test("Text that is nested deeper than anybody nests it is read if it is plain, and else refused at once")
    func unusualNesting() throws {
        func text(_ leaf: String) -> String {
            String(repeating: "[", count: 480) + leaf + String(repeating: "]", count: 480)
        }
        let plain = text(String(repeating: "[1],", count: 60_000) + "1")
        #expect(try JSONValue(parsing: plain).canonical == plain)
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: text("1e20")) }
        // Brackets in strings nest nothing.
        let quoted = "[1e20,\"\\\"\(String(repeating: "[", count: 480))\"]"
        #expect(try JSONValue(parsing: quoted).array?.count == 2)
    }

    @Test("Escapes are what they stand for")
    func escapes() throws {
        let text = #""a\"\\\/\b\f\n\r\t\u00E9\u20ac\ud83E\uDD80 z""#
        #expect(try JSONValue(parsing: text) == "a\"\\/\u{8}\u{C}\n\r\té€🦀 z")
    }

    @Test("Escaped and plain keys are the same key")
    func keys() throws {
        #expect(try JSONValue(parsing: #"{"\u0061":1}"#) == ["a": 1])
    }

    @Test(
        "Numbers are read to the last bit, however they are written",
        arguments: [
            "0.1", "0.30000000000000004", "123456.789", "-0.000001", "1e-05", "2.5e-7", "0.9337169811320755",
            "1767225600.123", "123456789012345.5", "0.00000000000000000123", "-17.25", "5e-324",
            "99999999999999.9",
        ])
    func doubles(text: String) throws {
        #expect(try JSONValue(parsing: "[\(text)]") == [.double(#require(Double(text)))])
    }

    @Test(
        "A whole number is one up to 64 bits",
        arguments: ["999999999999999999", "-999999999999999999", "1000000000000000000", "4503599627370497"])
    func wholeNumbers(text: String) throws {
        #expect(try JSONValue(parsing: "{\"a\":\(text)}") == ["a": .int(#require(Int64(text)))])
    }

    @Test(
        "Lists that end wrongly, and names that are no text, are refused",
        arguments: [
            "{1:2}", "{\"a\"}", "[1", "-", "1.e5", "-01", "[1]]", "truefalse",
            "{\"a\":1 \"b\":2}",
        ])
    func malformedLists(text: String) {
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: text) }
    }
}
