import Amphora
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import AmphoraWeb

/// Requests and stored values that attack: what each gets, as Docs/Pages-safety.md has it.
@Suite struct HostileTests {
    /// What came over the connection.
    private struct Answer {
        let status: Int?
        let head: String
        let body: String

        init(_ bytes: [UInt8]) {
            let text = String(decoding: bytes, as: UTF8.self)
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            head = String(parts[0])
            body = parts.count > 1 ? String(parts[1]) : ""
            status = text.hasPrefix("HTTP/1.1 ") ? Int(text.dropFirst(9).prefix(3)) : nil
        }

        var isPage: Bool { head.contains("text/html") }
    }

    @Test(arguments: HostileGroup.allCases)
    func nothingGetsThrough(_ group: HostileGroup) async throws {
        let store = try HostileStore()
        let cases = group.cases(store)
        let home = store.web.scratch.path
        try await store.web.serving(
            { $0.request = .seconds(20) }, projectName: HostileStore.attack("folder")
        ) { port in
            for item in cases {
                let client = try RawClient(port: port)
                client.send(item.request)
                client.finishSending()
                let answer = Answer(try #require(client.received(), "\(item.tried): no end"))
                #expect(answer.status == item.status, "\(item.tried): \(answer.head)\n\(answer.body)")
                if let words = item.shows {
                    let isThere = answer.body.contains(words) || answer.head.contains(words)
                    #expect(isThere, "\(item.tried) shows no \(words): \(answer.body)")
                }
                Self.expectHarmless(answer, item.tried, home)
            }
        }
    }

    private static func expectHarmless(_ answer: Answer, _ tried: String, _ home: String) {
        #expect(!answer.head.contains("X-Evil"), "\(tried): a header of its own")
        #expect(!answer.head.lowercased().contains("access-control-"), "\(tried): others may read")
        #expect(
            !answer.body.contains(home) && !answer.body.contains("root:"), "\(tried): tells of this machine")
        // What is no HTTP has an answer of the parser alone, which is empty.
        guard !answer.body.isEmpty else { return }
        #expect(answer.head.contains("default-src 'none'"), "\(tried): no policy")
        #expect(answer.head.contains("nosniff"), "\(tried): may be sniffed")
        guard answer.isPage else {
            let isHarmless = ["application/json", "application/problem+json", "image/gif"].contains {
                answer.head.contains("Content-Type: \($0)\r\n")
            }
            let isSaved = answer.head.contains("Content-Disposition: attachment;")
            #expect(isHarmless || isSaved, "\(tried): \(answer.head)")
            return
        }
        let faults = HTMLFaults.of(answer.body)
        #expect(faults.isEmpty, "\(tried): \(faults)\n\(answer.body)")
    }

    /// `AMPHORA_UPDATE_FIXTURES=1` writes the table anew, for review as a diff.
    @Test func theDocumentHasTheseCases() throws {
        let store = try HostileStore()
        let tables = HostileGroup.allCases.map { group in
            let rows = group.cases(store).map { "| \($0.tried) | \($0.gets) |\n" }.joined()
            return "## \(group.rawValue)\n\n| tried | gets |\n|---|---|\n\(rows)"
        }
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Docs/Pages-safety.md")
        let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        let start = try #require(text.range(of: "## \(HostileGroup.addresses.rawValue)\n"))
        let document = text[..<start.lowerBound] + tables.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["AMPHORA_UPDATE_FIXTURES"] == "1" {
            try Data(document.utf8).write(to: path)
        } else {
            #expect(String(document) == text, "AMPHORA_UPDATE_FIXTURES=1 writes the table anew")
        }
    }
}

/// What a page has that could act, or pretend to be something else.
enum HTMLFaults {
    static func of(_ html: String) -> [String] {
        var faults: [String] = []
        if html.ranges(of: "<script").count != 1 { faults.append("scripts") }
        let elements = html.matches(of: /<\/?([a-zA-Z][^\s>\/]*)/).map { String($0.output.1).lowercased() }
        let foreign = Set(elements).intersection([
            "iframe", "object", "embed", "base", "template", "style", "foreignobject", "animate", "set",
            "math",
        ])
        faults += foreign.sorted()
        for tag in html.matches(of: /<[a-zA-Z][^<>"]*(?:"[^"]*"[^<>"]*)*>/).map(\.output) {
            let bare = tag.replacing(/"[^"]*"/, with: "")
            if bare.contains(/\son[a-z]+\s*=?/.ignoresCase()) { faults.append("a handler in \(tag)") }
            if bare.contains(/\sstyle\s*=/.ignoresCase()) { faults.append("a style in \(tag)") }
            for address in tag.matches(of: /(?:href|src|action)="([^"]*)"/).map({ String($0.output.1) }) {
                let isOurs = address.hasPrefix("/") && !address.hasPrefix("//")
                let isWeb = tag.hasPrefix("<a ") && address.contains(/^https?:\/\//)
                let isHere = address.hasPrefix("#") || address.hasPrefix("?") || address.isEmpty
                if !isOurs && !isWeb && !isHere { faults.append("leads to \(address)") }
            }
        }
        let isSneaky = html.unicodeScalars.contains { scalar in
            scalar.value == 0 || (0x202A...0x202E).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value)
        }
        if isSneaky { faults.append("characters that turn text around") }
        return faults
    }
}
