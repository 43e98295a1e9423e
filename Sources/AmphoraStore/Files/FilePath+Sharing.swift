package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What is new in a repository that several users write to: git's `core.sharedRepository`.
///
/// Git asks the setting; here it is seen by the folder around, which git has opened to them.
extension FilePath {
    /// Makes the folder and its parents, each with the rights of the one around it if others may write to that.
    package func makeSharedFolders() throws(FileError) {
        guard !isThere else { return try makeFolders() }
        try removingLastComponent().makeSharedFolders()
        try makeFolders()
        share()
    }

    /// Gives those rights to a new file or folder whom the folder around it gives them, if others may write to that:
    /// whatever the umask says.
    func share() {
        guard let around = try? removingLastComponent().stat().permissions, around.contains(.groupWrite),
            let status = try? stat()
        else { return }
        var shared: FilePermissions = [.groupReadWrite, .otherReadWrite]
        if status.type == .directory { shared.formUnion([.groupExecute, .otherExecute]) }
        let permissions = status.permissions.union(around.intersection(shared))
        // Whoever made it has done so already, if it is not ours.
        guard permissions != status.permissions else { return }
        _ = withPlatformString { chmod($0, permissions.rawValue) }
    }
}
