import Amphora
import Synchronization

/// The catalogue of a store as it is at the moment of asking.
final class CurrentCatalogue: Sendable {
    private let store: Store
    private let server = "\(UInt64.random(in: 0...(.max)))"
    private let last = Mutex<(snapshot: StoreSnapshot, catalogue: Catalogue)?>(nil)

    init(_ store: Store) { self.store = store }

    /// Blocks: looks whether a ref has moved, and if so reads what has changed.
    func callAsFunction() throws -> Catalogue {
        try last.withLock { last in
            let snapshot = try store.snapshot(after: last?.snapshot)
            let known = last.flatMap { $0.snapshot.isSame(as: snapshot) ? $0.catalogue : nil }
            let catalogue = known ?? Catalogue(snapshot, server: server)
            // Even of the same the newer one: it says when damage was last looked at.
            last = (snapshot, catalogue)
            return catalogue
        }
    }
}
