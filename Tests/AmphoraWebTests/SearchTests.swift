import Amphora
import Testing

@testable import AmphoraWeb

/// What people type to find things.
@Suite struct SearchTests {
    private struct Subject: Searchable {
        var searchTexts = ["Mnist-Raw", "dataset"]
        let fields: JSONValue = [
            "lr": 0.01, "accuracy": 0.95, "name": "Adam", "deep": ["er": 3, "a.b": true], "dotted.key": 7,
            "list": [1, 2],
        ]
        func searchValues(of field: String) -> [JSONValue] { [fields.value(at: field)].compactMap(\.self) }
    }

    @Test(arguments: [
        "", "mnist", "RAW data", "lr=0.01", "lr=1e-2", "accuracy>0.9", "accuracy>=0.95",
        "accuracy<1 lr<=0.01", "lr!=0.02",
        "name=adam", "deep.er=3", "dotted.key=7", "deep.a.b=true", "\"mnist-raw\"", "list=[1,2]", "name>aaa",
    ])
    func found(_ text: String) { #expect(SearchQuery(text).matches(Subject())) }

    @Test(arguments: [
        "cifar", "mnist cifar", "lr=0.02", "accuracy>0.95", "accuracy<0.5", "name=sgd", "deep.er=4",
        "missing=1", "missing!=1",
        "\"mnist raw\"", "lr=", "dotted=7",
    ])
    func notFound(_ text: String) { #expect(!SearchQuery(text).matches(Subject())) }

    @Test func whatIsFoundIsToldByWhat() {
        #expect(SearchQuery("mnist data lr<1").reasons(for: Subject()) == ["dataset", "lr = 0.01"])
        #expect(SearchQuery("missing=1 cifar").reasons(for: Subject()).isEmpty)
    }

    @Test func pagesTellWhyThingsAreFound() async throws {
        let store = try WebStore()
        try store.put(
            "mnist", ["a": "1"], description: "Written by hand", metadata: ["lr": 0.5], aliases: ["best"])
        let replies = try await store.getAll(["/search?q=hand+lr%3E0.1", "/search?q=cifar", "/search?q=best"])
        #expect(replies[0].body.contains("Written by hand; lr = 0.5"))
        #expect(replies[1].body.contains("has all of") && replies[1].body.contains("What can be asked for"))
        #expect(replies[2].body.contains("<br>best"))
    }

    @Test func quotesKeepWordsTogether() {
        #expect(SearchQuery("a \"b c\" name=\"x y\"").terms.count == 3)
        #expect(SearchQuery("\"a b").terms == [.word("a b")])
    }
}

/// Tables as text.
@Suite struct SeparatedValuesTests {
    @Test func fieldsAreReadAsRFC4180HasThem() {
        let text = "a,b,c\r\n1,\"x, \"\"y\"\"\nz\",\n\n,,\r\nlast"
        #expect(
            SeparatedValues.rows(of: text, separator: ",", limit: 10)
                == [["a", "b", "c"], ["1", "x, \"y\"\nz", ""], ["", "", ""], ["last"]])
        #expect(SeparatedValues.rows(of: text, separator: ",", limit: 2).count == 2)
        #expect(SeparatedValues.rows(of: "a\tb", separator: "\t", limit: 2) == [["a", "b"]])
        #expect(SeparatedValues.rows(of: "\u{FEFF}\"a\",b", separator: ",", limit: 2) == [["a", "b"]])
        #expect(SeparatedValues.rows(of: "\"open", separator: ",", limit: 2) == [["open"]])
    }
}
