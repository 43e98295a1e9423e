import FoundationEssentials
package import SystemPackage

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
        return bytes.firstRange(of: Data(text.utf8)) != nil
    }
}
