import ArgumentParser
import FoundationEssentials

/// Files to put and get, in two versions: folders `v1` and `v2` in one named after the workload.
enum Workload: String, CaseIterable, Codable, ExpressibleByArgument {
    /// A checkpoint: one file that hardly compresses.
    case weights
    /// A folder of images: many small files.
    case small
    /// A dataset: one table that compresses.
    case table

    /// What the files are, for the report.
    var explanation: String {
        switch self {
        case .weights:
            "one file of float32 noise; v2 has ten edits of 4 KiB and 100 bytes inserted near the front"
        case .small: "files of 1 to 8 KiB in 100 folders; in v2, 1 % are changed and 1 % are new"
        case .table: "one CSV file of numbers and words; in v2, 100 rows are edited and 1 % are appended"
        }
    }

    /// Makes both versions; they appear at once, by a rename.
    ///
    /// - Parameters:
    ///   - folder: The folder of all workloads.
    ///   - size: How large.
    ///   - seed: The same seed makes the same bytes.
    /// - Returns: `false` if the workload is there already, whatever its size.
    /// - Throws: What the file system reports.
    func make(in folder: String, size: WorkloadSize, seed: UInt64) throws -> Bool {
        let final = "\(folder)/\(rawValue)"
        let partial = "\(folder)/.making-\(rawValue)"
        let files = FileManager.default
        guard !files.fileExists(atPath: final) else { return false }
        if files.fileExists(atPath: partial) { try files.removeItem(atPath: partial) }
        for version in ["v1", "v2"] {
            try files.createDirectory(atPath: "\(partial)/\(version)", withIntermediateDirectories: true)
        }
        switch self {
        case .weights: try WeightsWorkload(byteCount: size.weightsByteCount, seed: seed).make(in: partial)
        case .small: try SmallWorkload(fileCount: size.smallFileCount, seed: seed).make(in: partial)
        case .table: try TableWorkload(byteCount: size.tableByteCount, seed: seed).make(in: partial)
        }
        try files.moveItem(atPath: partial, toPath: final)
        return true
    }
}
