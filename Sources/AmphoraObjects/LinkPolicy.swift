/// What is done with symbolic links in a folder that is added.
public enum LinkPolicy: String, Sendable, CaseIterable {
    /// Those to something inside the folder are followed, others are an error.
    case inside
    /// All are followed, wherever they lead.
    case follow
    /// All are left out, and counted.
    case skip
}
