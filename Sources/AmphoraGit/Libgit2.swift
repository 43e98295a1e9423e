import CLibgit2

/// Process-wide set-up of libgit2.
enum Libgit2 {
    private static let started: Void = {
        precondition(git_libgit2_init() >= 0, "git_libgit2_init failed")
        // Of all that we write, libgit2 writes refs only: they are to be on the disk before they count.
        _ = amphora_git_set_fsync(1)
        // Objects are read once and verified; a cache of them would only hold memory.
        _ = amphora_git_set_cache_enabled(0)
        // Who opens a repository asks first whose it is: libgit2 reads fewer of git's exceptions than git.
        _ = amphora_git_set_owner_validation(0)
        // Whole packs stay mapped otherwise, and count as the process's memory.
        _ = amphora_git_set_mwindow_mapped_limit(128 << 20)
    }()

    /// Starts libgit2, once.
    ///
    /// It is never shut down: the process's end does that.
    static func start() { started }
}
