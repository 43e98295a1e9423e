import Amphora
import AmphoraSync
import AmphoraWeb

extension Project {
    /// The project of a store, with the store's remotes.
    init(of store: Store) throws {
        let remotes = try store.remotes(through: .ofProcess)
        self.init(name: store.projectName, remotes: remotes.map { "\($0.name) (\($0.address))" })
    }
}
