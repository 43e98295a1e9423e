import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Amphora

@Suite("Writers at the same time")
struct ConcurrencyTests {
    @Test("Six processes that put and move aliases at once: numbers unique and without gaps, one run each")
    func processes() throws {
        let project = try Project()
        let result = try project.script(
            """
            put() {
                mkdir p$1
                for i in 0 1 2 3 4 5 6 7 8 9; do
                    echo "$1 $i" > p$1/file
                    amphora put p$1 --name data --type t --alias p$1 --alias shared >> out$1 || exit 1
                done
            }
            for p in 0 1 2 3 4 5; do put $p & pids="$pids $!"; done
            for pid in $pids; do wait $pid || exit 1; done
            """)
        #expect(result.status == 0, "\(result.error)")
        try check(project, writerCount: 6) { writer in
            String(decoding: try project.scratch.read("out\(writer)"), as: UTF8.self)
                .split(separator: "\n").map(String.init)
        }
    }

    @Test("Six threads of one process that do the same")
    func threads() throws {
        let project = try Project()
        let store = try Store.open(at: project.folder)
        let put = Mutex<[Int: [String]]>([:])
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { writer in
            do {
                for index in 0..<10 {
                    var artifact = Artifact(name: "data", type: "t")
                    try artifact.addNewFile("file") { try $0.write("\(writer) \(index)\n") }
                    let run = try store.startRun(project: "p", jobType: "put")
                    let version = try run.log(artifact, aliases: ["p\(writer)", "shared"])
                    try run.finish()
                    put.withLock { $0[writer, default: []].append(version.description) }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        try check(project, writerCount: 6) { writer in put.withLock { $0[writer] ?? [] } }
    }

    /// Checks what `writerCount` writers of ten versions each have left.
    private func check(_ project: Project, writerCount: Int, printed: (Int) throws -> [String]) throws {
        let count = writerCount * 10
        let store = try Store.open(at: project.folder)
        let versions = try store.versions(of: ArtifactName("data"))
        #expect(versions.map(\.name.number.rawValue) == Array(0..<count))
        var all: [String] = []
        for writer in 0..<writerCount {
            let names = try printed(writer)
            #expect(names.count == 10)
            all += names
            for (index, name) in names.enumerated() {
                #expect(try store.version(name).read("file") == Array("\(writer) \(index)\n".utf8))
            }
            #expect(try store.version("data:p\(writer)").description == names.last)
        }
        #expect(Set(all).count == count, "every version was made by one put")
        #expect(try store.version("data:latest").description == "data:v\(count - 1)")
        let runs = try store.runs()
        #expect(runs.count == count)
        #expect(runs.allSatisfy { $0.links.count == 1 && $0.state == .finished })
        #expect(Set(runs.flatMap(\.links).map(\.commitID)).count == count)
        #expect(try store.verify().isSound)
        #expect(try project.fsck() == "")
    }

    @Test("Several processes that log to one run at once lose nothing")
    func oneRun() throws {
        let project = try Project()
        let id = try project.amphora("run", "start", "--pid", "0")
        let result = try project.script(
            """
            export AMPHORA_RUN=\(id)
            work() {
                mkdir p$1
                for i in 0 1 2 3 4 5; do
                    amphora run log --step $(($1 * 10 + i)) x=$i || exit 1
                    amphora run summary s$1_$i=$i || exit 1
                done
                echo $1 > p$1/file
                amphora put p$1 --name data$1 --type t || exit 1
            }
            for p in 0 1 2 3 4 5; do work $p & pids="$pids $!"; done
            for pid in $pids; do wait $pid || exit 1; done
            amphora run finish
            """)
        #expect(result.status == 0, "\(result.error)")
        let store = try Store.open(at: project.folder)
        var steps: Set<Int> = []
        var lineCount = 0
        try store.history(of: RunID(id)) { line in
            lineCount += 1
            steps.insert(line["_step"]?.int ?? -1)
        }
        #expect(lineCount == 36)
        #expect(steps == Set((0..<6).flatMap { writer in (0..<6).map { writer * 10 + $0 } }))
        let info = try store.run(id)
        #expect(info.record.summary.count == 36)
        #expect(info.links.map(\.artifact) == (0..<6).map { "data\($0):v0" })
        #expect(info.state == .finished)
        #expect(info.record.sequence == 1 + 36 + 36 + 6 + 1)
        #expect(
            try git("rev-list", "--count", "refs/notes/runs/\(id)", in: project.store)
                == "\(info.record.sequence)\n")
        #expect(try project.fsck() == "")
    }

    @Test("Of processes that make a store in one folder at once, exactly one makes it")
    func twoInits() throws {
        for _ in 0..<5 {
            let scratch = try Scratch()
            let script = """
                for p in 0 1 2 3; do { "$1" init >out$p 2>err$p; echo $? >status$p; } & done; wait
                """
            #expect(try run("sh", ["-c", script, "sh", Project.program], in: scratch.path).status == 0)
            let texts = { (name: String) in
                try (0..<4).map { String(decoding: try scratch.read("\(name)\($0)"), as: UTF8.self) }
            }
            let (statuses, outputs) = (try texts("status"), try texts("out"))
            #expect(statuses == ["0\n", "0\n", "0\n", "0\n"])
            #expect(outputs.count { $0.hasPrefix("Made an empty store") } == 1)
            #expect(outputs.count { $0.hasPrefix("There is a store") } == 3)
            let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter {
                $0.hasPrefix(".")
            }
            #expect(names == [".amphora"], "no draft is left")
            try git("fsck", "--strict", in: scratch(".amphora"))
            #expect(try Store.open(at: scratch.path).allVersions().isEmpty)
        }
    }

    @Test("Two processes that get into one folder at once both succeed, and the folder is right")
    func twoGets() throws {
        let project = try Project()
        for index in 0..<40 { try project.scratch.write("in/\(index % 4)/\(index)", "content \(index)") }
        try project.scratch.write("in/big", randomBytes(count: 3 << 20, seed: 41))
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        let result = try project.script(
            """
            for p in 0 1 2; do amphora get data --to out & pids="$pids $!"; done
            for pid in $pids; do wait $pid || exit 1; done
            diff -r in out && ls -A out
            """)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(result.output.hasSuffix("0\n1\n2\n3\nbig\n"), "nothing but the version's files")
    }

    @Test("A writer waits for who has the store alone, and for nobody who only writes too")
    func lock() throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        let alone = try project.script(
            """
            lock=.amphora/amphora/lock
            flock -x $lock sh -c 'touch held; sleep 1; ls .amphora/refs/tags > seen' &
            while ! test -e held; do sleep 0.01; done
            amphora put in --name data --type t; wait
            """)
        #expect(alone.output == "data:v0\n", "\(alone.error)")
        #expect(try project.scratch.read("seen").isEmpty, "the put had not begun")
        let shared = try project.script(
            """
            flock -s .amphora/amphora/lock sh -c 'touch held2; while ! test -e done; do sleep 0.01; done' &
            while ! test -e held2; do sleep 0.01; done
            echo 2 > in/a; amphora put in --name data --type t; touch done; wait
            """)
        #expect(shared.output == "data:v1\n", "\(shared.error)")
    }
}
