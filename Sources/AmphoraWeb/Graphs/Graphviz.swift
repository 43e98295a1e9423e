package import Amphora
import Subprocess

/// Draws graphs with the program `dot`.
package enum Graphviz {
    /// The largest picture that is taken, in bytes.
    private static let outputLimit = 256 << 20

    /// How long `dot` looks for places that are better still, by the size of the graph: without an end it can take
    /// minutes for two hundred nodes, and finds the same.
    private static let patience = ["-Gnslimit=2", "-Gnslimit1=2"]

    /// Runs `dot`.
    ///
    /// - Parameters:
    ///   - dot: A graph in its language.
    ///   - format: What to make of it: `svg`, or `plain` for where everything is.
    ///   - limit: How long it may take; then it is ended.
    /// - Returns: What it writes.
    /// - Throws: ``GraphvizMissing``; ``GraphvizFailed`` with what `dot` says.
    package static func draw(_ dot: String, as format: String, within limit: Duration? = nil) async throws
        -> [UInt8]
    {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await draw(dot, as: format) }
            if let limit {
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw GraphvizFailed(reason: "it took longer than \(Format.duration(limit))")
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private static func draw(_ dot: String, as format: String) async throws -> [UInt8] {
        do {
            let result = try await run(
                .name("dot"), arguments: .init(["-T\(format)"] + patience), input: .string(dot),
                output: .bytes(limit: outputLimit),
                error: .string(limit: 1 << 16))
            guard result.terminationStatus.isSuccess else {
                throw GraphvizFailed(reason: result.standardError)
            }
            return result.standardOutput
        } catch {
            guard let failure = error as? SubprocessError else { throw error }
            throw failure.code == .executableNotFound
                ? GraphvizMissing() : GraphvizFailed(reason: "\(failure)")
        }
    }
}

/// Graphviz is not installed.
package struct GraphvizMissing: UserFacingError {
    package var code: ErrorCode { .unavailable }
    package var message: String { "the program 'dot' cannot be found" }
    package var hint: String? { "Install Graphviz: `apt install graphviz` or `brew install graphviz`." }
}

/// Graphviz did not draw the graph.
package struct GraphvizFailed: UserFacingError {
    let reason: String
    package var code: ErrorCode { .unavailable }
    package var message: String {
        "Graphviz cannot draw the graph: \(reason.split(separator: "\n").first ?? "no reason given")"
    }
    package var hint: String? { "`amphora lineage --format dot` writes what it was given." }
}
