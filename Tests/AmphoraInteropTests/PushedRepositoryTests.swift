import Foundation
import TestSupport
import Testing

/// Bare repositories of git's that a push has made stores.
@Suite("Repositories that became stores by a push")
struct PushedRepositoryTests {
    /// A project with two versions, pushed to `r.git`.
    private static func pushed(_ address: (String) -> String = { $0 }) throws -> Project {
        let project = try Project()
        try git("init", "-q", "--bare", "r.git", in: project.folder)
        try project.amphora("remote", "add", "origin", address(project.scratch("r.git")))
        for text in ["1", "2"] {
            try project.scratch.write("in/a", text)
            try project.amphora("put", "in", "--name", "data", "--type", "t")
        }
        try project.amphora("push")
        return project
    }

    private static let ways: [@Sendable (String) -> String] = [{ $0 }, { "file://\($0)" }]

    @Test("They open, and work as stores", arguments: [0, 1], [false, true])
    func opens(way: Int, isPacked: Bool) throws {
        let project = try Self.pushed(Self.ways[way])
        let bare = project.scratch("r.git")
        if isPacked { try git("pack-refs", "--all", in: bare) }
        let listed = try project.amphora("ls", "data", "--store", "r.git")
        #expect(listed.contains("v0") && listed.contains("v1"))
        try project.scratch.write("in/a", "3")
        #expect(
            try project.amphora("put", "in", "--name", "data", "--type", "t", "--store", "r.git") == "data:v2"
        )
        try project.amphora("gc", "--grace", "0", "--store", "r.git")
        #expect(try project.amphora("verify", "--store", "r.git").hasSuffix(": no damage"))
        #expect(try git("fsck", "--strict", "--no-dangling", in: bare) == "")
        #expect(try project.amphora("init", "--bare", "r.git").contains("already"))
        // What is outside goes on.
        try project.amphora("pull")
        try project.scratch.write("in/a", "4")
        #expect(try project.amphora("put", "in", "--name", "data", "--type", "t") == "data:v3")
        try project.amphora("push")
        #expect(try project.amphora("cat", "data", "a", "--store", "r.git") == "4")
        // Found from within, and left alone by a put of what is around it.
        #expect(
            try run(Project.program, ["ls"], in: "\(bare)/refs").output
                == project.amphora("ls", "--store", "r.git") + "\n")
        let put = try project.amphora("put", ".", "--name", "all", "--type", "t")
        #expect(try !project.amphora("files", put).contains("r.git"))
    }

    @Test("Only bare ones do: git's index keeps what we know nothing of", arguments: ["work/.git", "work"])
    func workingTree(path: String) throws {
        let project = try Self.pushed()
        try git("init", "-q", "work", in: project.folder)
        try project.amphora("remote", "add", "work", "work")
        try project.amphora("push", "--remote", "work")
        let result = try project.attempt("gc", "--store", path)
        #expect(result.status == 10 && result.error.contains("is not a store"), "\(result.error)")
        #expect(try project.attempt("init", "--bare", path).status == 12)
    }

    @Test("An empty or foreign bare repository becomes one by init, and keeps what it has")
    func initialize() throws {
        let project = try Project()
        let script = """
            git init -q --bare r.git && cd r.git && tree=$(git mktree </dev/null) \
            && git update-ref refs/heads/main $(git commit-tree -m code $tree) \
            && git config uploadpack.allowFilter false && git config gc.auto 17 && git rev-parse main >../before
            """
        #expect(try project.script(script).status == 0)
        #expect(try project.amphora("init", "--bare", "r.git").hasPrefix("Made an empty store in "))
        let bare = project.scratch("r.git")
        #expect(
            try git("rev-parse", "main", in: bare)
                == String(decoding: project.scratch.read("before"), as: UTF8.self))
        let setting = { try git("config", $0, in: bare) }
        #expect(try setting("uploadpack.allowFilter") == "false\n" && setting("gc.auto") == "17\n")
        #expect(try setting("uploadpack.allowAnySHA1InWant") == "true\n")
        #expect(try setting("amphora.formatVersion") == "1\n")
        #expect(try project.scratch.read("r.git/shallow") == project.scratch.read(".amphora/shallow"))
        #expect(try project.amphora("verify", "--store", "r.git").hasSuffix(": no damage"))
        try project.amphora("gc", "--grace", "0", "--store", "r.git")
        #expect(try git("log", "--format=%s", "main", in: bare) == "code\n")
        #expect(try git("fsck", "--strict", in: bare) == "")
    }

    @Test("Who may only read one reads it, and leaves no trace")
    func readOnly() throws {
        let project = try Self.pushed()
        let result = try project.script(
            """
            if [ "$(id -u)" = 0 ]; then chown -R nobody . && as='setpriv --reuid=nobody --clear-groups'; fi
            cp "\(Project.program)" program; chmod -R a-w r.git
            $as ./program verify --store r.git && $as ./program cat data a --store r.git; read=$?
            $as ./program put in --name data --type t --store r.git; wrote=$?
            $as ./program clone r.git copy -q; cloned=$?
            chmod -R u+w r.git
            test -e r.git/amphora && exit 1
            echo "ended with $read $wrote $cloned"
            """)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("ended with 0 15 0\n"), "\(result.output)")
        #expect(result.error.contains("/amphora': Permission denied"), "\(result.error)")
    }

    /// Only root can give a file to somebody else.
    @Test(
        "Another user's repository opens if git would open it, wherever git is told so",
        .enabled(if: geteuid() == 0), arguments: ["r.git", "own"])
    func foreignOwner(path: String) throws {
        let project = try Self.pushed()
        try project.amphora("init", "own")
        let real = path == "own" ? "own/.amphora" : path
        let script = """
            chown -R nobody \(path)
            for setting in "$PWD/\(real)" '*'; do
                git config -f named safe.directory "$setting"
                GIT_CONFIG_GLOBAL=$PWD/named amphora ls --store \(path) || exit 1
                GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$setting" \
                    amphora fetch --remote there || exit 2
            done
            git config -f named safe.directory "$PWD/elsewhere"; export GIT_CONFIG_GLOBAL=$PWD/named
            GIT_DIR=$PWD/\(real) amphora fetch --remote there && exit 3
            amphora ls --store \(path)
            """
        try project.amphora("remote", "add", "there", path)
        let result = try project.script(script)
        #expect(result.status == 15, "\(result)")
        let real2 = URL(filePath: project.scratch(real)).resolvingSymlinksInPath().path
        #expect(result.error.contains("the store '\(real2)' belongs to another user\n"))
        #expect(result.error.contains("git config --global --add safe.directory '\(real2)'"))
    }

    /// Only root can be two people at once.
    @Test(
        "Two people of a group push to one folder by its path, with the usual umask",
        .enabled(if: geteuid() == 0))
    func sharedFolder() throws {
        let project = try Project()
        let result = try project.script(
            """
            cp "\(Project.program)" program && chmod 755 . program
            git init -q --bare --shared=group s.git && chgrp -R games s.git
            git config -f settings safe.directory "$PWD/s.git"
            export GIT_CONFIG_GLOBAL=$PWD/settings
            as() {
                user=$1; shift
                (umask 022; cd $user && setpriv --reuid=$user --regid=nogroup --groups=games ../program "$@") || exit 9
            }
            for user in nobody daemon; do
                mkdir $user && chown $user $user
                as $user init && as $user remote add origin ../s.git
            done
            for round in 1 2 3; do
                for user in nobody daemon; do
                    echo "$user $round" >$user/file && chown $user $user/file
                    test $user$round = nobody1 || as $user pull -q
                    as $user put file --name data --type t --alias best
                    as $user put file --name $user --type t
                    as $user push
                done
                (umask 022; ./program gc --grace 0 --store s.git) || exit 8
            done
            ./program verify --store s.git
            """)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("Verified 12 versions"))
    }
}
