import Amphora
import Foundation
import HTTPTypes
import Testing

@testable import AmphoraWeb

/// JSON for programs, as Docs/openapi.json describes it.
@Suite struct APITests {
    private func documentation() throws -> JSONValue {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Docs/openapi.json")
        return try JSONValue(parsing: Array(Data(contentsOf: file)))
    }

    private func filled() throws -> (store: WebStore, run: RunID) {
        let store = try WebStore()
        try store.put(
            "mnist", ["a/x": "1", "b": "2"], description: "d", metadata: ["lr": 0.1], aliases: ["best"])
        try store.put("mnist", ["a/x": "3"])
        let run = try store.store.startRun(project: "p", jobType: "train", config: ["lr": 0.2])
        _ = try run.use("mnist:best")
        for step in 0..<5 { try run.log(metrics: ["loss": .int(Int64(step))], step: step) }
        let pixels = try PNGImage(grayscale: [0], width: 1, height: 1)
        try run.log(images: [(pixels, "a caption")], key: "hardest")
        try run.finish()
        return (store, run.id)
    }

    /// Every path of the documentation answers as its schema says, and every answer of ours is documented.
    @Test func answersAreAsTheyAreDocumented() async throws {
        let (store, run) = try filled()
        let documentation = try documentation()
        let paths = try #require(documentation["paths"]?.object)
        for (template, path) in paths {
            let filled = template.replacing("{name}", with: "mnist").replacing("{version}", with: "latest")
                .replacing("{id}", with: run.rawValue)
            let address =
                "/api/v1" + (filled == "/" ? "" : filled) + (filled.hasSuffix("compare") ? "?with=v0" : "")
            let reply = try await store.get(address)
            #expect(reply.status == 200, "\(address)")
            #expect(reply.headers[.contentType] == "application/json")
            let schema = try #require(
                path["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"], "\(template)")
            let faults = Schema(documentation).faults(
                of: try JSONValue(parsing: reply.body), schema, at: address)
            #expect(faults.isEmpty, "\(faults)")
        }
        let name = try ArtifactName("mnist")
        let reference = VersionReference(name, .alias(.latest))
        let places: [APIPlace] = [
            .store, .artifacts, .artifact(name), .versions(name), .version(reference), .files(reference),
            .comparison(reference), .runs, .run(run), .history(run), .images(run), .lineage, .groups,
        ]
        #expect(places.count == paths.count)
        for place in places { #expect(Place(path: Place.api(place).path) == .api(place)) }
    }

    @Test func listsComeInParts() async throws {
        let (store, run) = try filled()
        for address in [
            "/api/v1/runs/\(run)/history?limit=2", "/api/v1/artifacts/mnist/versions?limit=1",
            "/api/v1/runs?limit=1",
        ] {
            var items: [JSONValue] = []
            var next: String? = address
            while let address = next, items.count < 10 {
                let json = try JSONValue(parsing: try await store.get(address).body)
                items += try #require(json["items"]?.array)
                #expect(
                    json["total"]?.int
                        == (address.contains("history") ? 5 : address.contains("versions") ? 2 : 3))
                next = json["next"]?.string
            }
            #expect(items.count == (address.contains("history") ? 5 : address.contains("versions") ? 2 : 3))
            #expect(Set(items).count == items.count)
        }
    }

    @Test func whatIsWrongIsAProblem() async throws {
        let (store, _) = try filled()
        for (address, status) in [
            ("/api/v1/artifacts/none", 404), ("/api/v1/artifacts/mnist/versions/v9", 404), ("/api/v1/x", 404),
            ("/api/v1/artifacts/mnist/versions?limit=0", 400), ("/api/v1/runs?limit=x", 400),
            ("/api/v1/runs?after=none", 400), ("/api/v1/artifacts/mnist/versions/v0/compare", 400),
            ("/api/v1/lineage?around=none", 404), ("/api/v2/artifacts", 404), ("/api/v1/runs/%00", 404),
        ] {
            let reply = try await store.get(address)
            #expect(reply.status == status, "\(address)")
            #expect(reply.headers[.contentType] == "application/problem+json", "\(address)")
            let json = try JSONValue(parsing: reply.body)
            #expect(json["status"]?.int == status)
            #expect(json["detail"]?.string?.isEmpty == false)
        }
    }

    @Test func searchesAnswerToPrograms() async throws {
        let (store, run) = try filled()
        let runs = try JSONValue(parsing: try await store.get("/api/v1/runs?q=lr%3E0.1").body)
        #expect(runs["items"]?.array?.map { $0["id"]?.string } == [run.rawValue])
        let versions = try JSONValue(
            parsing: try await store.get("/api/v1/artifacts/mnist/versions?q=lr%3D0.1").body)
        #expect(versions["items"]?.array?.map { $0["version"]?.string } == ["mnist:v0"])
        let none = try JSONValue(parsing: try await store.get("/api/v1/artifacts?type=model").body)
        #expect(none["total"]?.int == 0)
    }
}

/// As much of JSON Schema as the documentation uses.
private struct Schema {
    let documentation: JSONValue

    init(_ documentation: JSONValue) { self.documentation = documentation }

    /// What a value has that the schema does not allow, or lacks.
    func faults(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let schema = documentation["components"]?["schemas"]?[name] else {
                return ["no schema \(name)"]
            }
            return faults(of: value, schema, at: place)
        }
        if let all = schema["allOf"]?.array { return all.flatMap { faults(of: value, $0, at: place) } }
        if let choices = schema["oneOf"]?.array {
            return choices.contains { faults(of: value, $0, at: place).isEmpty }
                ? [] : ["\(place): no choice fits"]
        }
        let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap(\.self)
        if !types.isEmpty, !types.contains(where: value.isOfType) { return ["\(place): not \(types)"] }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            return ["\(place): not of \(allowed)"]
        }
        var found: [String] = []
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where value[name] == nil {
            found.append("\(place): no \(name)")
        }
        for (name, inner) in schema["properties"]?.object ?? [:] {
            if let field = value[name] { found += faults(of: field, inner, at: "\(place).\(name)") }
        }
        if let inner = schema["items"] {
            for (index, item) in (value.array ?? []).enumerated() {
                found += faults(of: item, inner, at: "\(place)[\(index)]")
            }
        }
        return found
    }
}

extension JSONValue {
    fileprivate func isOfType(_ type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .int: type == "integer" || type == "number"
        case .double: type == "number"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }
}
