public import AmphoraObjects

/// Content that a command is about to read.
public enum ContentNeed: Sendable {
    /// What it takes to list these files, or all if there are no paths: trees, and the markers of chunked files.
    case listing(Version, paths: [ArtifactPath])
    /// These files whole, or all if there are no paths.
    case files(Version, paths: [ArtifactPath])
    /// Single blobs, such as the large images of a run.
    case blobs([ObjectID], of: RunID)
}

/// Brings content that is not in the store yet.
///
/// A store that was cloned light has every version and run, and content only as far as it was needed.
public protocol ContentSource: Sendable {
    /// Brings what is missing of `need`, and returns when it is in the store.
    ///
    /// - Throws: An error that says what is missing and where it may be.
    func bring(_ need: ContentNeed, into store: Store) throws
}
