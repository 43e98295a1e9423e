import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("The index and many processes")
struct IndexTests {
    @Test("Processes that put and look at once agree with git, and with an index made anew")
    func race() throws {
        let project = try Project()
        let result = try project.script(
            """
            put() {
                mkdir p$1
                for i in 0 1 2 3 4 5 6 7; do
                    echo "$1 $i" > p$1/file
                    amphora put p$1 --name data --type t --alias p$1 >> out$1 || exit 1
                    amphora ls data | grep -q "^$(tail -n 1 out$1) " || exit 2
                done
            }
            look() {
                for i in 0 1 2 3 4 5 6 7 8 9; do
                    amphora ls --json > ls$1 && amphora run ls --json > runs && amphora lineage > graph || exit 3
                    git -C .amphora pack-refs --all || exit 4
                done
            }
            for p in 0 1 2; do put $p & pids="$pids $!"; done
            look 3 & pids="$pids $!"
            for pid in $pids; do wait $pid || exit $?; done
            """)
        #expect(result.status == 0, "\(result.status) \(result.error)")
        let views = [["ls", "data", "--json"], ["run", "ls", "--json"], ["log", "data"], ["alias", "ls"]]
        func looks() throws -> [String] {
            try views.map { try run(Project.program, $0, in: project.folder).output }
        }
        let before = try looks()
        #expect(before[0].split(separator: "\n").count == 24)
        #expect(before[1].split(separator: "\n").count == 24)
        let refs = try git("for-each-ref", "refs/tags", "--format=%(objectname)", in: project.store)
        #expect(refs.split(separator: "\n").allSatisfy { before[0].contains($0) })
        try removeIndex(of: project)
        #expect(try looks() == before)
    }

    @Test("A process that is killed while it makes the index harms nothing")
    func killed() throws {
        let project = try Project()
        let large = LargeStore(versionCount: 400, versionsPerArtifact: 10)
        try large.write(into: project.store)
        let expected = try project.amphora("lineage", "--format", "json")
        for delay in ["0.01", "0.02", "0.03", "0.05", "0.08"] {
            try removeIndex(of: project)
            _ = try project.script("amphora lineage > /dev/null & sleep \(delay); kill -9 $!; wait")
            #expect(try project.amphora("lineage", "--format", "json") == expected)
        }
    }

    @Test(
        "A store that may only be read is read as ever, with and without an index", arguments: [true, false])
    func readOnly(hasIndex: Bool) throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
        let looks =
            "ls; $program ls data; $program show data:best; $program log data; $program run ls; "
            + "$program lineage data:v0; $program alias ls"
        let expected = try project.script("program=amphora; amphora \(looks)")
        if !hasIndex { try removeIndex(of: project) }
        let result = try project.script(
            """
            cp "\(Project.program)" program && chmod 755 program . && program="$PWD/program"
            if [ "$(id -u)" = 0 ]; then
                chown -R nobody .amphora && program="setpriv --reuid=nobody --clear-groups $program"
            fi
            chmod -R a-w .amphora
            $program \(looks)
            status=$?
            chmod -R u+w .amphora
            exit $status
            """)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output == expected.output)
    }

    @Test(
        "Many versions, runs and links are all there",
        arguments: [(50, 50), (60, 6)])
    func large(versionCount: Int, versionsPerArtifact: Int) throws {
        let project = try Project()
        let large = LargeStore(versionCount: versionCount, versionsPerArtifact: versionsPerArtifact)
        try large.write(into: project.store)
        let store = try Store.open(at: project.folder)
        #expect(try store.allVersions().count == versionCount)
        #expect(Set(try store.allVersions().map(\.description)) == Set((0..<versionCount).map(large.name)))
        #expect(try store.runs().count == versionCount)
        #expect(try store.verify().isSound)
        let node = try store.lineageNode(large.name(25))
        let part = try store.lineage(around: [node], directions: [.up, .down])
        #expect(part.versions.count == min(20, versionCount - 20))
    }

    private func removeIndex(of project: Project) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(project.store)/amphora/index.sqlite\(suffix)")
        }
    }
}
