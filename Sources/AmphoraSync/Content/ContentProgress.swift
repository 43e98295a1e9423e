import AmphoraObjects

/// Makes one progress of that of several transfers.
struct ContentProgress {
    private let handler: Progress.Handler?
    /// About how long all is before compression, and what of it has come.
    private var expectedByteCount = 0
    private var doneByteCount = 0
    /// What has travelled.
    private var receivedByteCount = 0

    init(_ handler: Progress.Handler?) { self.handler = handler }

    /// Tells about how long all is that will come.
    mutating func expect(_ byteCount: Int) { expectedByteCount = byteCount }

    /// What to hand to the next transfer, of a part of about this length.
    func handler(ofPart byteCount: Int) -> Progress.Handler? {
        guard let handler else { return nil }
        let (before, done, expected) = (receivedByteCount, doneByteCount, expectedByteCount)
        return { part in
            var whole = part
            whole.activity = "fetching"
            (whole.fileCount, whole.totalFileCount) = (0, 0)
            whole.byteCount = before + part.byteCount
            let share = Self.share(done: Double(done) + Double(byteCount) * part.share, of: Double(expected))
            // How well data compress shows in what has come.
            whole.totalByteCount = share.map { Int(Double(whole.byteCount) / $0) } ?? 0
            handler(whole)
        }
    }

    /// Takes a part as done.
    mutating func finish(part byteCount: Int, received: Int) {
        doneByteCount += byteCount
        receivedByteCount += received
    }

    /// `nil` if it is too little to go by.
    private static func share(done: Double, of expected: Double) -> Double? {
        guard expected > 0, done / expected > 0.02 else { return nil }
        return min(1, done / expected)
    }
}

extension Progress {
    /// From 0 to 1: by bytes where their number is known, else by objects.
    fileprivate var share: Double {
        if totalByteCount > 0 { return Double(byteCount) / Double(totalByteCount) }
        return totalFileCount > 0 ? Double(fileCount) / Double(totalFileCount) : 0
    }
}
