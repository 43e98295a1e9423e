import AmphoraObjects

/// The words that drawings of all formats use. Control characters in names are escaped.
extension LineageGraph.VersionNode {
    /// The type, and whether the version is gone.
    var typeText: String { isDeleted ? "\(type), deleted" : "\(type)" }

    /// For example `[best, latest]`, or `nil` if no alias points here; `best ≠ origin` if it is another there.
    var aliasText: String? {
        let words = aliases.sorted().map { alias in
            let remotes = conflicts.filter { $0.alias == alias }.map(\.remote)
            return remotes.isEmpty ? alias.rawValue : "\(alias) ≠ \(remotes.joined(separator: ", "))"
        }
        return words.isEmpty ? nil : "[\(words.joined(separator: ", "))]"
    }

    /// For example `mnist-raw:v0 (dataset) [latest]`.
    var lineText: String { "\(name) (\(typeText))" + (aliasText.map { " \($0)" } ?? "") }

    /// The same in several lines.
    var lines: [String] { ["\(name)", typeText] + [aliasText].compactMap { $0 } }
}

extension LineageGraph.RunNode {
    /// The job type and the name, or the ID if the run has neither.
    private var titles: [String] {
        let titles = [jobType, name].filter { !$0.isEmpty }.map { $0.escapingControlCharacters() }
        return titles.isEmpty ? [id.rawValue] : titles
    }

    /// For example `train calm-field-4 (finished)`.
    var lineText: String { titles.joined(separator: " ") + " (\(state.rawValue))" }

    /// The same in several lines.
    var lines: [String] { titles + [state.rawValue] }
}

extension LineageGroups.ArtifactTypeGroup {
    /// For example `dataset`, `2 artifacts`, `3 versions`.
    var lines: [String] {
        [type.rawValue, artifactCount.counting("artifact"), versionCount.counting("version")]
    }

    /// For example `dataset (2 artifacts, 3 versions)`.
    var lineText: String { "\(lines[0]) (\(lines[1]), \(lines[2]))" }
}

extension LineageGroups.JobTypeGroup {
    /// For example `train`, `2 runs`.
    var lines: [String] {
        let title = jobType.isEmpty ? "no job type" : jobType.escapingControlCharacters()
        return [title, runCount.counting("run")]
    }

    /// For example `train (2 runs)`.
    var lineText: String { "\(lines[0]) (\(lines[1]))" }
}
