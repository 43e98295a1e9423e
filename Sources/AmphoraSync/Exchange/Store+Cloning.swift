public import Amphora
public import AmphoraObjects
import AmphoraStore
import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Store {
    /// Makes a store that has all versions and runs of another one, and content when it is needed.
    ///
    /// A clone that was interrupted is gone on with when it is begun again.
    ///
    /// - Parameters:
    ///   - address: Where the other is; a relative folder is taken from the current one.
    ///   - path: The project's folder, or for a bare store its own. Made if it is missing.
    ///   - isBare: Whether the folder itself becomes the repository.
    ///   - surroundings: Time, identity and process.
    ///   - network: What git gets to know when it is reached.
    ///   - progress: Told of what is received.
    /// - Returns: The store, whose remote `origin` is the other one, and what came.
    /// - Throws: ``RemoteFailure``, ``StoreError``; what was made before is gone then.
    public static func clone(
        from address: String, to path: String, isBare: Bool = false,
        surroundings: Surroundings = Surroundings(), through network: Network,
        progress: Progress.Handler? = nil
    ) throws -> (store: Store, report: PullReport) {
        let address = try RemoteAddress(address)
        if let begun = try begunClone(of: address, at: path, surroundings, network) {
            return (begun.store, try begun.pull(progress: progress))
        }
        let folder = FilePath(path).absolute(in: FilePath(surroundings.currentFolder()))
        let isNewFolder = !FileManager.default.fileExists(atPath: folder.string)
        let origin = address.absolute(in: surroundings.currentFolder())
        let store = try Store.create(at: path, isBare: isBare, surroundings: surroundings) {
            try $0.writeRemote("origin", at: origin)
        }
        do {
            return (store, try store.remote("origin", through: network).pull(progress: progress))
        } catch {
            try? Store.unmake(at: store.path)
            // Only if nothing else is in it.
            if isNewFolder { _ = folder.withPlatformString { rmdir($0) } }
            throw error
        }
    }

    /// A store that was made to be a clone of the same remote.
    private static func begunClone(
        of address: RemoteAddress, at path: String, _ surroundings: Surroundings, _ network: Network
    ) throws -> Remote? {
        guard let store = try? Store.open(at: path, surroundings: surroundings),
            let remote = try? store.remote("origin", through: network)
        else { return nil }
        return remote.address == address.absolute(in: surroundings.currentFolder()) ? remote : nil
    }
}
