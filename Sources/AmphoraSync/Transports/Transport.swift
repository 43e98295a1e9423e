package import AmphoraGit
package import AmphoraObjects

/// What a remote has: its refs as far as they are a store's.
package struct RemoteReferences: Sendable {
    /// Versions, aliases, runs, and `refs/amphora/…`, whose names were checked.
    package var targets: [RefName: ObjectID]
    /// The branch that `HEAD` names.
    package var head: RefName?
    /// Refs that are named like a store's and hold something that no store has, such as tags with messages.
    package var foreign: Set<RefName> = []
    /// Refs of a store that are malformed, or point at an object that is not there, and why.
    package var unreadable: [RefName: any Error] = [:]
    /// Whether there are refs of another kind, as in a repository of code.
    package var hasOthers: Bool

    package init(targets: [RefName: ObjectID], head: RefName? = nil, hasOthers: Bool = false) {
        self.targets = targets
        self.head = head
        self.hasOthers = hasOthers
    }

    /// Whether somebody made it a store.
    package var isStore: Bool { targets[.root] != nil }
    /// Whether nobody has put anything in it, but for what an interrupted push has left.
    package var isEmpty: Bool {
        !hasOthers && targets.keys.allSatisfy { $0.rawValue.hasPrefix(RefName.staging) }
    }
}

/// Objects to be brought from a remote.
package enum ObjectRequest: Sendable {
    /// These commits alone, without trees.
    case commits([ObjectID])
    /// These commits of runs, those before them down to what is here, their trees, and their blobs up to 64 KiB.
    ///
    /// `known`: older commits of the same runs that are here.
    case runs([ObjectID], known: [ObjectID])
    /// These trees and all trees below them, without blobs.
    case trees([ObjectID])
    /// These trees with all below them, and these blobs: all of it is content that is missing here.
    case content(trees: [ObjectID], blobs: [ObjectID])
}

/// What became of a ref in a push.
package enum PushOutcome: Sendable, Equatable {
    case done
    /// It no longer held what was expected: somebody was faster.
    case stale
    /// The host refused, and says why.
    case refused(String)
}

/// How much a transfer moved.
public struct TransferSize: Sendable, Equatable {
    public var objectCount = 0
    /// Bytes of packs, compressed as they travel.
    public var byteCount = 0

    package init(objectCount: Int = 0, byteCount: Int = 0) {
        self.objectCount = objectCount
        self.byteCount = byteCount
    }

    package static func += (sum: inout TransferSize, other: TransferSize) {
        sum.objectCount += other.objectCount
        sum.byteCount += other.byteCount
    }
}

/// The way to another store: how objects and refs get there and back.
///
/// Used by one thread at a time. What it brings has been checked, and is durable when a call returns; what is
/// interrupted leaves both sides valid.
package protocol Transport: AnyObject {
    /// The refs that the remote has now.
    ///
    /// - Throws: If it cannot be reached, or its refs have names that git forbids.
    func references() throws -> RemoteReferences

    /// Brings objects into the store, at most what is asked for and what a server without filters adds.
    ///
    /// - Parameters:
    ///   - request: What; of the remote's objects. What is here may be brought again.
    ///   - progress: Told of bytes received.
    /// - Returns: What was received.
    /// - Throws: ``NotOnRemote`` for what the remote does not have; if what came is damaged or hostile.
    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize

    /// Looks whether all objects that new targets need are here or at the remote; sends nothing.
    ///
    /// - Throws: What ``push(_:progress:)`` throws if they are not.
    func checkContent(of changes: [RefChange]) throws

    /// Sends all objects that new targets need and the remote lacks, then moves its refs.
    ///
    /// All refs or none where the remote can do that, else in the order given, ending at the first failure.
    ///
    /// - Parameters:
    ///   - changes: In the order in which they make sense one after another. Without any, only what an interrupted push
    ///     has left is removed.
    ///   - progress: Told of bytes sent.
    /// - Returns: What became of each ref, and what was sent.
    /// - Throws: If nothing can be said of the refs. Then the next push goes on with what is still missing.
    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize)
}

/// Objects that were asked for and that the remote does not have.
package struct NotOnRemote: UserFacingError {
    package let ids: [ObjectID]
    package init(ids: [ObjectID]) { self.ids = ids }
    package var code: ErrorCode { .notFound }
    package var message: String {
        ids.count == 1
            ? "the remote does not have the object \(ids[0])" : "the remote lacks \(ids.count) objects"
    }
}
