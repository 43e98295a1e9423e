/// Brings content that is not in the store yet.
///
/// A store that was cloned light has every version and run, and content only as far as it was needed.
public protocol ContentSource: Sendable {
    /// Brings what is missing of all that is needed, and returns when it is in the store.
    ///
    /// Asked only by a store whose content may be missing, each time before it reads any.
    ///
    /// - Throws: An error that says what is missing and where it may be.
    func bring(_ needs: [ContentNeed], into store: Store) throws
}
