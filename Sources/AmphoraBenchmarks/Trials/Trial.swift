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
    /// Counts bytes instead of seconds.
    var wire: Wire?

    private var shell: Shell {
        let path = wire?.variables ?? ["WIRE": "file://"]
        return Shell(
            folder: scratch, variables: variables.merging(system.variables) { $1 }.merging(path) { $1 })
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
        if let exchange = system.exchange {
            try shell.run("mkdir remote second\n\(exchange.connect)")
        }
        try wire?.prepare()
        for step in system.steps {
            if let measurement = try take(step) { try report(measurement) }
        }
    }

    private func take(_ step: Step) throws -> Measurement? {
        guard let script = system.script(of: step) else { return nil }
        let variables = [
            "SOURCE": files.folder(of: step.version), "VERSION": "\(step.version)",
            "ATTEMPT": step.isRepetition ? "2" : "1",
        ]
        try getReady(for: step, variables)
        let before = try size(in: step)
        sync()
        let outcome = try shell.run(script, variables)
        let wireByteCount = try wire?.takeByteCount()
        let after = try size(in: step)
        try check(step, variables)
        return Measurement(
            workload: files.workload, sourceByteCount: files.byteCount(of: step.version), round: round,
            system: system.name, step: step, cost: outcome.cost,
            growthByteCount: after.map { $0.byteCount - (before?.byteCount ?? 0) },
            growthFileCount: after.map { $0.fileCount - (before?.fileCount ?? 0) },
            wireByteCount: wireByteCount)
    }

    /// Does what is not timed.
    private func getReady(for step: Step, _ variables: [String: String]) throws {
        guard !step.isRepetition else { return }
        if step.isPut || step.isPush { try shell.run(system.place, variables) }
        if step.isPush { try shell.run(system.put, variables) }
        if step == .get { try shell.run(system.clear, variables) }
    }

    /// A fast way to a wrong result is worth nothing.
    private func check(_ step: Step, _ variables: [String: String]) throws {
        if step == .fetch, let exchange = system.exchange { try shell.run(exchange.check, variables) }
        guard [.get, .getAgain, .fetch].contains(step) else { return }
        try shell.run(#"exec diff -rq "$SOURCE" "\#(system.result)""#, variables)
    }

    /// Allocated blocks and files of what grows; a file with two names counts once.
    private func size(in step: Step) throws -> (byteCount: Int, fileCount: Int)? {
        guard let folders = system.growing(in: step) else { return nil }
        let sizes = try numbers(of: "exec du -sk \(folders)")
        return (sizes.reduce(0, +) << 10, try numbers(of: "find \(folders) -type f | wc -l")[0])
    }

    /// The first number of each line.
    private func numbers(of script: String) throws -> [Int] {
        try shell.run(script).output.split(separator: "\n").map { line in
            guard let count = line.split(whereSeparator: \.isWhitespace).first.flatMap({ Int($0) }) else {
                throw Failure("\(script): no number in '\(line)'")
            }
            return count
        }
    }

    private func remove() throws {
        guard FileManager.default.fileExists(atPath: scratch) else { return }
        let folder = FileManager.default.temporaryDirectory.path
        try Shell(folder: folder, variables: ["SCRATCH": scratch]).run(
            #"chmod -R u+w "$SCRATCH" && rm -rf "$SCRATCH""#)
    }
}
