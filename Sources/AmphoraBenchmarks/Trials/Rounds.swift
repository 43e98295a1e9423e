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
                let folder = "\(scratch)/\(system.name)"
                var trial = Trial(
                    system: system, files: files, round: round, scratch: folder, variables: variables)
                if round == 1, system.exchange?.hasWire == true {
                    trial.wire = Wire(folder: "\(folder)/wire")
                    try run(trial)
                    trial.wire = nil
                }
                try run(trial)
            }
        }
    }

    private func run(_ trial: Trial) throws {
        let (system, workload) = (trial.system, trial.files.workload)
        Console.write("\(workload), round \(trial.round) of \(count), \(system.name):")
        do {
            try trial.run { measurement in
                try results.append(measurement)
                let value = measurement.wireByteCount.map { "\($0) bytes" }
                Console.write(
                    " \(measurement.step.rawValue) \(value ?? "\(measurement.cost.seconds.text) s"),")
            }
            Console.write(" done\n")
        } catch {
            Console.write(" failed\n\(error)\n")
            if system.role == .subject { throw error }
        }
    }
}
