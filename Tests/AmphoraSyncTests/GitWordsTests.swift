import AmphoraObjects
import Testing

@testable import AmphoraSync

@Suite("What git says")
struct GitWordsTests {
    @Test(
        arguments: [
            ("Receiving objects:  45% (9/20), 1.20 MiB | 3.00 MiB/s", "Receiving objects", 9, 20, 1_258_291),
            ("Writing objects: 100% (7/7), 671 bytes | 671.00 KiB/s, done.", "Writing objects", 7, 7, 671),
            (
                "Writing objects: 100% (7/7), 2.50 GiB | 671.00 KiB/s, done.", "Writing objects", 7, 7,
                2_684_354_560
            ),
            ("Resolving deltas:   0% (0/1)", "Resolving deltas", 0, 1, nil),
            ("remote: Counting objects:  50% (1/2)", "remote: Counting objects", 1, 2, nil),
            ("Enumerating objects: 9, done.", "Enumerating objects", 9, 0, nil),
        ] as [(String, String, Int, Int, Int?)])
    func progress(line: String, title: String, done: Int, total: Int, byteCount: Int?) throws {
        let progress = try #require(GitProgress(line))
        #expect(progress.title == title && progress.done == done && progress.total == total)
        #expect(progress.byteCount == byteCount)
    }

