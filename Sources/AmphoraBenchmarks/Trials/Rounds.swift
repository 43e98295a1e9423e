/// Takes several systems through a workload, round by round, so that all see the same minutes.
struct Rounds {
    let count: Int
    let systems: [System]
    /// Room for the folder of one system at a time.
    let scratch: String
    /// What scripts may refer to.
    let variables: [String: String]
    let results: ResultFile

    /// Measures, and tells of it.
    ///
    /// - Parameter files: The workload.
    /// - Throws: ``Failure`` if the system fails that all is about; another one only loses its results.
    func run(_ files: WorkloadFiles) throws {
        Console.write("\(files.workload): \(files.fileCount) files, \(files.byteCount(of: 1)) bytes\n")
        for round in 1...count {
            // Nobody comes always after the same one, whose deleted files may still keep the disk busy.
            let first = (round - 1) % max(1, systems.count)
            for system in systems[first...] + systems[..<first] {
                Console.write("\(files.workload), round \(round) of \(count), \(system.name):")
                let trial = Trial(
                    system: system, files: files, round: round, scratch: "\(scratch)/\(system.name)",
                    variables: variables)
                do {
                    try trial.run { measurement in
                        try results.append(measurement)
                        Console.write(" \(measurement.step.rawValue) \(measurement.cost.seconds.text) s,")
                    }
                    Console.write(" done\n")
                } catch {
                    Console.write(" failed\n\(error)\n")
                    if system.role == .subject { throw error }
                }
            }
        }
    }
}
