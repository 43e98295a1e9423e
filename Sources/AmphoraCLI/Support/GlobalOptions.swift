import Amphora
import AmphoraSync
import ArgumentParser
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Options that every command has which uses a store that is there.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store (default: the one around the current folder)", valueName: "path"))
    var store: String?

    @OptionGroup var outputOptions: OutputOptions

    var json: Bool { outputOptions.json }
    var output: Output { outputOptions.output }

    /// Opens the store that is named, or the one around the current folder.
    ///
    /// Content that is not here comes from its remotes when it is needed, unless it is to be used offline.
    func openStore(processID: Int32? = nil, isOffline: Bool = false) throws -> Store {
        var surroundings = Self.surroundings(telling: output)
        if let processID { surroundings.processID = processID }
        let opened =
            if let path = store ?? Environment["AMPHORA_STORE"] {
                try Store.open(at: path, surroundings: surroundings)
            } else {
                try Store.open(discoveringFrom: ".", surroundings: surroundings)
            }
        Self.openStores.withLock { $0.append(opened) }
        let remotes = try opened.remotes(through: .ofProcess)
        if !remotes.isEmpty {
            opened.contentSource = ShownContent(
                remotes: RemoteContent(remotes, isOffline: isOffline), output: output)
        }
        return opened
    }

    /// What is never closed: the process ends anyway, and closing a store tidies its index up first.
    private static let openStores = Mutex<[Store]>([])

    /// The same, and what is waited for is told.
    static func surroundings(telling output: Output) -> Surroundings {
        var surroundings = surroundings
        surroundings.onWait = { output.notice("waiting for \($0)") }
        return surroundings
    }

    /// What the environment says of identity and time, by the variables that git reads.
    static var surroundings: Surroundings {
        var surroundings = Surroundings()
        if let name = Environment["GIT_AUTHOR_NAME"], let email = Environment["GIT_AUTHOR_EMAIL"] {
            surroundings.author = (name, email)
        }
        if let text = Environment["GIT_AUTHOR_DATE"], let date = Timestamp.date(text) {
            surroundings.now = { date }
        }
        return surroundings
    }

    /// A bar on standard error while `body` works, if that is a terminal; Ctrl-C leaves nothing behind.
    func withProgress<Result>(_ body: (@escaping Progress.Handler) throws -> Result) rethrows -> Result {
        try output.withProgress(body)
    }
}

/// The process's environment: read here and nowhere below.
enum Environment {
    static subscript(name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