    @Test(arguments: [
        "fatal: early EOF", "error: 404", "remote: hello: world", "", ":", "x: 5% (", "x: 5% (1/2/3)",
        "Receiving objects: 99999999999999999999, done.",
    ])
    func otherLines(line: String) { #expect(GitProgress(line) == nil) }

    @Test("Progress and messages are told apart, wherever what is read is cut")
    func lines() {
        let text = "Receiving objects:  50% (1/2)\rReceiving objects: 100% (2/2), done.\nfatal: x  \n\nlast"
        for cut in 0...text.utf8.count {
            var lines = GitLines()
            var found: [GitProgress] = []
            for part in [text.utf8.prefix(cut), text.utf8.dropFirst(cut)] {
                found += Array(part).withUnsafeBytes { lines.add($0) }
            }
            lines.finish()
            #expect(found.map(\.done) == [1, 2])
            #expect(lines.messages == ["fatal: x", "last"])
        }
    }

    @Test(arguments: [
        (["fatal: unable to access 'https://x/': Could not resolve host: x"], GitFailureReason.noHost),
        (
            [
                "ssh: Could not resolve hostname x: Name or service not known",
                "fatal: Could not read from remote repository.",
            ], .noHost
        ),
        (
            [
                "ssh: connect to host x port 22: Connection refused",
                "fatal: Could not read from remote repository.",
            ], .unreachable
        ),
        (["ssh: connect to host x port 22: Connection timed out"], .unreachable),
        (["me@x: Permission denied (publickey).", "fatal: Could not read from remote repository."], .login),
        (["fatal: could not read Username for 'https://x': terminal prompts disabled"], .login),
        (["fatal: Authentication failed for 'https://x/'"], .login),
        (["fatal: unable to access 'https://x/': The requested URL returned error: 403"], .login),
        (["remote: Not Found", "fatal: repository 'https://x/y/' not found"], .noRepository),
        (["ERROR: Repository not found.", "fatal: Could not read from remote repository."], .noRepository),
        (["fatal: remote error: access denied or repository not exported: /x"], .noRepository),
        (["fatal: detected dubious ownership in repository at '/x'"], .ownership),
        (["Host key verification failed.", "fatal: Could not read from remote repository."], .hostKey),
        (
            ["fatal: unable to access 'https://x/': SSL certificate problem: self signed certificate"],
            .certificate
        ),
        (
            [
                "fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none CRLfile: none"
            ], .certificate
        ),
        (
            ["fatal: write error: No space left on device", "fatal: fetch-pack: invalid index-pack output"],
            .diskFull
        ),
        (["remote: fatal: write error: No space left on device"], .remoteDiskFull),
        (
            [
                "error: RPC failed; curl 18 transfer closed", "fatal: early EOF",
                "fatal: fetch-pack: invalid index-pack output",
            ], .brokenOff
        ),
        (["fatal: the remote end hung up unexpectedly"], .brokenOff),
        (["error: object 11: hasDotdot: contains '..'", "fatal: fsck error in packed object"], .damaged),
        (["fatal: something new"], .unknown),
    ])
    func reasons(messages: [String], expected: GitFailureReason) {
        #expect(GitFailureReason(messages) == expected)
    }

    @Test(
        "What git could not find when it was to send it is missing here; what a host finds wrong is refused")
    func pushReasons() {
        #expect(GitFailureReason(["fatal: bad tree object 11"], isPush: true) == .contentMissing)
        #expect(
            GitFailureReason(["remote: fatal: fsck error in packed object"], isPush: true) == .rejected)
        #expect(
            GitFailureReason(["fatal: Could not read from remote repository."], isPush: true) == .unreachable)
    }

    @Test("Who may not write is told so, though the other side hangs up then")
    func permissions() {
        let words = [
            "fatal: Unable to create temporary file '/x/shallow_XXXXXX': Permission denied",
            "send-pack: unexpected disconnect while reading sideband packet",
            "fatal: the remote end hung up unexpectedly",
        ]
        #expect(GitFailureReason(words, isPush: true) == .notWritable)
        #expect(GitFailureReason(words) == .notReadable)
        let warning = "remote: warning: unable to access '/x/.config/git/attributes': Permission denied"
        #expect(GitFailureReason([warning] + words.suffix(2)) == .brokenOff)
        #expect(
            GitFailureReason.meaningful(words) == [
                "Unable to create temporary file '/x/shallow_XXXXXX': Permission denied"
            ])
        #expect(GitFailureReason.meaningful(Array(words.suffix(1))) == Array(words.suffix(1)))
    }

    @Test("A push's report is read a line a ref")
    func pushReport() {
        let names = ["a", "b", "c", "d", "e"].map { RefName(existing: "refs/heads/data/\($0)") }
        let lines = [
            "To x", "*\t1:\(names[0])\t[new branch]", "=\t1:\(names[1])\t[up to date]",
            "-\t:\(names[2])\t[deleted]",
            "!\t1:\(names[3])\t[rejected] (stale info)", "!\t1:\(names[4])\t[remote rejected] (protected)",
            "Done",
        ]
        let report = PorcelainReport(
            decoding: Array(lines.joined(separator: "\n").utf8), messages: ["remote: no", "remote: Total 3"])
        #expect(
            report.outcomes == [
                names[0]: .done, names[1]: .done, names[2]: .done, names[3]: .stale,
                names[4]: .refused("protected; no"),
            ])
    }

    @Test("Settings that say how to reach a remote are taken over, quoted; others are not")
    func settings() {
        let listing =
            [
                "core.sshcommand\nssh -i \"my key\"", "core.bare\nfalse",
                "http.https://x/.extraheader\nA: b\\c",
                "remote.origin.proxy\nhttp://p", "remote.origin.promisor\ntrue", "remote.other.proxy\nx",
                "credential.helper", "fetch.prune\ntrue",
            ].joined(separator: "\0") + "\0"
        let text = TransferSettings(url: "https://x/y", named: "origin", listing: Array(listing.utf8)).text
        #expect(text.contains("[core]\n\tsshcommand = \"ssh -i \\\"my key\\\"\"\n"))
        #expect(text.contains("[http \"https://x/\"]\n\textraheader = \"A: b\\\\c\"\n"))
        #expect(text.contains("[remote \"remote\"]\n\tproxy = \"http://p\"\n"))
        #expect(text.contains("[remote \"remote\"]\n\turl = \"https://x/y\"\n"))
        #expect(text.contains("[credential]\n\thelper = \"true\"\n"))
        #expect(!text.contains("promisor") && !text.contains("bare = \"false\"") && !text.contains("\"x\""))
    }
}
