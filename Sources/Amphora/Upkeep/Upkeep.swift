/// Objects, and the bytes that they take in the store.
public struct Tally: Sendable, Equatable {
    public var objectCount = 0
    public var byteCount = 0

    mutating func add(_ byteCount: Int) {
        objectCount += 1
        self.byteCount += byteCount
    }
}

/// What upkeep did, or would do.
public struct Upkeep: Sendable, Equatable {
    /// Objects written into new packs.
    public var packed = Tally()
    /// Objects removed, since nothing reaches them.
    public var dropped = Tally()
    /// Objects that nothing reaches, kept because they are young or belong to a young one.
    public var recent = Tally()
    public var newPackCount = 0
    /// Packs whose objects are elsewhere now.
    public var removedPackCount = 0
    /// Loose objects that are elsewhere now, or dropped.
    public var removedLooseCount = 0
    /// Refs that have no file of their own any more.
    public var packedRefCount = 0
    /// Files and folders that writers left which were killed.
    public var leftoverCount = 0
    /// By how much the store became smaller; negative if it grew.
    public var freedByteCount = 0

    /// Whether there is nothing to do.
    public var isIdle: Bool {
        removedPackCount == 0 && removedLooseCount == 0 && packedRefCount == 0 && leftoverCount == 0
    }
}
