import AmphoraGit
import AmphoraObjects
import AmphoraSync
import Testing

@Suite struct ReconcilePlanTests {
    /// Refs by short names: `data:v0`, `data:best`, `run aaaaaaaa`; commits by letters.
    private static func refs(_ refs: [String: Character]) throws -> [RefName: ObjectID] {
        try Dictionary(uniqueKeysWithValues: refs.map { (try name($0.key), id($0.value)) })
    }

    private static func name(_ text: String) throws -> RefName {
        if text.hasPrefix("run ") { return .run(try RunID(String(text.dropFirst(4)))) }
        let reference = try VersionReference(text)
        switch reference.selector {
        case .number(let number): return .version(VersionName(reference.artifact, number))
        case .alias(let alias): return .alias(alias, of: reference.artifact)
        }
    }

    private static func id(_ letter: Character) -> ObjectID {
        ObjectID([UInt8](repeating: letter.asciiValue ?? 0, count: 20))
    }

    /// A capital letter is the tombstone of the version of the small one; a run's saves come after one another by letter
    /// if they are not `y` and `z`.
    private static let facts = CommitFacts(
        deleted: { tombstone in
            "abcdefghijklmnopqrstuvwxyz".first { id(Character($0.uppercased())) == tombstone }.map(id)
        },
        isBefore: { first, second in first < second && !(first == id("y") && second == id("z")) })

    private func plan(
        here: [String: Character], there: [String: Character], agreed: [String: Character] = [:],
        sending: [String: Character] = [:], scope: (RefName) -> Bool = { _ in true }
    ) throws -> ReconcilePlan {
        ReconcilePlan(
            SyncedRefs(
                here: try Self.refs(here), there: try Self.refs(there), agreed: try Self.refs(agreed),
                sending: try Self.refs(sending)),
            facts: Self.facts, scope: scope)
    }

