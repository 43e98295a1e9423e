import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

/// Reaches a remote by the program `git`.
final class GitTransport: Transport {
    let store: Store
    /// As the store's configuration names the remote.
    let name: String
    let settings: TransferSettings
    /// So many bytes are sent at once, if the host lets a push be cut.
    let stageByteCount: Int
    private let program: GitProgram
    private let patience: Duration
    private let secrets: RemoteSecrets
    /// Where the remote is, if that is on this machine.
    private let folder: FilePath?
    /// What the remote had when it was last asked.
    var known: RemoteReferences?

    /// Looks for git; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - url: The remote's address.
    ///   - name: As the store's configuration names it.
    ///   - store: Whose remote it is.
    ///   - network: The user's environment.
    ///   - stageByteCount: So many bytes are sent at once.
    /// - Throws: ``GitUnusable``, `InvalidSetting`.
    init(
        to url: String, named name: String, for store: Store, through network: Network,
        stageByteCount: Int = 256 << 20
    ) throws {
        self.store = store
        self.name = name
        self.stageByteCount = stageByteCount
        secrets = RemoteSecrets(url)
        folder = RemoteAddress.url(url).folderOfURL
        // As with a plain path, a project stands for the store in it; git does not know that.
        let isProject = folder?.appending(StoreLayout.folderName).isStore == true
        patience = try Self.patience(of: store)
        program = try GitProgram(network)
        let listing = try program.run([
            "config", "--file", store.layout.repository.appending("config").string, "--includes", "--null",
            "--list",
        ])
        settings = TransferSettings(
            url: isProject ? "\(url)/\(StoreLayout.folderName)" : url, named: name, listing: listing.output)
    }

    private static func patience(of store: Store) throws -> Duration {
        let key = "amphora.stallTimeout"
        guard let text = try store.pool.with({ try $0.configuration(key) }) else { return .seconds(60) }
        guard let seconds = Int(text), (1...86_400).contains(seconds) else {
            throw InvalidSetting(key: key, value: text, allowed: "a number of seconds, from 1 to 86400")
        }
        return .seconds(seconds)
    }

    /// Runs git in a transfer repository.
    func run(
        _ arguments: [String], in repository: TransferRepository, input: FilePath = "/dev/null",
        onProgress: (GitProgress) -> Void = { _ in }
    ) throws -> GitProgram.Result {
        try program.run(
            repository.arguments + arguments, input: input, patience: patience, onProgress: onProgress)
    }

    /// What a failure of git means.
    func failure(_ result: GitProgram.Result, isPush: Bool = false) -> any UserFacingError {
        let reason = GitFailureReason(result.messages, isPush: isPush)
        // Git says that there is none where it may not look.
        if reason == .noRepository, let denial = folder?.denial { return denial }
        return GitFailure(
            address: secrets.address, reason: reason, messages: result.messages.map(secrets.hidden))
    }

    func references() throws -> RemoteReferences {
        let repository = try TransferRepository(in: store, settings)
        let result = try run(["ls-remote", "--quiet", "--symref", TransferSettings.remote], in: repository)
        guard result.status == 0 else { throw failure(result) }
        let references = try GitReferences(decoding: result.output).references
        known = references
        return references
    }
}
