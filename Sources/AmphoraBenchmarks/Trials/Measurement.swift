/// What one step of one system cost, once.
struct Measurement: Codable, Equatable {
    let workload: Workload
    /// Length of the version's files, in bytes.
    let sourceByteCount: Int
    let round: Int
    let system: String
    let step: Step
    let cost: ProcessCost
    /// Allocated blocks that a put added to the store.
    let growthByteCount: Int?
}
