import AmphoraObjects
import AmphoraSync
import Foundation
import Testing

/// Every row of the tables in `Docs/Sync.md`.
@Suite struct DecisionTests {
    private static let x = id(1)
    private static let y = id(2)
    private static let z = id(3)
    /// Two tombstones of x, and one of y.
    private static let deletedX = id(11)
    private static let deletedXAgain = id(12)
    private static let deletedY = id(13)

    private static func id(_ byte: UInt8) -> ObjectID { ObjectID([UInt8](repeating: byte, count: 20)) }

    private static func deleted(_ id: ObjectID) -> ObjectID? {
        id == deletedX || id == deletedXAgain ? x : id == deletedY ? y : nil
    }

    struct Row: Sendable, CustomTestStringConvertible {
        /// As the table begins it.
        let text: String
        let decision: Decision
        let states: [RefStates]
        var isKnownElsewhere = false
        var isMoved = false
        var testDescription: String { text }

        init(
            _ text: String, _ decision: Decision, isKnownElsewhere: Bool = false, isMoved: Bool = false,
            _ states: [(ObjectID?, ObjectID?, ObjectID?)]
        ) {
            self.text = text
            self.decision = decision
            self.isKnownElsewhere = isKnownElsewhere
            self.isMoved = isMoved
            self.states = states.map { RefStates(here: $0.0, there: $0.1, agreed: $0.2) }
        }
    }

    static let versions: [Row] = [
        Row("x | x | any", .agreed, [(x, x, nil), (x, x, x), (x, x, y), (deletedX, deletedX, x)]),
        Row("– | – | any", .agreed, [(nil, nil, nil), (nil, nil, x)]),
        Row("x | – | any", .give, [(x, nil, nil), (x, nil, x), (deletedX, nil, x)]),
        Row(
            "x | y | x, which has another number there, and is known to no other remote", .follow,
            isMoved: true,
            [(x, y, x), (x, deletedY, x)]),
        Row(
            "†x | y | x, which has another number there, and is known to no other remote", .follow,
            isMoved: true,
            [(deletedX, y, x), (deletedX, deletedY, x)]),
        Row(
            "any | y | x, unless y is †x", .rewritten,
            [(x, y, x), (nil, y, x), (z, y, x), (x, deletedY, x), (deletedX, y, x), (deletedX, x, deletedX)]),
        Row("– | y | any", .take, [(nil, y, nil), (nil, y, y), (nil, deletedX, x)]),
        Row("x | †x | any", .take, [(x, deletedX, x), (x, deletedX, nil), (x, deletedX, deletedX)]),
        Row("†x | another †x | any", .take, [(deletedX, deletedXAgain, x), (deletedX, deletedXAgain, nil)]),
        Row("†x | x | any", .give, [(deletedX, x, x), (deletedX, x, nil)]),
        Row(
            "x | y | any, and another remote has x", .clash, isKnownElsewhere: true, [(x, y, nil), (x, y, y)]),
        Row(
            "x | y | any", .renumber,
            [(x, y, nil), (x, y, y), (x, deletedY, nil), (deletedX, y, nil), (y, deletedX, x)]),
    ]

    static let aliases: [Row] = [
        Row("x | x | any", .agreed, [(x, x, nil), (x, x, x), (x, x, y)]),
        Row("– | – | any", .agreed, [(nil, nil, nil), (nil, nil, x)]),
        Row("x or – | y | y", .give, [(x, y, y), (nil, y, y)]),
        Row("x | – | –", .give, [(x, nil, nil)]),
        Row("x | y or – | x", .take, [(x, y, x), (x, nil, x)]),
        Row("– | y | –", .take, [(nil, y, nil)]),
        Row("– | y | z", .take, [(nil, y, z)]),
        Row("x | – | z", .give, [(x, nil, z)]),
        Row("x | y | z or –", .conflict, [(x, y, z), (x, y, nil)]),
    ]

    /// `y` and `z` were made from `x`.
    static let runs: [Row] = [
        Row("x | x", .agreed, [(x, x, nil), (x, x, y)]),
        Row("– | y", .take, [(nil, y, nil), (nil, y, y)]),
        Row("x | –", .give, [(x, nil, nil), (x, nil, x)]),
        Row("x | y, made from x", .take, [(x, y, nil), (x, y, x)]),
        Row("y, made from x | x", .give, [(y, x, x), (y, x, nil)]),
        Row("x | y", .merge, [(z, y, x), (y, z, nil)]),
    ]

    private static func isBefore(_ first: ObjectID, _ second: ObjectID) -> Bool { first == x && second != x }

    @Test(arguments: versions) func version(row: Row) {
        for states in row.states {
            let decision = Decision.aboutVersion(
                states, isKnownElsewhere: row.isKnownElsewhere, isMoved: row.isMoved, deleted: Self.deleted)
            #expect(decision == row.decision, "\(states)")
        }
    }

    @Test func onlyWhatBothHaveOrIsDeletedHereFollows() {
        let rewritten = [(nil, Self.y, Self.x), (Self.z, Self.y, Self.x), (Self.deletedY, Self.y, Self.x)]
        for (here, there, agreed) in rewritten {
            let states = RefStates(here: here, there: there, agreed: agreed)
            #expect(Decision.aboutVersion(states, isMoved: true, deleted: Self.deleted) == .rewritten)
        }
        let known = RefStates(here: Self.x, there: Self.y, agreed: Self.x)
        let decision = Decision.aboutVersion(
            known, isKnownElsewhere: true, isMoved: true, deleted: Self.deleted)
        #expect(decision == .rewritten)
    }

    @Test(arguments: aliases) func alias(row: Row) {
        for states in row.states { #expect(Decision.aboutAlias(states) == row.decision, "\(states)") }
    }

    @Test(arguments: runs) func run(row: Row) {
        for states in row.states {
            #expect(Decision.aboutRun(states, isBefore: Self.isBefore) == row.decision, "\(states)")
        }
    }

    @Test(arguments: [("Versions", versions), ("Aliases", aliases), ("Runs", runs)])
    func theTablesAreThoseOfTheDocumentation(title: String, rows: [Row]) throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/Sync.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let section = try #require(text.split(separator: "### \(title)\n").dropFirst().first)
        let lines = section.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { !$0.hasPrefix("|---") }.dropFirst().prefix { $0.hasPrefix("|") }
        let expected = rows.map { "| \($0.text) | \($0.decision.rawValue) |" }
        #expect(lines.count == expected.count)
        for (line, row) in zip(lines, expected) { #expect(line.hasPrefix(row)) }
    }

    /// Over all states of two versions and their tombstones: nothing that only one side has is given up.
    @Test func noVersionIsLost() {
        let values: [ObjectID?] = [nil, Self.x, Self.y, Self.deletedX, Self.deletedXAgain, Self.deletedY]
        for here in values {
            for there in values {
                for agreed in values {
                    let states = RefStates(here: here, there: there, agreed: agreed)
                    let decision = Decision.aboutVersion(states, deleted: Self.deleted)
                    switch decision {
                    case .take where here != nil:
                        // Only what was deleted goes, or one of two tombstones of the same.
                        #expect(there.flatMap(Self.deleted) == here.flatMap { Self.deleted($0) ?? $0 })
                    case .give where there != nil:
                        #expect(here.flatMap(Self.deleted) == there)
                    case .agreed: #expect(here == there)
                    default: break
                    }
                }
            }
        }
    }
}
