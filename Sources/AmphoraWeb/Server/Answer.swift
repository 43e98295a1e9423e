import Amphora

/// What a place has to say, before it is HTTP.
enum Answer: Sendable {
    /// The reader has it already.
    case unchanged(tag: String)
    case page(Page, tag: String)
    /// For programs.
    case json(JSONValue, tag: String)
    case asset(Asset)
    case redirect(String)
    /// A file, to be saved or, if it is a picture, to be shown.
    case download(Download)
    /// What happens to a run.
    case events(RunID)
}
