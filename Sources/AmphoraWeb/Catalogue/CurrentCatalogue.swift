import Amphora
import Synchronization

/// The catalogue of a store as it is at the moment of asking.
final class CurrentCatalogue: Sendable {
    private let store: Store
    private let last = Mutex<Catalogue?>(nil)

    init(_ store: Store) { self.store = store }

    /// Blocks: looks whether a ref has moved, and if so reads what has changed.
    func callAsFunction() throws -> Catalogue {
        try last.withLock { last in
            let snapshot = try store.snapshot(after: last?.snapshot)
            if let last, last.snapshot.isSame(as: snapshot) { return last }
            let catalogue = Catalogue(snapshot)
            last = catalogue
            return catalogue
        }
    }
}
