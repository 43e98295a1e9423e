import AmphoraStore
package import SystemPackage

/// Where things lie in a store's folder.
package struct StoreLayout: Sendable {
    /// The name of a store's folder in a project.
    package static let folderName = ".amphora"
    /// The format that this code writes, and the highest that it reads.
    package static let formatVersion = 1

    /// The git repository.
    package let repository: FilePath

    /// Git's objects, loose and packed.
    package var objects: FilePath { repository.appending("objects") }

    /// Amphora's own files: all of it can be deleted without loss.
    package var own: FilePath { repository.appending("amphora") }
    var lock: FilePath { own.appending("lock") }
    var index: FilePath { own.appending("index.sqlite") }

    /// The settings of a new store; the reasons are in `Docs/Format.md`.
    static let settings: [(key: String, value: String)] = [
        ("amphora.formatVersion", "\(formatVersion)"),
        ("core.bare", "true"),
        ("core.logAllRefUpdates", "always"),
        ("core.bigFileThreshold", "64k"),
        ("pack.deltaCacheSize", "65536"),
        ("pack.windowMemory", "64m"),
        ("gc.auto", "0"),
        ("notes.displayRef", "refs/notes/runs/*"),
    ]

    /// What lets others clone the store with git and leave content out; settings of any repository that is a remote.
    package static let settingsOfRemote: [(key: String, value: String)] = [
        ("uploadpack.allowFilter", "true"),
        ("uploadpack.allowAnySHA1InWant", "true"),
    ]
}
