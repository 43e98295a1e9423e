import Foundation
import Testing

@testable import AmphoraStore

/// Holds our verdicts against those of the real git.
///
/// Each case is a folder with ignore files of its own, so that one run of git judges hundreds of cases.
@Suite("Ignore rules, against git", .serialized)
struct IgnoreRulesGitTests {
    @Test("The patterns of the table in the other suite")
    func table() throws {
        let rows = IgnoreRulesTests.rows.filter { !GitIgnoreCase.isMisreadByGit(Array($0.pattern.utf8)) }
        // A case for each path, as `foo` and `foo/` cannot both be there.
        try expectAgreement(
            on: rows.flatMap { row in
                (row.ignored + row.kept).map { path in
                    GitIgnoreCase(files: [[]: Array(row.pattern.utf8)], paths: [Array(path.utf8)])
                }
            })
    }

    @Test("Random patterns, in files at several depths", arguments: 1...4)
    func randomPatterns(seed: UInt64) throws {
        var random = GitIgnoreRandom(state: seed)
        try expectAgreement(on: (0..<150).map { _ in random.nextCase() })
    }

    @Test("Character classes hold the same bytes")
    func characterClasses() throws {
        let names = (UInt8(1)...255).filter { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") }.map {
            [$0]
        }
        let classes = [
            "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "xdigit", "word", "", "ALPHA",
        ]
        let brackets =
            classes.flatMap { ["[[:\($0):]]", "[![:\($0):]]"] } + ["?", "[!-~]", "[\u{1}-/]", "[[:a-z]"]
        try expectAgreement(on: brackets.map { GitIgnoreCase(files: [[]: Array($0.utf8)], paths: names) })
    }

    private func expectAgreement(on cases: [GitIgnoreCase]) throws {
        for (ignoreCase, verdict) in zip(cases, try GitIgnoreOracle.verdicts(on: cases)) {
            var rules = IgnoreRules()
            for (base, text) in ignoreCase.files { rules.add(file: text, in: base) }
            for (path, isIgnoredByGit) in zip(ignoreCase.paths, verdict) {
                #expect(
                    walk(path, rules) == isIgnoredByGit,
                    "'\(String(decoding: path, as: UTF8.self))' with \(ignoreCase.testDescription)")
            }
        }
    }

    /// Whether a walk from the root, which does not go into ignored folders, would leave out `path`.
    private func walk(_ path: [UInt8], _ rules: IgnoreRules) -> Bool {
        for (index, byte) in path.enumerated() where byte == UInt8(ascii: "/") {
            if rules.isIgnored(Array(path[..<index]), isDirectory: true) { return true }
        }
        return path.last != UInt8(ascii: "/") && rules.isIgnored(path, isDirectory: false)
    }
}
