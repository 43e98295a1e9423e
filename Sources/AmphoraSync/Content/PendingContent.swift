import Amphora
import AmphoraGit
public import AmphoraObjects

/// Files of a version or a run that are not here.
public struct PendingContent: Sendable, Hashable {
    /// `mnist-raw:v3` or `run 3k9x2m1a`.
    public let name: String
    /// About how long they are together; `nil` if nobody knows.
    public let byteCount: Int?

    /// As a JSON object: `name` and `bytes`.
    public var json: JSONValue {
        ["name": .string(name), "bytes": byteCount.map { .int(Int64($0)) } ?? .null]
    }
}

extension Remote {
    /// What content would have to come after a pull.
    ///
    /// - Parameters:
    ///   - references: Versions, as they are called then; `nil`: all, and all runs.
    ///   - report: The pull, which may have been a trial.
    /// - Returns: That of which something is missing.
    /// - Throws: ``NotInStore`` for what will not be there either.
    public func pendingContent(
        of references: [VersionReference]? = nil, after report: PullReport
    ) throws -> [PendingContent] {
        let needs =
            try references?.map { ContentNeed(try version($0, in: report.refs)) }
            ?? report.refs.sorted { $0.key < $1.key }.compactMap { try need($0, CommitID($1)) }
        return try store.pool.with { repository in
            try needs.compactMap { need in
                let survey = try ContentSurvey([need], in: repository)
                guard !survey.isComplete else { return nil }
                return PendingContent(
                    name: need.owner.name,
                    byteCount: survey.missingTrees.isEmpty ? survey.byteCount : need.size?.byteCount)
            }
        }
    }

    private func version(_ reference: VersionReference, in refs: [RefName: ObjectID]) throws -> Version {
        let artifact = reference.artifact
        let name: VersionName?
        switch reference.selector {
        case .number(let number): name = VersionName(artifact, number)
        case .alias(let alias):
            let target = refs[.alias(alias, of: artifact)]
            name = refs.filter { $0.value == target }.compactMap(\.key.version)
                .filter { $0.artifact == artifact }.max()
        }
        guard let name, let target = refs[.version(name)] else { return try store.version(reference) }
        return try store.version(name, at: CommitID(target))
    }

    private func need(_ ref: RefName, _ commitID: CommitID) throws -> ContentNeed? {
        if let run = ref.run {
            let treeID = try store.pool.with { try $0.commit(commitID).treeID }
            return ContentNeed(run, commitID, treeID, paths: [], .content)
        }
        // What is deleted or damaged needs nothing.
        return ref.version.flatMap { try? store.version($0, at: commitID) }.map { ContentNeed($0) }
    }
}

extension ContentNeed.Owner {
    fileprivate var name: String {
        switch self {
        case .version(let name): "\(name)"
        case .run(let id): "run \(id)"
        }
    }
}
