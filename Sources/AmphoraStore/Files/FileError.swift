package import AmphoraObjects
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A system call on a file that failed.
package struct FileError: UserFacingError, Equatable {
    let action: String
    let path: FilePath
    package let errno: Errno

    /// - Parameters:
    ///   - action: What was tried, as it follows "cannot": `read`, `write`, `make the folder`.
    ///   - path: On what.
    ///   - error: Why not; anything but an `Errno` counts as an I/O error.
    package init(_ action: String, _ path: FilePath, _ error: any Error) {
        self.action = action
        self.path = path
        errno = error as? Errno ?? .ioError
    }

    /// Takes the value of `errno`.
    package init(_ action: String, _ path: FilePath, _ number: CInt) {
        self.init(action, path, Errno(rawValue: number))
    }

    package var code: ErrorCode {
        switch errno {
        case .noSuchFileOrDirectory: .notFound
        case .fileExists: .alreadyExists
        case .notDirectory, .isDirectory, .directoryNotEmpty, .tooManySymbolicLinkLevels: .conflict
        default: .unavailable
        }
    }

    package var message: String { "cannot \(action) '\(path.displayed)': \(reason)" }

    private var reason: String { String(describing: errno) }

    package var hint: String? {
        switch errno {
        case .noSpace: "Free some space; nothing that was stored before is affected."
        case .permissionDenied, .notPermitted: "Check who owns it and its permissions with `ls -ld`."
        case .noSuchFileOrDirectory where action == "read" || action == "look at":
            "Check the path and the current folder."
        case .isDirectory, .directoryNotEmpty:
            "There is a folder of that name: move it away, or choose another place."
        case .notDirectory:
            "There is a file or a link where a folder belongs: move it away, or choose another place."
        default: nil
        }
    }
}

extension FilePath {
    /// The path for messages: bytes that are not UTF-8 as `\xff`.
    package var displayed: String { displayPath(bytes) }

    /// The path's bytes, without the NUL at the end.
    package var bytes: [UInt8] {
        withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }

    /// - Parameter bytes: Without NUL.
    package init(bytes: some Collection<UInt8>) {
        self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { buffer in
            buffer[buffer.initialize(fromContentsOf: bytes)] = 0
            return buffer.withMemoryRebound(to: CInterop.PlatformChar.self) { buffer in
                buffer.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
            }
        }
    }
}
