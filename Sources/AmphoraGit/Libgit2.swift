import CLibgit2
import Synchronization

/// Process-wide set-up of libgit2.
enum Libgit2 {
    private static let started: Void = {
        precondition(git_libgit2_init() >= 0, "git_libgit2_init failed")
        // Trees are built from objects just written; checking each entry again is a look-up for each.
        _ = amphora_git_set_strict_object_creation(0)
        // Objects are read once and verified; a cache of them would only hold memory.
        _ = amphora_git_set_cache_enabled(0)
        // Whole packs stay mapped otherwise, and count as the process's memory.
        _ = amphora_git_set_mwindow_mapped_limit(128 << 20)
    }()

    private static let fsyncSetting = Mutex(())

    /// Opens the refs of a repository so that each write of one is on the disk before it counts.
    ///
    /// libgit2 has one setting, for refs and loose objects alike; refs read it when they are opened, objects
    /// when they are written. Objects are made durable together, before a ref points at them, so that one
    /// by one would only be slow.
    static func openDurableRefs(of repository: OpaquePointer) throws(GitError) {
        let status = fsyncSetting.withLock { _ in
            _ = amphora_git_set_fsync(1)
            defer { _ = amphora_git_set_fsync(0) }
            var refs: OpaquePointer?
            defer { git_refdb_free(refs) }
            return git_repository_refdb(&refs, repository)
        }
        try git("git_repository_refdb") { status }
    }

    /// Starts libgit2, once.
    ///
    /// It is never shut down: the process's end does that.
    static func start() { started }
}
