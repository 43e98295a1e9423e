import Foundation
import TestSupport
import Testing

@Suite("Upkeep of a store that was cloned light")
struct LightStoreTests {
    /// Three versions of a chunked file, a folder and a small file, and a run with metrics.
    private func origin() throws -> Project {
        let project = try Project()
        for index in 0..<3 {
            try project.scratch.write("in/big", randomBytes(count: 2 << 20, seed: UInt64(index)))
            try project.scratch.write("in/folder/small", "\(index)")
            try project.scratch.write("in/same", "same")
            try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
        }
        return project
    }

    /// Which packs there are: promisor packs, and others.
    private func kinds(_ light: LightStore) throws -> [Bool] {
        try light.packs().map(\.isPromisor).sorted { $0 && !$1 }
    }

    @Test("What is not here is no damage, and is said", arguments: ["tree:0", "blob:none"])
    func nothingHere(filter: String) throws {
        let light = try LightStore(of: origin(), filter: filter)
        #expect(try light.amphora("ls").contains("data"))
        #expect(try light.amphora("run", "ls").contains("put"))
        for option in [[], ["--quick"]] {
            let report = try run(Project.program, ["verify"] + option, in: light.path)
            #expect(report.status == 0)
            #expect(
                report.output.hasPrefix(
                    "Verified 3 versions (0 whole, 0 here in part, 3 not here yet), 0 files, 3 runs"))
            #expect(report.output.hasSuffix(": no damage\n"))
            let one = try run(Project.program, ["verify", "data:v1"] + option, in: light.path)
            #expect(one.status == 15)
            #expect(one.error.contains("data:v1 is not here yet"))
            #expect(one.error.contains("amphora pull data:v1"))
        }
        #expect(try light.amphora("verify", "--json").contains(#""absent_versions":3"#))
        let use = try light.amphora("du", "data", "--json")
        #expect(use.split(separator: "\n").allSatisfy { $0.contains(#""whole":false"#) })
        #expect(try light.amphora("du").contains("WHOLE"))
        try light.amphora("gc", "--grace", "0")
        #expect(try light.fsck() == "")
        #expect(try kinds(light) == [true, false])
        #expect(try light.amphora("gc", "--grace", "0").contains("Nothing"))
        #expect(try light.amphora("verify").hasSuffix("no damage"))
    }

    @Test("Content that git fetched is tidied up with gc, ours or git's, and stays; so does our own")
    func fetched() throws {
        let light = try LightStore(of: origin())
        for version in ["data/v0", "data/v1", "data/v2"] { try light.fetchTrees(of: version) }
        try light.fetchBlobs(of: "data/v1")
        try light.scratch.write("own/file", "our own")
        try light.amphora("put", "../own", "--name", "own", "--type", "t")
        let summary = "Verified 4 versions (2 whole, 2 here in part, 0 not here yet)"
        #expect(try light.amphora("verify").hasPrefix(summary))
        #expect(try light.packs().count > 4)
        let all = Set(try light.packs().flatMap(\.ids))
        func check(_ step: String) throws {
            #expect(try light.fsck() == "", "\(step)")
            #expect(try light.amphora("verify").hasPrefix(summary), "\(step)")
            #expect(try light.amphora("verify", "data:v1").hasSuffix("no damage"), "\(step)")
            #expect(try light.amphora("cat", "own", "file") == "our own", "\(step)")
            #expect(try light.amphora("cat", "data:v1", "folder/small") == "1", "\(step)")
            let packs = try light.packs()
            #expect(try kinds(light) == [true, false], "\(step)")
            let own = try #require(packs.first { !$0.isPromisor })
            #expect(own.ids.isDisjoint(with: all), "\(step)")
            #expect(own.ids.contains(try light.script("git rev-parse own/v0")), "\(step)")
        }
        let planned = try light.amphora("gc", "--grace", "0", "--dry-run")
        #expect(planned.contains("into 2 packs"))
        #expect(try light.amphora("gc", "--grace", "0").contains("into 2 packs"))
        try check("amphora gc")
        #expect(try light.amphora("gc", "--grace", "0").contains("Nothing"))
        try git("gc", "--quiet", "--prune=now", in: light.path)
        try check("git gc")
        try git("repack", "-adq", in: light.path)
        try check("git repack")
        try light.fetchBlobs(of: "data/v0")
        try light.amphora("gc", "--grace", "0")
        #expect(try light.fsck() == "")
        #expect(try kinds(light) == [true, false])
        let use = try light.amphora("du", "data", "--json").split(separator: "\n")
        #expect(use.map { $0.contains(#""whole":true"#) } == [true, true, false])
    }

    @Test("A version is here in part: what is here is checked, and damage is still damage")
    func inPart() throws {
        let light = try LightStore(of: origin())
        try light.fetchTrees(of: "data/v1")
        let small = try light.id("data/v1:folder/small")
        try light.fetch(small)
        #expect(
            try light.amphora("verify").hasPrefix(
                "Verified 3 versions (0 whole, 1 here in part, 2 not here yet), 1 file"))
        let one = try light.attempt("verify", "data:v1")
        #expect(one.status == 15)
        #expect(one.error.contains("data:v1 is here in part only: 1 of 3 files"))
        // A loose copy that is damaged, in place of the one in a pack.
        try light.amphora("gc", "--grace", "0")
        try light.script(
            """
            mkdir ../packs; mv objects/pack/*.pack ../packs; rm objects/pack/*
            for pack in ../packs/*; do git unpack-objects -q < $pack; done
            printf 'commit' | git hash-object -w --stdin | git pack-objects -q objects/pack/pack
            for file in objects/pack/*.pack; do touch "${file%.pack}.promisor"; done
            file=objects/\(small.prefix(2))/\(small.dropFirst(2)); chmod u+w $file; echo damaged > $file
            """)
        for arguments in [["verify"], ["verify", "data:v1"]] {
            let damaged = try run(Project.program, arguments, in: light.path)
            #expect(damaged.status == 13)
            #expect(damaged.output.contains("data:v1: folder/small: object \(small) is damaged"))
        }
        #expect(try light.attempt("gc", "--grace", "0").status == 13)
    }

    @Test("A missing commit that a ref names is damage, and stops gc")
    func missingCommit() throws {
        let light = try LightStore(of: origin())
        let id = try light.script("git rev-parse data/v1")
        try light.script(
            """
            mkdir ../packs; mv objects/pack/*.pack ../packs; rm objects/pack/*
            for pack in ../packs/*; do git unpack-objects -q < $pack; done
            echo word | git hash-object -w --stdin | git pack-objects -q objects/pack/pack
            for file in objects/pack/*.pack; do touch "${file%.pack}.promisor"; done
            rm -f objects/\(id.prefix(2))/\(id.dropFirst(2))
            """, in: light.path)
        let verified = try light.attempt("verify")
        #expect(verified.status == 13)
        #expect(verified.output.contains("data:v1: object \(id) is not in the store"))
        let tidied = try light.attempt("gc", "--grace", "0")
        #expect(tidied.status == 13)
        #expect(tidied.error.contains("data/v1") || tidied.error.contains("data:v1"))
    }

    @Test("A run is whole without its large images")
    func media() throws {
        let project = try origin()
        let id = try project.amphora("run", "start", "--pid", "0")
        try project.amphora("run", "log", "--run", id, "x=1")
        // As a run with an image of 100 kB has it.
        let blob = try project.scratch.write("image", randomBytes(count: 100_000, seed: 3))
        let result = try project.script(
            """
            cd .amphora && export GIT_INDEX_FILE=../index && ref=refs/notes/runs/\(id) && git read-tree $ref &&
            git update-index --add --cacheinfo 100644,$(git hash-object -w '\(blob)'),media/sample/0-0.png &&
            git update-ref $ref $(git commit-tree -p $ref -m image $(git write-tree))
            """)
        #expect(result.status == 0, "\(result.error)")
        #expect(try project.amphora("verify").hasSuffix("no damage"))
        let light = try LightStore(of: project)
        #expect(try light.amphora("run", "show", id, "--history").contains("x"))
        #expect(try light.amphora("verify").hasSuffix("no damage"))
        try light.amphora("gc", "--grace", "0")
        #expect(try light.amphora("run", "show", id).contains("running"))
        #expect(try light.fsck() == "")
    }

    @Test("What a version of ours names stays promised when the remote's version that named it is removed")
    func promise() throws {
        let light = try LightStore(of: origin())
        try light.fetchTrees(of: "data/v1")
        // A version of ours with one file of our own, and a folder of the remote's that is here as a tree only.
        try light.script(
            """
            blob=$(echo own | git hash-object -w --stdin); folder=$(git rev-parse data/v1^{tree}:folder)
            tree=$(printf '100644 blob %s\\tsame\\n100644 blob %s\\tsmall\\n' $(git rev-parse data/v1:same) \
                $(git rev-parse data/v1:folder/small) | git mktree --missing)
            tree=$(printf '040000 tree %s\\tfolder\\n100644 blob %s\\town\\n' $tree $blob | git mktree)
            git cat-file commit data/v1 | sed "s/^tree.*/tree $tree/" | git hash-object -w -t commit --stdin > ../own
            git update-ref refs/tags/data/v3 $(cat ../own); git update-ref refs/heads/data/latest $(cat ../own)
            git update-ref refs/heads/data/best $(cat ../own)
            for tag in v0 v1 v2; do git update-ref -d refs/tags/data/$tag; done
            git for-each-ref --format='delete %(refname)' refs/notes | git update-ref --stdin
            """)
        #expect(try light.fsck() == "")
        let dropped = try light.amphora("gc", "--grace", "0")
        #expect(dropped.contains("Dropped"))
        #expect(try light.fsck() == "")
        try git("gc", "--quiet", "--prune=now", in: light.path)
        #expect(try light.fsck() == "")
        #expect(try light.amphora("cat", "data:v3", "own") == "own")
        #expect(try light.amphora("verify").contains("1 here in part"))
        #expect(try light.amphora("gc", "--grace", "0").contains("Nothing"))
        // git brings what was promised.
        #expect(try git("cat-file", "blob", "data/v3:folder/small", in: light.path) == "1")
    }

    @Test("What the remote has and we have too is kept once, as what the remote has")
    func both() throws {
        let light = try LightStore(of: origin())
        try light.fetchTrees(of: "data/v1")
        let blob = try light.id("data/v1:same")
        try light.fetch(blob)
        let copies = [blob, try light.id("data/v1"), try light.id("data/v1^{tree}")]
        try light.script(
            "printf '\(copies.joined(separator: "\\n"))\\n' | git pack-objects -q objects/pack/pack")
        try light.amphora("gc", "--grace", "0")
        func check() throws {
            let packs = try light.packs()
            #expect(packs.count == 2)
            for pack in packs { #expect(copies.allSatisfy { pack.ids.contains($0) == pack.isPromisor }) }
        }
        try check()
        #expect(try light.fsck() == "")
        // A damaged copy is taken from where it is sound, and is still what the remote has.
        try light.script(
            """
            printf '\(copies.joined(separator: "\\n"))\\n' | git pack-objects -q objects/pack/pack
            index=$(for file in objects/pack/*.promisor; do echo ${file%.promisor}.idx; done)
            offset=$(git show-index < $index | sed -n 's/ \(blob) .*//p')
            chmod u+w ${index%.idx}.pack
            printf xxxx | dd of=${index%.idx}.pack bs=1 seek=$((offset + 4)) conv=notrunc 2>/dev/null
            """)
        #expect(try light.attempt("verify").status == 13)
        try light.fetch(light.id("data/v0:folder/small"))
        try light.amphora("gc", "--grace", "0")
        try check()
        #expect(try light.amphora("verify").hasSuffix("no damage"))
        #expect(try light.fsck() == "")
    }

    @Test("Many small fetches become few packs by themselves, with all that was promised")
    func automatic() throws {
        let light = try LightStore(of: origin())
        try light.fetchTrees(of: "data/v1")
        let own = try light.script("echo own | git hash-object -w --stdin")
        try light.script(
            """
            for i in $(seq 1 60); do
                id=$(echo "fetched $i" | git hash-object -w --stdin)
                touch objects/pack/pack-$(echo $id | git pack-objects -q objects/pack/pack).promisor
            done
            echo \(own) | git pack-objects -q objects/pack/pack; git prune-packed
            """)
        let before = Set(try light.packs().flatMap(\.ids))
        try light.amphora("gc", "--auto")
        let packs = try light.packs()
        #expect(Set(packs.flatMap(\.ids)) == before)
        #expect(packs.filter { !$0.isPromisor }.map(\.ids) == [[own]])
        #expect(packs.count < 5)
        #expect(try light.fsck() == "")
    }

    @Test("A gc killed at any moment leaves all that is promised promised")
    func killed() throws {
        let light = try LightStore(of: origin())
        try light.fetchTrees(of: "data/v0")
        try light.fetchTrees(of: "data/v1")
        try light.fetchBlobs(of: "data/v1")
        var generator = SplitMix64(seed: 72)
        for round in 0..<12 {
            try light.script(
                """
                id=$(echo "fetched \(round)" | git hash-object -w --stdin)
                git update-ref refs/amphora/test\(round) $id
                touch objects/pack/pack-$(echo $id | git pack-objects -q objects/pack/pack).promisor
                """)
            let gc = Process()
            gc.executableURL = URL(filePath: Project.program)
            gc.arguments = ["gc", "--grace", "0"]
            gc.currentDirectoryURL = URL(filePath: light.path)
            gc.environment = hermeticEnvironment(home: light.path)
            gc.standardOutput = FileHandle.nullDevice
            gc.standardError = FileHandle.nullDevice
            try withoutBlockedSignals { try gc.run() }
            Thread.sleep(forTimeInterval: Double(Int.random(in: 1...40, using: &generator)) / 1000)
            _ = kill(gc.processIdentifier, SIGKILL)
            gc.waitUntilExit()
            #expect(try light.fsck() == "", "round \(round)")
        }
        try light.amphora("gc", "--grace", "0")
        #expect(try kinds(light) == [true, false])
        #expect(try light.amphora("verify", "data:v1").hasSuffix("no damage"))
        #expect(try light.amphora("verify").hasSuffix("no damage"))
    }
}
