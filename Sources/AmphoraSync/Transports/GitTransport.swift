import Amphora
import AmphoraGit
import AmphoraObjects

/// Reaches a remote by the program `git`.
final class GitTransport: Transport {
    init(to url: String, named name: String, for store: Store, through network: Network) throws {}
    func references() throws -> RemoteReferences { fatalError() }
    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize { fatalError() }
    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) { fatalError() }
}
