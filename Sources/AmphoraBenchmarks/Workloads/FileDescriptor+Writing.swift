import SystemPackage

extension FileDescriptor {
    /// Makes a file and lends it.
    static func writing<Result>(_ path: String, _ body: (FileDescriptor) throws -> Result) throws -> Result {
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        return try file.closeAfter { try body(file) }
    }
}
