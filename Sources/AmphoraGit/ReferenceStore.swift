package import AmphoraObjects
import CLibgit2
import FoundationEssentials

/// What a ref must hold for an update to go through.
package enum ExpectedTarget: Equatable, Sendable {
    /// The ref must not exist.
    case absent
    /// The ref must exist and point at this object.
    case exactly(ObjectID)

    package init(_ current: ObjectID?) { self = current.map(Self.exactly) ?? .absent }
}

/// The refs of a repository, moved by compare-and-swap only.
package struct ReferenceStore {
    /// How often an update is tried before it gives up: enough for dozens of writers at one ref, and with
    /// ``Backoff`` longer than it takes until the lock of a killed writer is stale.
    package static let attempts = 250

    package let repository: Repository

    package init(_ repository: Repository) { self.repository = repository }

    /// Points the ref at `target` if, and only if, it still holds `expected`.
    ///
    /// The comparison is made under the ref's `.lock` file, the one git(1) takes, so the update is
    /// atomic between processes too.
    ///
    /// - Parameters:
    ///   - name: The ref.
    ///   - target: The object it is to point at, which must be in the store.
    ///   - expected: What it must hold now.
    ///   - reason: One line for the reflog.
    /// - Returns: `false` if the ref holds something else, or if another writer has it locked now.
    /// - Throws: ``GitError`` if it cannot be written at all.
    package func compareAndSwap(
        _ name: RefName, to target: ObjectID, expecting expected: ExpectedTarget, reason: String
    ) throws(GitError) -> Bool {
        var new = git_oid(target)
        var old = git_oid()  // All zero: libgit2 reads it as «must not exist».
        if case .exactly(let id) = expected { old = git_oid(id) }
        var reference: OpaquePointer?
        defer { git_reference_free(reference) }
        do {
            try repository.whileMovingRefs { () throws(GitError) in
                try git("git_reference_create_matching") {
                    // force: with 0, libgit2 looks before it locks, which is not safe.
                    git_reference_create_matching(
                        &reference, repository.pointer, name.rawValue, &new, 1, &old, reason)
                }
            }
            return true
        } catch {
            guard Self.isContention(error) else { throw error }
            return false
        }
    }

    /// Reads the ref, computes its new target and swaps it in, again and again until no one else
    /// got there first.
    ///
    /// - Parameters:
    ///   - name: The ref.
    ///   - pause: Called with the number of the failed try, from 1. Tests pass a no-op.
    ///   - reason: One line for the reflog.
    ///   - change: The new target for the one read, `nil` to leave the ref as it is. Runs once a try, so
    ///     it must have no effects beyond writing objects.
    /// - Throws: ``ReferenceContention`` after the last try, or what `change` throws.
    package func update(
        _ name: RefName, pause: (Int) -> Void = Backoff.sleep(afterAttempt:), reason: String,
        change: (ObjectID?) throws -> ObjectID?
    ) throws {
        for attempt in 1...Self.attempts {
            let current = try target(of: name)
            guard let next = try change(current), next != current else { return }
            if try compareAndSwap(name, to: next, expecting: ExpectedTarget(current), reason: reason) {
                return
            }
            removeStaleLock(of: name)
            pause(attempt)
        }
        throw ReferenceContention(name: name, attempts: Self.attempts)
    }

    /// Removes the lock that a killed process left at the ref, so that a new try can succeed.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    package func removeStaleLock(of name: RefName) -> Bool { repository.removeStaleLock(of: name) }

    /// The object the ref points at, or `nil` if there is no such ref.
    package func target(of name: RefName) throws(GitError) -> ObjectID? {
        var oid = git_oid()
        do {
            try git("git_reference_name_to_id") {
                git_reference_name_to_id(&oid, repository.pointer, name.rawValue)
            }
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        return oid.objectID
    }

    /// Lists the refs whose names begin with `prefix`.
    ///
    /// - Parameter prefix: Ends in `/`.
    /// - Returns: Names and targets, in no certain order.
    /// - Throws: ``GitError``.
    package func list(_ prefix: String) throws(GitError) -> [(name: RefName, target: ObjectID)] {
        let iterator = try git("git_reference_iterator_glob_new") {
            git_reference_iterator_glob_new(&$0, repository.pointer, "\(prefix)*")
        }
        defer { git_reference_iterator_free(iterator) }
        var references: [(RefName, ObjectID)] = []
        while true {
            var reference: OpaquePointer?
            let status = git_reference_next(&reference, iterator)
            if status == GIT_ITEROVER.rawValue { return references }
            try git("git_reference_next") { status }
            defer { git_reference_free(reference) }
            // A symbolic ref has no target of its own; the format has none but HEAD.
            guard let name = git_reference_name(reference), let target = git_reference_target(reference)
            else {
                continue
            }
            references.append((RefName(existing: String(cString: name)), target.pointee.objectID))
        }
    }

    /// The names under `refs/` that cannot be read as refs: empty, malformed, or pointing at nothing; and the
    /// folders that cannot be read.
    ///
    /// Listing passes over them in silence.
    package func unreadable() -> [RefName] { unreadable(in: "refs").sorted() }

    private func unreadable(in folder: String) -> [RefName] {
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: repository.path + folder) else {
            // Empty folders come and go.
            return files.fileExists(atPath: repository.path + folder) ? [RefName(existing: folder)] : []
        }
        return names.flatMap { file -> [RefName] in
            var isFolder = false
            let path = "\(folder)/\(file)"
            let isThere = files.fileExists(atPath: repository.path + path, isDirectory: &isFolder)
            guard isThere, !file.hasSuffix(".lock") else { return [] }
            if isFolder { return unreadable(in: path) }
            let name = RefName(existing: path)
            let target = (try? self.target(of: name)) ?? nil
            return target.map { repository.contains($0) } == true ? [] : [name]
        }
    }

    /// The ref that `HEAD` names, or `nil` if it names a commit.
    package func head() throws(GitError) -> RefName? {
        let reference = try git("git_reference_lookup") {
            git_reference_lookup(&$0, repository.pointer, "HEAD")
        }
        defer { git_reference_free(reference) }
        return git_reference_symbolic_target(reference).map { RefName(existing: String(cString: $0)) }
    }

    /// Lets a plain `git clone` check something out, if `HEAD` names nothing that is there.
    package func pointHead(at name: RefName) throws {
        for attempt in 1...Self.attempts {
            guard let head = try head(), try target(of: head) == nil else { return }
            if try head == name || setHead(name, expecting: head) { return }
            removeStaleLock(of: RefName(existing: "HEAD"))
            Backoff.sleep(afterAttempt: attempt)
        }
    }

    /// Makes `HEAD` name another ref, if it still names `expected`.
    package func setHead(_ name: RefName, expecting expected: RefName) throws(GitError) -> Bool {
        do {
            var reference: OpaquePointer?
            defer { git_reference_free(reference) }
            try repository.whileMovingRefs { () throws(GitError) in
                try git("git_reference_symbolic_create_matching") {
                    git_reference_symbolic_create_matching(
                        &reference, repository.pointer, "HEAD", name.rawValue, 1, expected.rawValue,
                        "amphora: first artifact")
                }
            }
            return true
        } catch {
            guard Self.isContention(error) else { throw error }
            return false
        }
    }

    /// Whether git allows a ref of this name.
    package static func isValid(_ name: RefName) -> Bool {
        Libgit2.start()
        // C would read up to the NUL.
        guard name.rawValue.hasPrefix("refs/"), !name.rawValue.utf8.contains(0) else { return false }
        var isValid: Int32 = 0
        return git_reference_name_is_valid(&isValid, name.rawValue) == 0 && isValid == 1
    }

    private static func isContention(_ error: GitError) -> Bool {
        switch error.code {
        case .conflict, .alreadyExists, .notFound, .locked: true
        default: false
        }
    }
}

/// A ref that other writers kept moving.
package struct ReferenceContention: UserFacingError {
    let name: RefName
    let attempts: Int

    package init(name: RefName, attempts: Int) {
        self.name = name
        self.attempts = attempts
    }

    package var code: ErrorCode { .conflict }
    package var message: String {
        "cannot update '\(name)': it was changed or locked \(attempts) times while being updated"
    }
    package var hint: String? {
        "Run the command again. If no other amphora or git is running, remove a stale '\(name).lock'."
    }
}
