import AmphoraStore
import SystemPackage

/// A file like a checkpoint: float32 numbers, normally distributed.
struct WeightsWorkload {
    private static let blockByteCount = 4 << 20
    private static let insertionOffset = 1000
    private static let insertionCount = 100
    private static let editCount = 10
    private static let editByteCount = 4096

    let byteCount: Int
    let seed: UInt64

    func make(in folder: String) throws {
        try FileDescriptor.writing("\(folder)/v1/model.safetensors") { first in
            try FileDescriptor.writing("\(folder)/v2/model.safetensors") { second in
                try Parallel.forEach(byteCount / Self.blockByteCount) { block in
                    var random = RandomStream(seed: seed, index: block)
                    let bytes = random.normalFloats(Self.blockByteCount / 4)
                    let offset = Int64(block * Self.blockByteCount)
                    try first.writeAll(toAbsoluteOffset: offset, bytes)
                    try second.writeAll(toAbsoluteOffset: offset + Int64(Self.insertionCount), bytes)
                    guard block == 0 else { return }
                    try second.writeAll(toAbsoluteOffset: 0, bytes.prefix(Self.insertionOffset))
                }
                try edit(second)
            }
        }
    }

    private func edit(_ file: FileDescriptor) throws {
        var random = RandomStream(seed: seed, index: -1)
        try file.writeAll(
            toAbsoluteOffset: Int64(Self.insertionOffset), random.bytes(Self.insertionCount))
        let start = Self.insertionOffset + Self.insertionCount
        // One in each part of the file, so that none lies on another.
        let part = (byteCount - Self.insertionOffset) / Self.editCount
        for index in 0..<Self.editCount {
            let offset = start + index * part + random.below(part - Self.editByteCount)
            try file.writeAll(toAbsoluteOffset: Int64(offset), random.bytes(Self.editByteCount))
        }
    }
}
