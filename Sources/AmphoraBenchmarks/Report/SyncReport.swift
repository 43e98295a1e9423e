/// The tables of an exchange, in Markdown.
struct SyncReport {
    let machine: Machine
    let measurements: [Measurement]

    /// The part of the document that these measurements say something of.
    var parts: [(name: String, content: String)] {
        let measured = Workload.allCases.filter { workload in
            measurements.contains { $0.workload == workload }
        }
        return [("sync", measured.map { text(Summary($0, measurements)) }.joined(separator: "\n"))]
    }

    private func text(_ summary: Summary) -> String {
        """
        \(summary.introduction) \(machine.versionText).

        \(targets(summary).text)
        \(times(summary).text)
        \(bytes(summary).text)
        """
    }

    private func targets(_ summary: Summary) -> MarkdownTable {
        MarkdownTable(
            titles: ["system"] + Target.titles,
            rows: Target.sync.compactMap { target in
                target.row(in: summary).map { [target.subject.name] + $0 }
            })
    }

    /// Seconds, and how many times what git took with the same store in the same round.
    private func times(_ summary: Summary) -> MarkdownTable {
        MarkdownTable(
            titles: ["seconds"] + Step.syncing.flatMap { [$0.rawValue, "× git"] },
            rows: summary.systems.map { system in
                [system]
                    + Step.syncing.flatMap { step in
                        [
                            summary.median(.seconds(step), of: system),
                            summary.ratio(.seconds(step), of: system, to: System.gitOfStore.name),
                        ].map { $0?.text ?? "–" }
                    }
            })
    }

    /// What went over the wire, or where there is none, came to the other side.
    private func bytes(_ summary: Summary) -> MarkdownTable {
        MarkdownTable(
            titles: ["MiB moved"] + Step.syncing.map(\.rawValue)
                + ["% of v2, push", "fetch"] + Step.syncing.map { "files, \($0.rawValue)" },
            rows: summary.systems.map { system in
                let moved = Step.syncing.map {
                    summary.median(.wire($0), of: system) ?? summary.median(.growth($0), of: system)
                }
                let files = Step.syncing.map { summary.median(.files($0), of: system) }
                let shares = moved.suffix(2).map { $0.map { 100 * $0 / Double(summary.sourceByteCount) } }
                return [system] + (moved.map { $0.map { $0 / 0x1p20 } } + shares).map { $0?.text ?? "–" }
                    + files.map { $0?.text(decimals: 0) ?? "–" }
            })
    }
}
