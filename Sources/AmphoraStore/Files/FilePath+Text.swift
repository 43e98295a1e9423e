import FoundationEssentials
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FilePath {
    /// Writes a small file.
    package func write(_ text: String) throws {
        do {
            let descriptor = try FileDescriptor.open(
                self, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            _ = try descriptor.closeAfter { try descriptor.writeAll(text.utf8) }
        } catch {
            throw FileError("write", self, error)
        }
    }

    /// Whether the file is there and contains the text.
    package func containsText(_ text: String) throws -> Bool {
        guard let bytes = FileManager.default.contents(atPath: string) else { return false }
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return true }
        return bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while rest.count >= wanted.count, let start = memchr(rest.start, CInt(first), rest.count) {
                rest = bytes[(UnsafeRawPointer(start) - rest.start + rest.startIndex)...]
                if rest.starts(with: wanted) { return true }
                rest.removeFirst()
            }
            return false
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// - Precondition: It is not empty.
    fileprivate var start: UnsafeRawPointer {
        guard let start = UnsafeRawBufferPointer(rebasing: self).baseAddress else {
            preconditionFailure("there is a first byte")
        }
        return start
    }
}
