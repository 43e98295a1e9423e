import Foundation
import TestSupport
import Testing

/// Processes that push at once, and processes that are killed.
@Suite struct SyncRaceTests {
    /// Runs a shell script with `amphora` on the PATH.
    private func script(_ text: String, in folder: String) throws -> ProgramResult {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try run("bash", ["-c", text], in: folder, environment: ["PATH": "\(productsFolder):\(path)"])
    }

    private func refs(_ folder: String) throws -> String {
        try git(
            "for-each-ref", "--format=%(refname) %(objectname)", "refs/tags", "refs/heads", "refs/notes",
            in: folder)
    }

    @Test(arguments: ["", "file://"]) func clonesThatPushAtOnceLoseNothing(scheme: String) throws {
        let scratch = try Scratch()
        try git("init", "-q", "--bare", "all.git", in: scratch.path)
        let result = try script(
            """
            set -e
            amphora init first >/dev/null; cd first
            echo 0 > file; amphora put file --name shared --type text -q >/dev/null
            amphora remote add origin \(scheme)$PWD/../all.git >/dev/null; amphora push -q >/dev/null; cd ..
            for i in 1 2 3 4 5; do amphora clone \(scheme)$PWD/all.git clone$i >/dev/null; done
            for i in 1 2 3 4 5; do
                (cd clone$i; for j in 1 2 3; do
                    echo $i $j > file
                    amphora run --job-type make -q -- sh -ec 'amphora get shared:v0 -q; amphora put file --name shared --type text -q' >/dev/null
                done; exec amphora push -q >/dev/null) &
                pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            for i in 1 2 3 4 5; do (cd clone$i; amphora pull -q >/dev/null); done
            """, in: scratch.path)
        #expect(result.status == 0, "\(result.error)")
        let expected = try refs(scratch("all.git"))
        for i in 1...5 { #expect(try refs(scratch("clone\(i)/.amphora")) == expected) }
        // Numbers without gaps, each version of its own, and the order of each clone's is kept.
        let list = try git(
            "for-each-ref", "--format=%(refname:lstrip=3) %(tree)", "refs/tags/shared", in: scratch("all.git")
        )
        .split(separator: "\n").map { $0.split(separator: " ") }
        #expect(Set(list.map { $0[0] }) == Set((0...15).map { "v\($0)" }))
        #expect(Set(list.map { $0[1] }).count == 16)
        // Each run of a clone used v0 and logged one version, whatever it is called now.
        let runs = try run(
            productsFolder + "/amphora", ["lineage", "--format", "json"], in: scratch("clone1"))
        #expect(runs.output.components(separatedBy: "\"output\"").count - 1 == 16)
        #expect(try run("git", ["fsck", "--strict", "--no-dangling"], in: scratch("all.git")).status == 0)
    }

    @Test(arguments: ["", "file://"]) func transfersThatAreKilledGoOn(scheme: String) throws {
        let scratch = try Scratch()
        try git("init", "-q", "--bare", "all.git", in: scratch.path)
        try git("config", "uploadpack.allowFilter", "true", in: scratch("all.git"))
        var generator = SystemRandomNumberGenerator()
        for index in 0..<200 {
            try scratch.write(
                "first/data/\(index)", (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let made = try script(
            """
            set -e
            cd first; amphora init >/dev/null; amphora put data --name data --type bytes -q >/dev/null
            amphora remote add origin \(scheme)$PWD/../all.git >/dev/null
            for pause in 0.02 0.05 0.1 0.15 0.2 0.3; do
                amphora push -q >/dev/null 2>&1 & pid=$!; sleep $pause; kill -9 $pid 2>/dev/null || true; wait $pid || true
                git -C ../all.git fsck --strict --no-dangling
                git -C .amphora fsck --strict --no-dangling
            done
            amphora push -q >/dev/null
            cd ..
            for pause in 0.02 0.05 0.1 0.15 0.2 0.3; do
                amphora clone --full \(scheme)$PWD/all.git second >/dev/null 2>&1 & pid=$!; sleep $pause; kill -9 $pid 2>/dev/null || true; wait $pid || true
                test ! -d second/.amphora || git -C second/.amphora fsck --strict --no-dangling
            done
            amphora clone --full \(scheme)$PWD/all.git second >/dev/null
            cd second; amphora verify >/dev/null; amphora get data --offline --to ../out -q
            """, in: scratch.path)
        #expect(made.status == 0, "\(made.error)")
        #expect(try refs(scratch("second/.amphora")) == refs(scratch("first/.amphora")))
        #expect(try run("diff", ["-r", "first/data", "out"], in: scratch.path).status == 0)
        // Nothing of the killed ones is left after the next.
        let left = try run(
            "find",
            [
                "first/.amphora", "second/.amphora", "-name", "*.lock", "-o", "-name", "tmp_*", "-o", "-path",
                "*/transfer/*",
            ],
            in: scratch.path)
        let names = left.output.split(separator: "\n").filter { !$0.hasSuffix("index.sqlite.lock") }
        #expect(names.isEmpty)
        withExtendedLifetime(scratch) {}
    }

    /// strace(1) is not everywhere, and not everywhere allowed.
    private static let canTrace = (try? run("strace", ["-o", "/dev/null", "true"], in: "/"))?.status == 0

    @Test(
        "A pull killed at any step leaves no version under two numbers, and the next one completes",
        .enabled(if: canTrace, "strace is not installed, or not allowed"))
    func renumberingKilledAtEachStep() throws {
        let scratch = try Scratch()
        let made = try script(
            """
            set -e
            git init -q --bare all.git
            for store in ada grace; do
                mkdir $store; cd $store; amphora init >/dev/null
                amphora remote add origin $PWD/../all.git >/dev/null; cd ..
            done
            cd ada; for i in 1 2; do echo ada $i > file; amphora put file --name data --type text -q >/dev/null; done
            amphora push -q >/dev/null; cd ../grace
            for i in 1 2 3; do echo grace $i > file; amphora put file --name data --type text --alias best -q >/dev/null; done
            amphora fetch -q >/dev/null; cd ..
            for step in $(seq 100); do
                rm -rf killed; cp -a grace killed; cd killed
                status=0
                strace -f -qq -o /dev/null -e inject=rename,renameat,renameat2,unlink,unlinkat:signal=KILL:when=$step \
                    amphora pull -q >/dev/null || status=$?
                git -C .amphora fsck --strict --no-dangling
                git -C .amphora for-each-ref --format='%(objectname)' refs/tags/data >../numbers
                test -z "$(sort ../numbers | uniq -d)" || { echo "two numbers after step $step" >&2; exit 1; }
                # Locks of who is dead are taken for stale after a while.
                find .amphora -name '*.lock' -exec touch -d '1 minute ago' {} +
                amphora pull -q >/dev/null
                git -C .amphora for-each-ref --format='%(refname) %(objectname)' refs/tags refs/heads >../refs
                cmp ../refs ../expected 2>/dev/null || test ! -e ../expected || { cat ../refs >&2; exit 1; }
                cp ../refs ../expected; cd ..
                if test $status = 0; then echo $step; exit 0; fi
            done
            exit 1
            """, in: scratch.path)
        #expect(made.status == 0, "\(made.error)")
        #expect(Int(made.output.split(separator: "\n").last ?? "") ?? 0 > 3, "it was killed at some steps")
        let refs = String(decoding: try scratch.read("expected"), as: UTF8.self)
        #expect(refs.contains("refs/tags/data/v4 ") && !refs.contains("refs/tags/data/v5 "))
    }
}