    @Test func oursGetTheNextFreeNumbersInOrder() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "b", "data:v2": "c", "data:latest": "c", "data:best": "b"],
            there: ["data:v0": "a", "data:v1": "x", "data:v2": "y", "data:v3": "z", "data:latest": "z"],
            agreed: ["data:v0": "a"])
        #expect(
            try plan.result.here
                == Self.refs([
                    "data:v0": "a", "data:v1": "x", "data:v2": "y", "data:v3": "z", "data:v4": "b",
                    "data:v5": "c",
                    "data:latest": "c", "data:best": "b",
                ]))
        #expect(plan.renumberings.map { "\($0.old) \($0.new)" } == ["data:v1 data:v4", "data:v2 data:v5"])
        #expect(
            try plan.result.agreed
                == Self.refs(["data:v0": "a", "data:v1": "x", "data:v2": "y", "data:v3": "z"]))
        let outgoing = plan.outgoing(Self.facts)
        #expect(
            outgoing.map { "\($0.name.title)" } == ["data:v4", "data:v5", "data:best", "data:latest"])
        #expect(
            outgoing.last == RefChange(try Self.name("data:latest"), from: Self.id("z"), to: Self.id("c")))
    }

    @Test func thoseThatFollowMoveToo() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "b", "data:v2": "c", "data:v4": "d"],
            there: ["data:v0": "a", "data:v1": "x"], agreed: ["data:v0": "a"])
        #expect(
            try plan.result.here
                == Self.refs([
                    "data:v0": "a", "data:v1": "x", "data:v2": "b", "data:v3": "c", "data:v4": "d",
                    "data:latest": "d",
                ]))
        #expect(plan.renumberings.map { "\($0.old) \($0.new)" } == ["data:v1 data:v2", "data:v2 data:v3"])
    }

    @Test func aVersionThatTheRemoteHasElsewhereTakesThatNumber() throws {
        let plan = try plan(
            here: ["data:v0": "b"], there: ["data:v0": "a", "data:v1": "b", "data:latest": "b"])
        #expect(try plan.result.here == Self.refs(["data:v0": "a", "data:v1": "b", "data:latest": "b"]))
        #expect(plan.outgoing(Self.facts).isEmpty)
    }

    @Test func whatWasRenumberedThereIsRenumberedHere() throws {
        let plan = try plan(
            here: [
                "data:v0": "a", "data:v1": "b", "data:v2": "c", "data:v3": "d", "data:v4": "o",
                "data:best": "b",
            ],
            // The remote has made room for x, and deleted d since.
            there: [
                "data:v0": "a", "data:v1": "x", "data:v2": "b", "data:v3": "c", "data:v4": "D",
                "data:best": "b",
            ],
            agreed: ["data:v0": "a", "data:v1": "b", "data:v2": "c", "data:v3": "d", "data:best": "b"])
        #expect(plan.names(.follow).map(\.title) == ["data:v1", "data:v2", "data:v3"])
        #expect(
            plan.renumberings.map { "\($0.old) \($0.new)" } == [
                "data:v1 data:v2", "data:v2 data:v3", "data:v3 data:v4", "data:v4 data:v5",
            ])
        #expect(
            try plan.result.here
                == Self.refs([
                    "data:v0": "a", "data:v1": "x", "data:v2": "b", "data:v3": "c", "data:v4": "D",
                    "data:v5": "o", "data:best": "b", "data:latest": "o",
                ]))
        #expect(plan.outgoing(Self.facts).map(\.name.title) == ["data:v5", "data:latest"])
        #expect(ReconcilePlan(plan.result, facts: Self.facts).renumberings.isEmpty)
    }

    @Test func aTagThatWasMovedOverAnotherIsRewritten() throws {
        // The remote has b where it always had it, too.
        let both: [String: Character] = ["data:v0": "b", "data:v1": "b"]
        let plan = try plan(here: both, there: ["data:v0": "x", "data:v1": "b"], agreed: both)
        #expect(plan.names(.rewritten).map(\.title) == ["data:v0"])
        // Of another artifact.
        let other = try self.plan(
            here: ["data:v0": "b"], there: ["data:v0": "x", "other:v0": "b"], agreed: ["data:v0": "b"])
        #expect(other.names(.rewritten).map(\.title) == ["data:v0"])
    }

    @Test func numbersOfDeletedVersionsAreNotFree() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "b"], there: ["data:v0": "a", "data:v1": "c", "data:v2": "D"],
            agreed: ["data:v0": "a"])
        #expect(plan.renumberings.map(\.new.description) == ["data:v3"])
        // The highest that is not deleted.
        #expect(try plan.result.here[Self.name("data:latest")] == Self.id("b"))
    }

    @Test func latestFollowsADeletion() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "b", "data:latest": "b"],
            there: ["data:v0": "a", "data:v1": "B", "data:latest": "a"],
            agreed: ["data:v0": "a", "data:v1": "b"])
        #expect(
            try plan.result.here == Self.refs(["data:v0": "a", "data:v1": "B", "data:latest": "a"]))
        #expect(plan.outgoing(Self.facts).isEmpty)
    }

    @Test func latestThatStayedBehindThereFollows() throws {
        let versions: [String: Character] = ["data:v0": "a", "data:v1": "b"]
        let plan = try plan(
            here: versions.merging(["data:latest": "b"]) { $1 },
            there: versions.merging(["data:latest": "a"]) { $1 }, agreed: versions)
        let latest = RefChange(try Self.name("data:latest"), from: Self.id("a"), to: Self.id("b"))
        #expect(plan.outgoing(Self.facts) == [latest])
        #expect(plan.outgoing(Self.facts) { name, _ in name.version != nil }.isEmpty)
    }

    @Test func deletedHereIsDeletedThere() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "B", "data:latest": "a"],
            there: ["data:v0": "a", "data:v1": "b", "data:latest": "b"],
            agreed: ["data:v0": "a", "data:v1": "b"])
        #expect(
            try plan.outgoing(Self.facts) == [
                RefChange(Self.name("data:v1"), from: Self.id("b"), to: Self.id("B")),
                RefChange(Self.name("data:latest"), from: Self.id("b"), to: Self.id("a")),
            ])
    }

    @Test func aliasesGoWhereTheyWereMoved() throws {
        let versions: [String: Character] = [
            "data:v0": "a", "data:v1": "b", "data:v2": "c", "data:latest": "c",
        ]
        let plan = try plan(
            here: versions.merging(["data:ours": "b", "data:theirs": "a", "data:both": "b", "data:new": "a"])
            { $1 },
            there: versions.merging([
                "data:ours": "a", "data:theirs": "b", "data:both": "c", "data:gone": "a",
            ]) { $1 },
            agreed: versions.merging([
                "data:ours": "a", "data:theirs": "a", "data:both": "a", "data:gone": "a",
            ]) { $1 })
        #expect(plan.names(.conflict).map(\.title) == ["data:both"])
        #expect(
            try plan.result.here
                == Self.refs(
                    versions.merging([
                        "data:ours": "b", "data:theirs": "b", "data:both": "b", "data:new": "a",
                    ]) { $1 }))
        #expect(
            plan.outgoing(Self.facts).map { "\($0.name.title) \($0.target == nil)" } == [
                "data:gone true", "data:new false", "data:ours false",
            ])
        // What nobody has agreed on yet stays open.
        #expect(try plan.result.agreed[Self.name("data:both")] == Self.id("a"))
    }

    @Test func whatWasSentCountsAsAgreedIfItIsThere() throws {
        let versions: [String: Character] = ["data:v0": "a", "data:v1": "b", "data:v2": "c"]
        let plan = try plan(
            here: versions.merging(["data:came": "c", "data:lost": "c", "data:moved": "c"]) { $1 },
            there: versions.merging(["data:came": "b", "data:lost": "a", "data:moved": "a"]) { $1 },
            agreed: ["data:came": "a", "data:lost": "a", "data:moved": "c"],
            sending: ["data:came": "b", "data:lost": "b", "data:moved": "b"])
        #expect(plan.names(.conflict).isEmpty)
        #expect(
            plan.outgoing(Self.facts).map(\.name.title).filter { !$0.hasSuffix("latest") } == [
                "data:came", "data:lost",
            ])
        #expect(try plan.result.here[Self.name("data:moved")] == Self.id("a"))
        // It is remembered: what is sent next may not arrive.
        #expect(try plan.result.agreed[Self.name("data:came")] == Self.id("b"))
        #expect(try plan.result.sending == Self.refs(["data:lost": "b", "data:moved": "b"]))
    }

    @Test func runsAreTakenGivenOrMerged() throws {
        let plan = try plan(
            here: ["run aaaaaaaa": "a", "run bbbbbbbb": "d", "run cccccccc": "z", "run dddddddd": "a"],
            there: ["run aaaaaaaa": "b", "run bbbbbbbb": "c", "run cccccccc": "y", "run eeeeeeee": "e"])
        #expect(plan.names(.take).map(\.title) == ["run aaaaaaaa", "run eeeeeeee"])
        #expect(plan.names(.give).map(\.title) == ["run bbbbbbbb", "run dddddddd"])
        #expect(plan.outgoing(Self.facts).map(\.name.title).contains("run dddddddd"))
    }

    @Test func aSecondPlanHasNothingMoreToDo() throws {
        let first = try plan(
            here: ["data:v0": "a", "data:v1": "b", "data:best": "b", "run aaaaaaaa": "b"],
            there: ["data:v0": "c", "data:v1": "d", "data:best": "d", "run aaaaaaaa": "a", "other:v0": "e"])
        let second = ReconcilePlan(first.result, facts: Self.facts)
        #expect(second.result == first.result)
        #expect(second.renumberings.isEmpty)
        // After the push nothing is left but what somebody has to decide.
        var pushed = first.result
        for change in first.outgoing(Self.facts) { pushed.there[change.name] = change.target }
        let third = ReconcilePlan(pushed, facts: Self.facts)
        #expect(third.decisions.map { $0.decision } == [Decision.conflict])
        #expect(third.outgoing(Self.facts).isEmpty)
    }

    @Test func aNumberThatSomethingElseHasIsNotTaken() throws {
        let plan = ReconcilePlan(
            SyncedRefs(
                here: try Self.refs(["data:v0": "a", "data:v1": "b", "data:v2": "c"]),
                there: try Self.refs(["data:v0": "a"]), agreed: try Self.refs(["data:v0": "a"])),
            occupied: [try Self.name("data:v1"), try Self.name("data:v4")], facts: Self.facts)
        #expect(plan.renumberings.map { "\($0.old) \($0.new)" } == ["data:v1 data:v5", "data:v2 data:v6"])
        #expect(plan.outgoing(Self.facts).map(\.name.title) == ["data:v5", "data:v6", "data:latest"])
    }

    @Test(arguments: [nil, "b"] as [Character?]) func nothingIsConcludedFromWhatIsDamaged(agreed: Character?)
        throws
    {
        var known: [String: Character] = ["data:v0": "a"]
        known["data:v1"] = agreed
        let plan = ReconcilePlan(
            SyncedRefs(
                here: try Self.refs(["data:v0": "c", "data:v1": "b"]),
                there: try Self.refs(["data:v0": "a"]), agreed: try Self.refs(known)),
            damaged: [try Self.name("data:v1"), try Self.name("data:v5")], facts: Self.facts)
        #expect(plan.renumberings.map { "\($0.old) \($0.new)" } == ["data:v0 data:v6"])
        #expect(plan.decisions.map(\.name.title) == ["data:v0"])
        #expect(try plan.result.here[Self.name("data:v1")] == Self.id("b"))
        #expect(try plan.result.agreed[Self.name("data:v1")] == agreed.map(Self.id))
    }

    @Test func anAliasRemovedHereStaysSoIfItIsDamagedThere() throws {
        let name = try Self.name("data:best")
        let plan = ReconcilePlan(
            SyncedRefs(
                here: try Self.refs(["data:v0": "a"]), there: try Self.refs(["data:v0": "a"]),
                agreed: try Self.refs(["data:v0": "a", "data:best": "a"])),
            damaged: [name], facts: Self.facts)
        #expect(plan.result.agreed[name] == Self.id("a"))
    }

    @Test func aDeletionFollowsWhatWasRenumberedThere() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "B", "data:v2": "c"],
            there: ["data:v0": "a", "data:v1": "x", "data:v2": "b", "data:v3": "c", "data:latest": "c"],
            agreed: ["data:v0": "a", "data:v1": "b", "data:v2": "c"])
        #expect(plan.names(.follow).map(\.title) == ["data:v1", "data:v2"])
        #expect(
            try plan.result.here
                == Self.refs([
                    "data:v0": "a", "data:v1": "x", "data:v2": "B", "data:v3": "c", "data:latest": "c",
                ]))
        #expect(
            try plan.outgoing(Self.facts) == [
                RefChange(Self.name("data:v2"), from: Self.id("b"), to: Self.id("B"))
            ])
    }

    @Test func anAliasStaysWhoseNameSomethingElseHas() throws {
        let plan = ReconcilePlan(
            SyncedRefs(
                here: try Self.refs(["data:v0": "a", "data:best": "a", "run aaaaaaaa": "b"]),
                there: try Self.refs(["data:v0": "a"]),
                agreed: try Self.refs(["data:v0": "a", "data:best": "a"])),
            occupied: [try Self.name("data:best")], facts: Self.facts)
        #expect(try plan.result.here[Self.name("data:best")] == Self.id("a"))
        #expect(plan.orphans.isEmpty)
    }

    @Test func anAliasGoesWithItsVersion() throws {
        let plan = try plan(
            here: ["data:v0": "a", "data:v1": "b", "data:prod": "b", "data:mine": "b", "data:odd": "z"],
            there: ["data:v0": "a", "data:v1": "B", "data:prod": "a"],
            agreed: ["data:v0": "a", "data:v1": "b", "data:prod": "a"])
        #expect(
            try plan.result.here
                == Self.refs(["data:v0": "a", "data:v1": "B", "data:latest": "a", "data:odd": "z"]))
        #expect(plan.orphans.map(\.title) == ["data:mine", "data:prod"])
        // It goes there, too; what points at nothing known is left to people.
        let outgoing = plan.outgoing(Self.facts)
        #expect(outgoing.filter { $0.target == nil }.map(\.name.title) == ["data:prod"])
        #expect(outgoing.map(\.name.title).contains("data:odd"))
        #expect(!outgoing.map(\.name.title).contains("data:mine"))
    }

    @Test func whatIsOutOfScopeStays() throws {
        let data = try ArtifactName("data")
        let plan = try plan(
            here: ["data:v0": "a", "other:v0": "b"], there: ["data:v0": "c", "other:v0": "d", "new:v0": "e"],
            scope: { $0.version?.artifact == data })
        #expect(try plan.result.here[Self.name("other:v0")] == Self.id("b"))
        #expect(try plan.result.here[Self.name("new:v0")] == nil)
        #expect(plan.renumberings.map(\.old.description) == ["data:v0"])
    }
}
