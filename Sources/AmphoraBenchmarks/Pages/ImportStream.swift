/// What `git fast-import` reads: commits with their files, and refs.
struct ImportStream {
    private(set) var bytes: [UInt8] = []
    private var lastMark = 0

    /// What a commit has.
    enum Entry {
        case file(path: String, content: String)
        /// A note on a commit, by its mark.
        case note(on: Int, content: String)
    }

    /// Makes a commit without parents.
    ///
    /// - Parameters:
    ///   - ref: What points at it.
    ///   - seconds: When it was made, since 1970.
    ///   - message: All of it.
    ///   - entries: What is in its tree.
    /// - Returns: A mark, by which later entries know it.
    mutating func commit(_ ref: String, seconds: Int, _ message: String, _ entries: [Entry]) -> Int {
        lastMark += 1
        add("commit \(ref)\nmark :\(lastMark)\ncommitter Ada Example <ada@example.org> \(seconds) +0000\n")
        add(data: message)
        for entry in entries {
            switch entry {
            case .file(let path, let content):
                add("M 100644 inline \(path)\n")
                add(data: content)
            case .note(let mark, let content):
                add("N inline :\(mark)\n")
                add(data: content)
            }
        }
        add("\n")
        return lastMark
    }

    /// Points a ref at a commit.
    mutating func point(_ ref: String, at mark: Int) { add("reset \(ref)\nfrom :\(mark)\n\n") }

    private mutating func add(data text: String) { add("data \(text.utf8.count)\n\(text)\n") }

    private mutating func add(_ text: String) { bytes += text.utf8 }
}
