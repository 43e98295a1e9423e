import AmphoraObjects

/// Some files of one folder, for which the folder is opened once.
struct FolderBatch: Sendable {
    /// From the root of the version; empty for the root.
    let folder: [UInt8]
    /// Positions in the list of all files.
    private(set) var files: [Int] = []
    /// Length of the chunked files among them; that of blobs is not known, and small.
    private var byteCount = 0

    private static let mostFiles = 64
    private static let mostBytes = 8 << 20

    private var isFull: Bool { files.count >= Self.mostFiles || byteCount >= Self.mostBytes }

    /// Groups files by their folders, keeping their order as far as that goes.
    static func batches(of indices: some Sequence<Int>, in all: [TreeFile]) -> [FolderBatch] {
        var batches: [FolderBatch] = []
        var open: [ArraySlice<UInt8>: Int] = [:]
        for index in indices {
            let file = all[index]
            let folder = file.path.folder
            var position = open[folder]
            if position.map({ batches[$0].isFull }) ?? true {
                position = batches.count
                open[folder] = position
                batches.append(FolderBatch(folder: Array(folder)))
            }
            guard let position else { continue }
            batches[position].files.append(index)
            if case .chunked(_, let marker) = file.content { batches[position].byteCount += marker.byteCount }
        }
        return batches
    }

    private init(folder: [UInt8]) { self.folder = folder }
}

extension ArtifactPath {
    /// The folder's path, empty for the root.
    var folder: ArraySlice<UInt8> {
        bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[..<$0] } ?? []
    }

    /// The last component.
    var name: ArraySlice<UInt8> {
        bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes[...]
    }
}
