import AmphoraStore
import FoundationEssentials
import SystemPackage

extension String {
    /// This path from the root, since programs are started in other folders.
    var absolutePath: String {
        FilePath(self).absolute(in: FilePath(FileManager.default.currentDirectoryPath)).string
    }
}
