import Synchronization

/// What takes long to work out and is asked for again; of more than a few the one that was asked for longest ago goes.
///
/// Each is worked out once at a time, so that many who ask at once cost no more than one.
final class Kept<Key: Equatable & Sendable, Value: Sendable>: Sendable {
    private let known = Mutex<[(key: Key, place: Place)]>([])
    private let limit: Int

    /// Where a value is, or is going to be.
    private final class Place: Sendable {
        let value = Mutex<Value?>(nil)
    }

    init(limit: Int) { self.limit = limit }

    /// The value of a key; blocks while it is worked out.
    ///
    /// - Parameters:
    ///   - key: What it depends on, all of it.
    ///   - isLasting: Whether a value may be kept.
    ///   - find: Works it out.
    /// - Returns: The value.
    /// - Throws: What `find` throws.
    func callAsFunction(
        _ key: Key, if isLasting: (Value) -> Bool = { _ in true }, _ find: () throws -> Value
    ) rethrows -> Value {
        try place(of: key).value.withLock { kept in
            if let kept { return kept }
            let value = try find()
            if isLasting(value) { kept = value }
            return value
        }
    }

    private func place(of key: Key) -> Place {
        known.withLock { known in
            let index = known.firstIndex { $0.key == key }
            let place = index.map { known.remove(at: $0).place } ?? Place()
            known.append((key, place))
            if known.count > limit { known.removeFirst() }
            return place
        }
    }
}
