import Foundation
import TestSupport
import Testing

/// A small disk, in a name space of its own, which goes with its last process and takes the disk along.
private enum SmallDisk {
    static let shell = "unshare --mount --map-root-user sh -c"

    /// Whether one can be had.
    static let mayMount =
        (try? run("sh", ["-c", "\(shell) 'mount -t tmpfs none /mnt'"], in: "/").status) == 0
}

/// Disks that fill while something is exchanged, by the built program, over a folder and by git.
@Suite(
    "Disks that are full",
    .enabled(if: SmallDisk.mayMount, "a small disk cannot be had: no right to mount one"))
struct FullDiskTests {
    /// Runs a script with a disk of 2 MB in the folder `disk`, after a project has got two versions of 3 MB each.
    private func onSmallDisk(_ script: String) throws -> ProgramResult {
        let project = try Project()
        try git("config", "uploadpack.allowFilter", "true", in: project.store)
        for index in 0..<2 {
            try project.scratch.write("in/big", randomBytes(count: 3_000_000, seed: UInt64(index)))
            try project.scratch.write("in/small", "\(index)")
            try project.amphora("put", "in", "--name", "data", "--type", "dataset")
        }
        try project.scratch.write("disk/.keep", "")
        try project.scratch.write(
            "script",
            """
            export GIT_ALLOW_PROTOCOL=file
            whole() {
                GIT_ALLOW_PROTOCOL=none git -C $1 fsck --strict --no-dangling --full || exit 91
                find $1/objects -name 'tmp*' | grep . && exit 92
                amphora verify --store $1 || exit 93
            }
            mount -t tmpfs -o size=2m none disk || exit 90
            \(script)
            """)
        return try project.script("\(SmallDisk.shell) '. ./script'")
    }

    private func expectFull(_ result: ProgramResult, _ sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(result.status == 0, "\(result.status): \(result.error)", sourceLocation: sourceLocation)
        #expect(result.error.contains("No space left on device"), sourceLocation: sourceLocation)
        #expect(result.error.contains("\nhint: Free some space"), sourceLocation: sourceLocation)
    }

    @Test(
        "A fetch that finds no room leaves both sides whole, and goes on when there is some",
        arguments: [0, 1])
    func fetch(address: Int) throws {
        let result = try onSmallDisk(
            """
            amphora clone \(address == 0 ? "." : "file://$PWD/.amphora") disk/light || exit 1
            cd disk/light
            amphora pull --all
            [ $? = 15 ] || exit 2
            whole .amphora; whole ../../.amphora
            mount -o remount,size=64m ../../disk
            amphora pull --all && amphora get data --offline --to out && cmp out/big ../../in/big || exit 3
            whole .amphora
            """)
        expectFull(result)
    }

    @Test("A push that finds no room moves nothing, and goes on when there is some", arguments: [0, 1])
    func push(address: Int) throws {
        let result = try onSmallDisk(
            """
            git init -q --bare disk/remote.git
            amphora remote add origin "\(address == 0 ? "" : "file://")$PWD/disk/remote.git" || exit 1
            amphora push
            [ $? = 15 ] || exit 2
            [ -z "$(git -C disk/remote.git for-each-ref refs/tags refs/heads refs/notes)" ] || exit 3
            GIT_ALLOW_PROTOCOL=none git -C disk/remote.git fsck --strict || exit 4
            whole .amphora
            mount -o remount,size=64m disk
            amphora push && git -C disk/remote.git show data/v1:small | grep -x 1 || exit 5
            GIT_ALLOW_PROTOCOL=none git -C disk/remote.git fsck --strict --full || exit 6
            """)
        expectFull(result)
    }
}
