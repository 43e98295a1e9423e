import CLibgit2

/// Other repositories, as git's configuration names them.
extension Repository {
    /// The names of the remotes in the repository's configuration, sorted.
    package func remoteNames() throws(GitError) -> [String] {
        var names = git_strarray()
        try git("git_remote_list") { git_remote_list(&names, pointer) }
        defer { git_strarray_dispose(&names) }
        return (0..<names.count).compactMap { names.strings[$0].map { String(cString: $0) } }.sorted()
    }

    /// Puts lines in the place of all those of a section, such as `remote.origin`, in the repository's own
    /// configuration: all at one moment.
    package func replaceConfiguration(
        section: String, with lines: [(key: String, value: String)]
    ) throws(GitError) {
        try withOwnConfiguration { config throws(GitError) in
            let old = Set(try Self.entries(of: section, in: config).map(\.key))
            let transaction = try git("git_config_lock") { git_config_lock(&$0, config) }
            // What was not committed is undone.
            defer { git_transaction_free(transaction) }
            for key in old {
                try git("git_config_delete_multivar") { git_config_delete_multivar(config, key, ".*") }
            }
            for (key, value) in lines {
                // Matches no value, so that each is a line of its own.
                try git("git_config_set_multivar") { git_config_set_multivar(config, key, "^$", value) }
            }
            try git("git_transaction_commit") { git_transaction_commit(transaction) }
        }
    }

    /// The lines of a section of the repository's own configuration, in order.
    package func configuration(section: String) throws(GitError) -> [(key: String, value: String)] {
        var entries: [(key: String, value: String)] = []
        try withOwnConfiguration { config throws(GitError) in
            entries = try Self.entries(of: section, in: config)
        }
        return entries
    }

    private func withOwnConfiguration(_ body: (OpaquePointer) throws(GitError) -> Void) throws(GitError) {
        let config = try git("git_config_open_ondisk") { git_config_open_ondisk(&$0, "\(path)config") }
        defer { git_config_free(config) }
        try body(config)
    }

    private static func entries(
        of section: String, in config: OpaquePointer
    ) throws(GitError) -> [(key: String, value: String)] {
        var iterator: OpaquePointer?
        try git("git_config_iterator_new") { git_config_iterator_new(&iterator, config) }
        defer { git_config_iterator_free(iterator) }
        var entries: [(key: String, value: String)] = []
        while true {
            var entry: UnsafeMutablePointer<git_config_entry>?
            let status = git_config_next(&entry, iterator)
            if status == GIT_ITEROVER.rawValue { return entries }
            try git("git_config_next") { status }
            guard let entry else { continue }
            let key = String(cString: entry.pointee.name)
            // `remote.origin.backup.url` is in another section than `remote.origin.url`.
            guard key.hasPrefix("\(section)."), !key.dropFirst(section.count + 1).contains(".") else {
                continue
            }
            entries.append((key, String(cString: entry.pointee.value)))
        }
    }
}
