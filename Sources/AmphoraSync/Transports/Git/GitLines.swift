/// Takes apart what git writes to standard error: progress, and messages.
struct GitLines {
    private static let messageCount = 50
    private static let longestLine = 4096

    private var line: [UInt8] = []
    /// The last messages, oldest first.
    private(set) var messages: [String] = []

    /// Takes what came.
    ///
    /// - Returns: What it says of its progress.
    mutating func add(_ bytes: UnsafeRawBufferPointer) -> [GitProgress] {
        var found: [GitProgress] = []
        for byte in bytes where byte != 0 {
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                if line.count < Self.longestLine { line.append(byte) }
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            line.removeAll(keepingCapacity: true)
            let end = text.lastIndex { $0 != " " }
            guard let end else { continue }
            if let progress = GitProgress(text[...end]) {
                found.append(progress)
            } else {
                messages.append(String(text[...end]))
                if messages.count > Self.messageCount { messages.removeFirst() }
            }
        }
        return found
    }

    /// To be called when nothing more comes.
    mutating func finish() { [UInt8(ascii: "\n")].withUnsafeBytes { _ = add($0) } }
}
