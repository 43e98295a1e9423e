import Amphora
import AmphoraSync
import ArgumentParser

/// Whether a command that reads content may bring what is not here yet.
struct ContentOptions: ParsableArguments {
    @Flag(help: "Ask no remote: content that is not here yet is an error")
    var offline = false

    func openStore(_ global: GlobalOptions) throws -> Store { try global.openStore(isOffline: offline) }
}

/// Content from remotes, with a bar on the terminal while it comes and a notice of what came.
struct ShownContent: ContentSource {
    let remotes: RemoteContent
    let output: Output

    func bring(_ needs: [ContentNeed], into store: Store) throws { try fetch(needs, into: store) }

    /// Brings content, and says how much came, be it not all.
    @discardableResult
    func fetch(_ needs: [ContentNeed], into store: Store) throws -> TransferSize {
        do {
            return tell(try output.withProgress { try remotes.fetch(needs, into: store, progress: $0) })
        } catch {
            _ = tell((error as? ContentUnavailable)?.fetched ?? [])
            throw error
        }
    }

    private func tell(_ fetched: [FetchedContent]) -> TransferSize {
        for content in fetched {
            output.notice("fetched \(Format.bytes(content.size.byteCount)) from \(content.remote)")
        }
        return fetched.reduce(into: TransferSize()) { $0 += $1.size }
    }
}
