import AmphoraStore
import FoundationEssentials
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Whose repositories are opened: those that git would open.
///
/// Git refuses those of other users, whose settings might name programs to run, unless its setting `safe.directory`
/// names them.
enum GitTrust {
    /// Asks git, which knows its own exceptions and where they are written.
    @Sendable static func accepts(_ folder: String) -> Bool {
        let path = FilePath(folder)
        // Variables that name a repository would have git trust that one unseen.
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("GIT_") || name.hasPrefix("GIT_CONFIG_")
        }
        // It must not find another one around the folder.
        environment["GIT_CEILING_DIRECTORIES"] = path.removingLastComponent().string
        let git = try? ChildProcess(
            "/usr/bin/env", ["git", "-C", folder, "-c", "safe.bareRepository=all", "rev-parse", "--git-dir"],
            environment: environment, isDetached: true)
        return git?.wait() == 0
    }
}

extension Surroundings {
    /// Refuses a repository of another user's that is not trusted.
    ///
    /// - Parameter repository: Its folder.
    /// - Throws: ``StoreError/foreignOwner(_:)``.
    package func checkOwner(of repository: FilePath) throws {
        let real = try repository.resolved()
        // As git names it: of one with a working tree, that.
        let folder = real.lastComponent == ".git" ? real.removingLastComponent() : real
        guard (try? real.stat())?.userID.rawValue == geteuid() || trusts(folder.string) else {
            throw StoreError.foreignOwner(folder.displayed)
        }
    }
}
