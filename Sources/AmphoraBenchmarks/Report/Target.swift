/// What amphora is to reach, so that a slow day of the machine is no excuse: mostly relative to what others need.
struct Target {
    /// What it is measured in.
    enum Unit: Equatable {
        case seconds, mebibytes
        /// The length of the files.
        case source
        /// The same step of `cp -r`.
        case copy
        /// The same step of `openssl dgst -sha1`.
        case checksum
        /// The best of all peers in this step.
        case peer
        /// The same step of git with the same store.
        case git
    }

    let quantity: Quantity
    let factor: Double
    let unit: Unit
    /// Who is to reach it.
    let subject: System

    init(_ quantity: Quantity, _ factor: Double, _ unit: Unit, subject: System = .amphora) {
        self.quantity = quantity
        self.factor = factor
        self.unit = unit
        self.subject = subject
    }

    /// The targets of one workload.
    static func all(of workload: Workload) -> [Target] {
        own(of: workload)
            + [
                Target(.seconds(.putAgain), 0.3, .seconds),
                Target(.seconds(.getAgain), 0.3, .seconds),
                Target(.peak, 200, .mebibytes),
                // Chunks are shared between versions, so the second put is to be ahead by half or more.
                Target(.seconds(.putFirst), workload == .small ? 0.2 : 1, .peer),
                Target(.seconds(.putSecond), 0.5, .peer),
                Target(.seconds(.get), 1, .peer),
                Target(.growth(.putSecond), 1, .peer),
            ]
    }

    /// The targets of an exchange.
    static let sync = [System.amphoraByFolder, .amphoraByURL].flatMap { subject in
        [Step.pushFirst, .clone].map { Target(.seconds($0), 1.3, .git, subject: subject) }
            + [Step.pushSecond, .fetch].map { step in
                let hasWire = subject.exchange?.hasWire == true
                return Target(hasWire ? .wire(step) : .growth(step), 0.01, .source, subject: subject)
            }
    }

    private static func own(of workload: Workload) -> [Target] {
        switch workload {
        case .weights:
            [
                Target(.seconds(.putFirst), 2.2, .checksum), Target(.seconds(.putSecond), 1.6, .checksum),
                Target(.growth(.putSecond), 0.003, .source), Target(.seconds(.get), 1.5, .copy),
            ]
        case .small:
            [
                Target(.seconds(.putFirst), 0.6, .seconds), Target(.seconds(.putSecond), 0.4, .seconds),
                Target(.growth(.putSecond), 3, .mebibytes), Target(.seconds(.get), 1.2, .copy),
            ]
        case .table:
            [
                Target(.seconds(.putFirst), 6, .checksum), Target(.growth(.putFirst), 0.5, .source),
                Target(.seconds(.putSecond), 2.5, .checksum), Target(.growth(.putSecond), 5, .mebibytes),
                Target(.seconds(.get), 0.5, .seconds),
            ]
        }
    }

    /// What was measured, in the target's unit; `nil` if nothing was.
    func measured(in summary: Summary) -> Double? {
        let subject = subject.name
        switch unit {
        case .seconds: return summary.median(quantity, of: subject)
        case .mebibytes: return summary.median(quantity, of: subject).map { $0 / 0x1p20 }
        case .source:
            return summary.median(quantity, of: subject).map { $0 / Double(summary.sourceByteCount) }
        case .copy: return summary.ratio(quantity, of: subject, to: System.copy.name)
        case .checksum: return summary.ratio(quantity, of: subject, to: System.checksum.name)
        case .peer:
            let peers = System.all.filter { $0.role == .peer }.map(\.name)
            return summary.ratio(quantity, of: subject, toLeastOf: peers)
        case .git: return summary.ratio(quantity, of: subject, to: System.gitOfStore.name)
        }
    }

    static let titles = ["step", "target", "measured", "met"]

    /// Cells of a table; `nil` if nothing was measured.
    func row(in summary: Summary) -> [String]? {
        measured(in: summary).map { value in
            [quantity.name, "≤ \(text(factor))", text(value), value <= factor ? "yes" : "**no**"]
        }
    }

    /// A value with its unit.
    func text(_ value: Double) -> String {
        switch unit {
        case .seconds: "\(value.text) s"
        case .mebibytes: "\(value.text) MiB"
        case .source: "\((100 * value).text) % of the files"
        case .copy: "\(value.text) cp"
        case .checksum: "\(value.text) S"
        case .peer: "\(value.text) × best peer"
        case .git: "\(value.text) × git"
        }
    }
}
