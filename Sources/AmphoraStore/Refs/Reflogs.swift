package import AmphoraObjects
package import SystemPackage

/// The logs that git keeps of where refs pointed before.
package struct Reflogs {
    private let folder: FilePath

    /// - Parameter folder: The repository's.
    package init(in folder: FilePath) { self.folder = folder }

    private struct Line {
        let bytes: ArraySlice<UInt8>
        let ids: [ObjectID]
        /// In seconds since 1970; `nil` if the line is malformed.
        let time: Int?

        init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            let words = bytes.split(separator: UInt8(ascii: " "), maxSplits: 2)
            ids = words.prefix(2).compactMap { try? ObjectID(hex: String(decoding: $0, as: UTF8.self)) }
                .filter { $0 != .zero }
            let rest = bytes.lastIndex(of: UInt8(ascii: ">")).map { bytes[($0 + 1)...] } ?? []
            time = rest.split(separator: UInt8(ascii: " ")).first.flatMap {
                Int(String(decoding: $0, as: UTF8.self))
            }
        }
    }

    /// The objects that refs pointed at since then, in seconds since 1970.
    package func ids(since start: Int) throws -> [ObjectID] {
        try names().flatMap { name in
            try lines(of: name).filter { line in
                Self.isForEver(name) || line.time.map { $0 >= start } ?? true
            }.flatMap(\.ids)
        }
    }

    /// Takes out lines from before a time, in seconds since 1970, that name an object which is to go.
    package func expire(before end: Int, keeping isKept: (ObjectID) -> Bool) throws {
        func isWanted(_ line: Line) -> Bool {
            line.time.map { $0 >= end } ?? true || line.ids.allSatisfy(isKept)
        }
        for name in try names()
        where try !Self.isForEver(name) && !lines(of: name).allSatisfy(isWanted) {
            let ref = folder.appending(bytes: name)
            try ref.removingLastComponent().makeSharedFolders()
            let lock = try LockFile.waiting(for: ref, in: folder)
            let log = try LockFile.waiting(for: path(of: name), in: folder)
            try withExtendedLifetime(lock) {
                let wanted = try lines(of: name).filter(isWanted).flatMap { $0.bytes + [UInt8(ascii: "\n")] }
                try log.replace(with: wanted)
                path(of: name).share()
            }
        }
    }

    /// What git has stashed is nowhere but in the log.
    private static func isForEver(_ name: [UInt8]) -> Bool { name.elementsEqual("refs/stash".utf8) }

    private func names() throws -> [[UInt8]] {
        try folder.appending("logs").filesBelow().filter { !$0.suffix(5).elementsEqual(".lock".utf8) }
    }

    func path(of name: [UInt8]) -> FilePath { folder.appending("logs").appending(bytes: name) }

    private func lines(of name: [UInt8]) throws -> [Line] {
        try path(of: name).readAll().split(separator: UInt8(ascii: "\n")).map { Line($0) }
    }
}
