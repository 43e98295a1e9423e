import FoundationEssentials

/// A workload that has been made.
struct WorkloadFiles {
    let workload: Workload
    let fileCount: Int
    private let path: String
    private let byteCounts: [Int]

    /// Finds a workload and reads it once, so that it is in memory for the first system as for the last.
    ///
    /// - Parameters:
    ///   - workload: Which.
    ///   - folder: The folder of all workloads.
    /// - Throws: ``Failure`` if it is not there.
    init(_ workload: Workload, in folder: String) throws {
        let path = "\(folder)/\(workload.rawValue)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure("\(path) is not there: `amphora-bench make \(folder)` makes it")
        }
        let shell = Shell(folder: path, variables: [:])
        func count(_ script: String) throws -> Int {
            let words = try shell.run(script).output.split { $0.isWhitespace }
            return words.first.flatMap { Int($0) } ?? 0
        }
        self.workload = workload
        self.path = path
        fileCount = try count("find v1 -type f | wc -l")
        byteCounts = try (1...2).map { try count("find v\($0) -type f -exec cat {} + | wc -c") }
    }

    func folder(of version: Int) -> String { "\(path)/v\(version)" }

    /// The sum of the files' lengths.
    func byteCount(of version: Int) -> Int { byteCounts[version - 1] }
}
