import Synchronization

/// What takes long to work out and is asked for again; of more than a few the one that was asked for longest ago goes.
///
/// One is worked out at a time, so that many who ask at once cost no more than one.
final class Kept<Key: Equatable & Sendable, Value: Sendable>: Sendable {
    private let known = Mutex<[(key: Key, value: Value)]>([])
    private let limit: Int

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
        try known.withLock { known in
            if let index = known.firstIndex(where: { $0.key == key }) {
                let old = known.remove(at: index)
                known.append(old)
                return old.value
            }
            let value = try find()
            if isLasting(value) {
                known.append((key, value))
                if known.count > limit { known.removeFirst() }
            }
            return value
        }
    }
}
