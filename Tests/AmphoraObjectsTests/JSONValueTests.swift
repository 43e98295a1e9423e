import AmphoraObjects
import Testing

@Suite("JSON values")
struct JSONValueTests {
    private static let value: JSONValue = [
        "null": nil, "bool": true, "int": 7, "double": 1.5, "string": "text", "array": [1, "b"],
        "object": ["x": 1],
    ]

    @Test("Each accessor answers for its own kind only")
    func accessors() throws {
        let value = Self.value
        #expect(value["string"]?.string == "text")
        #expect(value["int"]?.int == 7)
        #expect(value["int"]?.number == 7)
        #expect(value["double"]?.number == 1.5)
        #expect(value["array"]?.array == [1, "b"])
        #expect(value["object"]?.object == ["x": 1])
        #expect(value["null"] == .some(.null))
        #expect(value["bool"] == .bool(true))
        for key in ["null", "bool"] {
            let other = try #require(value[key])
            #expect(other.string == nil && other.int == nil && other.number == nil)
            #expect(other.array == nil && other.object == nil && other["x"] == nil)
        }
        #expect(value["missing"] == nil)
    }

    @Test(
        "A number without a fraction is whole, whatever type it has",
        arguments: [
            (.int(3), 3), (.double(3), 3), (.double(3.5), nil), (.double(1e300), nil), (.string("3"), nil),
        ]
            as [(JSONValue, Int?)])
    func wholeNumbers(value: JSONValue, expected: Int?) {
        #expect(value.int == expected)
    }

    @Test("Members are set, replaced and removed; other kinds have none")
    func members() {
        var value: JSONValue = ["a": 1]
        value["b"] = "x"
        value["a"] = nil
        #expect(value == ["b": "x"])
        value["b"] = .null
        #expect(value == ["b": nil])
        var text: JSONValue = "text"
        text["a"] = 1
        #expect(text == "text")
    }

    @Test("Of a member given twice, the last counts")
    func repeatedMember() {
        #expect(JSONValue(dictionaryLiteral: ("a", 1), ("a", 2)) == ["a": 2])
    }

    @Test(
        "The first number that is not finite is found, with its path",
        arguments: [
            (1.5, nil), (.double(.nan), "the value"), (.double(-.infinity), "the value"),
            (["a": [1, 2]], nil),
            (["b": .double(.nan), "a": ["x": [1, .double(.infinity)]]], "a.x[1]"),
            ([[0], [.double(.nan)]], "[1][0]"),
            ("nan", nil), (nil, nil), (true, nil), (1, nil),
        ] as [(JSONValue, String?)])
    func nonFinite(value: JSONValue, path: String?) {
        #expect(value.firstNonFinite() == path)
    }
}
