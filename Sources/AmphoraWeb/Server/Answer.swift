import Amphora

/// What a place has to say, before it is HTTP.
enum Answer: Sendable {
    /// The reader has it already.
    case unchanged(tag: String)
    case page(Page, tag: String)
    /// For programs.
    case json(JSONValue, tag: String)
    /// Bytes that browsers may show, being of a kind that cannot do anything.
    case bytes([UInt8], mediaType: String)
    case asset(Asset)
    case redirect(String)
    /// A file to be saved, and not shown.
    case download(Download)
    /// What happens to a run.
    case events(RunID)
}
