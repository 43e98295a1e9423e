import Synchronization

/// The files that a static site has, and is still to get: whatever pages link to, so that no link is dead.
final class SiteMap: Sendable {
    let limits: StaticSite.Limits
    private let state = Mutex(State())

    private struct State {
        var known: Set<SiteFile> = []
        var waiting: [SiteFile] = []
    }

    init(_ limits: StaticSite.Limits) { self.limits = limits }

    /// Takes down that there has to be a file.
    func want(_ file: SiteFile) {
        state.withLock { state in
            guard state.known.insert(file).inserted else { return }
            state.waiting.append(file)
        }
    }

    /// A file that nobody writes yet.
    func next() -> SiteFile? { state.withLock { $0.waiting.popLast() } }

    var count: Int { state.withLock { $0.known.count } }
}
