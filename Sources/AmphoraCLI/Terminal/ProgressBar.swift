import Amphora

/// The line that shows how far long work has come.
///
///     restoring  ███████░░░  1,234/20,000 files  52.4 MiB  31.0 MiB/s  0:12
enum ProgressBar {
    private static let barWidth = 10

    /// Draws the line, leaving out what is not known, and then, from the least important on, what does not fit.
    ///
    /// - Parameters:
    ///   - progress: How far the work has come.
    ///   - elapsed: Since its beginning.
    ///   - width: How many columns the line takes at most.
    /// - Returns: The line without a newline, and without control characters.
    static func line(_ progress: Progress, elapsed: Duration, width: Int) -> String {
        let activity = progress.activity.escapingControlCharacters()
        var parts = [
            Part(activity, .always), Part(bar(progress), .bar), Part(files(progress), .files),
            Part(progress.byteCount > 0 ? Format.bytes(progress.byteCount) : nil, .bytes),
            Part(rate(progress, elapsed), .rate), Part(Format.clock(elapsed), .elapsed),
        ].compactMap { $0 }
        while joined(parts).displayWidth > width,
            let least = parts.indices.min(by: { parts[$0].weight.rawValue < parts[$1].weight.rawValue }),
            parts[least].weight != .always
        {
            parts.remove(at: least)
        }
        return joined(parts).truncated(toWidth: max(0, width))
    }

    private struct Part {
        /// The least important first.
        enum Weight: Int { case elapsed, rate, bytes, bar, files, always }

        let text: String
        let weight: Weight

        init?(_ text: String?, _ weight: Weight) {
            guard let text else { return nil }
            self.text = text
            self.weight = weight
        }
    }

    private static func joined(_ parts: [Part]) -> String { parts.map(\.text).joined(separator: "  ") }

    /// By bytes where their total is known, as files may differ in size, else by files.
    private static func bar(_ progress: Progress) -> String? {
        let (done, total) =
            progress.totalByteCount > 0
            ? (progress.byteCount, progress.totalByteCount) : (progress.fileCount, progress.totalFileCount)
        guard total > 0 else { return nil }
        let share = min(1, max(0, Double(done) / Double(total)))
        let full = Int(share * Double(barWidth))
        return String(repeating: "█", count: full) + String(repeating: "░", count: barWidth - full)
    }

    private static func files(_ progress: Progress) -> String? {
        guard progress.totalFileCount > 0 else {
            return progress.fileCount > 0 ? Format.count(progress.fileCount, "file") : nil
        }
        return Format.number(progress.fileCount) + "/" + Format.count(progress.totalFileCount, "file")
    }

    private static func rate(_ progress: Progress, _ elapsed: Duration) -> String? {
        let rate = Double(progress.byteCount) / max(elapsed / .seconds(1), 0.001)
        return progress.byteCount > 0 && rate < 1e18 ? Format.bytes(Int(rate)) + "/s" : nil
    }
}
