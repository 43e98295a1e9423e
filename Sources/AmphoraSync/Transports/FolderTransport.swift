import Amphora
import AmphoraGit
import AmphoraObjects

/// Reaches a repository on this machine, in process.
final class FolderTransport: Transport {
    init(to path: String, for store: Store) throws {}
    func references() throws -> RemoteReferences { fatalError() }
    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize { fatalError() }
    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) { fatalError() }
}
