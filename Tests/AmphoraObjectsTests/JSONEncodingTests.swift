import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@Suite("JSON, written")
struct JSONEncodingTests {
    static let forms: [(value: JSONValue, text: String)] = [
        (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (-1, "-1"),
        (.int(.max), "9223372036854775807"), (.int(.min), "-9223372036854775808"),
        (1.5, "1.5"), (0.1, "0.1"), (-0.25, "-0.25"), (1e21, "1e+21"), (1e-7, "1e-07"),
        (.double(.leastNonzeroMagnitude), "5e-324"),
        (.double(.greatestFiniteMagnitude), "1.7976931348623157e+308"),
        (.double(1), "1"), (.double(-0.0), "0"), (.double(-3), "-3"),
        (.double(9_007_199_254_740_992), "9007199254740992"), (.double(1e16), "10000000000000000"),
        (.double(9.3e18), "9.3e+18"), (.double(-9_223_372_036_854_775_808), "-9223372036854775808"),
        (.double(-9_007_199_254_740_992), "-9007199254740992"),
        ("", "\"\""), ("a", "\"a\""), ("\"\\", #""\"\\""#), ("\n\r\t", #""\n\r\t""#), ("\r\n", #""\r\n""#),
        ("\u{0}\u{1}\u{8}\u{c}\u{1f}", #""\u0000\u0001\u0008\u000c\u001f""#), ("\u{7f}é/🦀", "\"\u{7f}é/🦀\""),
        ("\u{2028}", "\"\u{2028}\""), ("e\u{301}", "\"e\u{301}\""),
        ([], "[]"), ([:], "{}"), ([1, [2, []], "x"], #"[1,[2,[]],"x"]"#),
        (["b": 1, "a": [nil, true], "": "x"], #"{"":"x","a":[null,true],"b":1}"#),
        (["B": 1, "a": 2, "A": 3, "b": 4, "aa": 5], #"{"A":3,"B":1,"a":2,"aa":5,"b":4}"#),
        (["\u{fb01}": 1, "\u{1F980}": 2, "z": 3], "{\"z\":3,\"\u{fb01}\":1,\"\u{1F980}\":2}"),
        (["a\"b": 1], #"{"a\"b":1}"#),
    ]

    @Test("The canonical form is one line without spaces, keys sorted as bytes", arguments: forms)
    func canonical(value: JSONValue, text: String) {
        #expect(Array(value.canonical.utf8) == Array(text.utf8), "\(value.canonical)")
    }

    @Test("The canonical form is read back as the same text, and by another reader too", arguments: forms)
    func readBack(value: JSONValue, text: String) throws {
        #expect(try JSONValue(parsing: text).canonical == text)
        #expect(
            try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) is NSNull
                == (text == "null"))
    }

    @Test("Large numbers keep their text when they are read and written again", arguments: UInt64(1)...8)
    func stability(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let double = Double(bitPattern: random.next())
            let large = Double(random.next() >> UInt64.random(in: 0...20, using: &random))
            for value in [double, large] where value.isFinite {
                let text = JSONValue.double(value).canonical
                let again = try JSONValue(parsing: text)
                #expect(again.number == value)
                #expect(again.canonical == text)
            }
        }
    }

    @Test("The form for people has a line for each member and reads back the same")
    func pretty() throws {
        let value: JSONValue = ["b": [1, [], [:]], "a": ["x": "y"]]
        let text = """
            {
              "a": {
                "x": "y"
              },
              "b": [
                1,
                [],
                {}
              ]
            }
            """
        #expect(value.pretty == text)
        #expect(try JSONValue(parsing: text) == value)
        #expect(JSONValue.int(3).pretty == "3")
    }

    @Test("Random values survive the way through text", arguments: UInt64(1)...20)
    func randomValues(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = Self.randomValue(depth: 4, &random)
        #expect(try JSONValue(parsing: value.canonical) == value)
        #expect(try JSONValue(parsing: value.pretty) == value)
        #expect(!value.canonical.utf8.contains(10))
    }

    private static func randomValue(depth: Int, _ random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int64(bitPattern: random.next()))
        case 3: return .double(Double.random(in: 0.001..<0.999, using: &random))
        case 4: return .string(randomText(&random))
        case 5: return .array((0..<4).map { _ in randomValue(depth: depth - 1, &random) })
        default:
            return .object(
                (0..<4).reduce(into: [:]) { members, _ in
                    members[randomText(&random)] = randomValue(depth: depth - 1, &random)
                })
        }
    }

    private static func randomText(_ random: inout SplitMix64) -> String {
        let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{1}", "é", "🦀", "/", " ", "\u{2028}"]
        return (0..<5).reduce(into: "") { text, _ in
            text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
        }
    }

    @Test("The marker of a chunked file is written to the byte as the format shows it")
    func goldenMarker() {
        let marker: JSONValue = [
            "size": 5_000_000, "kind": "chunked", "executable": true, "chunker": "gear-64k",
            "sha256": "d9abb9b186fce2c2917af5a9a1230e96188447a3042cbe862afd69fe4afbbf05",
        ]
        let id = ObjectHasher.id(of: .blob, Array("\(marker.canonical)\n".utf8))
        #expect(id.description == "469493f259fd8e037bdf56240cb0d041f52ee093")
    }
}
