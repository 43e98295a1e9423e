/// What a process cost, together with those that it waited for.
struct ProcessCost: Codable, Equatable {
    /// Time on the clock.
    let seconds: Double
    /// Time of all cores, in the program and in the system.
    let cpuSeconds: Double
    /// The most memory that one of the processes had; never less than this program has itself.
    let peakByteCount: Int
    /// What was asked of `read(2)` and its like; `nil` where the system does not count.
    let readByteCount: Int?
    /// What was given to `write(2)` and its like; `nil` where the system does not count.
    let writtenByteCount: Int?
}
