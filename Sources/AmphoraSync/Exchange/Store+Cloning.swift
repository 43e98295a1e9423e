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
    /// - Throws: ``CloneFailed``, ``StoreError``; what was made before is gone then.
    public static func clone(
        from address: String, to path: String, isBare: Bool = false,
        surroundings: Surroundings = Surroundings(), through network: Network,
        progress: Progress.Handler? = nil
    ) throws -> (store: Store, report: PullReport) {
        let address = try RemoteAddress(address)
        if let begun = try begunClone(of: address, at: path, surroundings, network) {
            do {
                return (begun.store, try begun.pull(progress: progress))
            } catch {
                throw CloneFailed(address: address, begun: begun.store.path, error)
            }
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
            throw CloneFailed(address: address, begun: nil, error)
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

/// A store that could not be cloned.
public struct CloneFailed: UserFacingError {
    let address: RemoteAddress
    /// Where an earlier try has left what had come.
    let begun: String?
    public let cause: (any Error)?

    init(address: RemoteAddress, begun: String?, _ error: any Error) {
        self.address = address
        self.begun = begun
        // That it was a pull is nobody's concern.
        cause = (error as? RemoteFailure)?.cause ?? error
    }

    public var code: ErrorCode { (cause as? any UserFacingError)?.code ?? .internal }

    public var message: String {
        begun.map { "cannot go on with the clone of '\(address)' in '\($0)'" } ?? "cannot clone '\(address)'"
    }

    public var hint: String? {
        guard code == .notFound, !(cause is NotAStore) else { return nil }
        return begun == nil
            ? "Check the address; nothing was made here." : "Check the address; nothing was lost here."
    }
}
