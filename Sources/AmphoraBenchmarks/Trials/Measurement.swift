/// What one step of one system cost, once.
struct Measurement: Codable, Equatable {
    let workload: Workload
    /// Length of the version's files, in bytes.
    let sourceByteCount: Int
    let round: Int
    let system: String
    let step: Step
    let cost: ProcessCost
    /// Allocated blocks that a put added to the store, a push to the remote, a clone or fetch to the second store.
    let growthByteCount: Int?
    /// Files that came to it.
    var growthFileCount: Int?
    /// Bytes that went by, both ways.
    ///
    /// Counting takes time, so this measurement says nothing of that.
    var wireByteCount: Int?
}
