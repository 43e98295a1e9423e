import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One system with one workload, from an empty store to its removal.
struct Trial {
    let system: System
    let files: WorkloadFiles
    let round: Int
    /// Made for the trial and removed after it.
    let scratch: String
    let variables: [String: String]

    private var shell: Shell {
        Shell(folder: scratch, variables: variables.merging(system.variables) { $1 })
    }

    /// Takes all steps that the system has.
    ///
    /// - Parameter report: Gets each measurement when it is made.
    /// - Throws: ``Failure`` if a step fails or what was got is not what was put.
    func run(_ report: (Measurement) throws -> Void) throws {
        try remove()
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { try? remove() }
        try shell.run(system.prepare)
        for step in Step.allCases {
            if step.isRepetition, !system.hasAgain { continue }
            if let measurement = try take(step) { try report(measurement) }
        }
    }

    private func take(_ step: Step) throws -> Measurement? {
        guard let script = step.isPut ? system.put : system.get else { return nil }
        let variables = [
            "SOURCE": files.folder(of: step.version), "VERSION": "\(step.version)",
            "ATTEMPT": step.isRepetition ? "2" : "1",
        ]
        if !step.isRepetition { try shell.run(step.isPut ? system.place : system.clear, variables) }
        let before = try step.isPut ? storeByteCount() : 0
        sync()
        let outcome = try shell.run(script, variables)
        if !step.isPut {
            // A fast way to a wrong result is worth nothing.
            try shell.run(#"exec diff -rq "$SOURCE" "\#(system.result)""#, variables)
        }
        return Measurement(
            workload: files.workload, sourceByteCount: files.byteCount(of: step.version), round: round,
            system: system.name, step: step, cost: outcome.cost,
            growthByteCount: step.isPut ? try storeByteCount() - before : nil)
    }

    /// Allocated blocks; a file with two names counts once.
    private func storeByteCount() throws -> Int {
        let lines = try shell.run("exec du -sk \(system.store)").output.split(separator: "\n")
        return try lines.reduce(0) { sum, line in
            guard let count = line.split(separator: "\t").first.flatMap({ Int($0) }) else {
                throw Failure("cannot read what du says: \(line)")
            }
            return sum + count << 10
        }
    }

    private func remove() throws {
        guard FileManager.default.fileExists(atPath: scratch) else { return }
        let folder = FileManager.default.temporaryDirectory.path
        try Shell(folder: folder, variables: ["SCRATCH": scratch]).run(
            #"chmod -R u+w "$SCRATCH" && rm -rf "$SCRATCH""#)
    }
}
