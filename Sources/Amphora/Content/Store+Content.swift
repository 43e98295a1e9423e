import AmphoraGit
import AmphoraObjects

extension Store {
    /// All files of all versions and runs.
    public func contentNeeds() throws -> [ContentNeed] {
        try allVersions().map { ContentNeed($0) }
            + runIDs().compactMap { try contentNeed(of: $0, paths: [], .content) }
    }

    /// Whether it is a store in which content may be missing, as in one that was cloned without.
    package var mayMissContent: Bool { get throws { try pool.with { $0.isPartial } } }

    /// Sees to it that content is here before it is read.
    ///
    /// Costs a look at the list of packs in a store that is whole.
    ///
    /// - Throws: ``ContentAbsent``, or what the ``contentSource`` throws.
    func require(_ needs: @autoclosure () throws -> [ContentNeed]) throws {
        guard try mayMissContent else { return }
        let needs = try needs()
        if let contentSource { return try contentSource.bring(needs, into: self) }
        let isHere = { need in try self.pool.with { try ContentSurvey([need], in: $0).isComplete } }
        for need in needs where try !isHere(need) {
            // Another process may have brought it meanwhile.
            pool.refresh()
            guard try isHere(need) else { throw ContentAbsent(owner: need.owner) }
        }
    }

    /// What is wrong with content that could not be read; in a store that was cloned light, what is missing
    /// is not here yet.
    ///
    /// - Parameters:
    ///   - owner: Whose content.
    ///   - error: What reading threw.
    /// - Returns: ``ContentAbsent``, or `nil` if it is damage.
    func absence(of owner: ContentNeed.Owner, _ error: (any Error)?) -> (any Error)? {
        guard error is MissingObject, (try? pool.with { $0.isPartial }) == true else { return nil }
        return ContentAbsent(owner: owner)
    }
}
