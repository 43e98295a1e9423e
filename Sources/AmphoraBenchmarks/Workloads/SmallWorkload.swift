import AmphoraStore
import FoundationEssentials
import SystemPackage

/// Many small files that do not compress, like a folder of images.
struct SmallWorkload {
    private static let folderCount = 100
    private static let changedByteCount = 4096

    let fileCount: Int
    let seed: UInt64

    func make(in folder: String) throws {
        for version in ["v1", "v2"] {
            for index in 0..<Self.folderCount {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(version)/\(Self.folderName(index))",
                    withIntermediateDirectories: true)
            }
        }
        let changed = changedFiles()
        try Parallel.forEach(fileCount) { index in
            var random = RandomStream(seed: seed, index: index)
            let bytes = random.bytes(1024 + random.below(7 * 1024))
            let name = "\(Self.folderName(index))/\(Self.numbered("img", index, digits: 6)).bin"
            try write(bytes, "\(folder)/v1/\(name)")
            let newer = changed.contains(index) ? random.bytes(Self.changedByteCount) : bytes
            try write(newer, "\(folder)/v2/\(name)")
        }
        for index in 0..<(fileCount / 100) {
            var random = RandomStream(seed: seed, index: fileCount + index)
            let name = "\(Self.folderName(0))/\(Self.numbered("new", index, digits: 6)).bin"
            try write(random.bytes(Self.changedByteCount), "\(folder)/v2/\(name)")
        }
    }

    /// One file in a hundred.
    private func changedFiles() -> Set<Int> {
        var random = RandomStream(seed: seed, index: -1)
        var chosen: Set<Int> = []
        while chosen.count < fileCount / 100 { chosen.insert(random.below(fileCount)) }
        return chosen
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        _ = try FileDescriptor.writing(path) { try $0.writeAll(bytes) }
    }

    private static func folderName(_ index: Int) -> String {
        numbered("class", index % folderCount, digits: 3)
    }

    private static func numbered(_ prefix: String, _ number: Int, digits: Int) -> String {
        let text = String(number)
        return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
