import Amphora
import Subprocess

/// Draws graphs with the program `dot`.
enum Graphviz {
    /// The largest picture that is taken, in bytes.
    private static let outputLimit = 256 << 20

    /// - Throws: ``ProgramNotFound``; ``GraphvizFailed`` with what `dot` says.
    static func svg(of dot: String) async throws -> [UInt8] {
        do {
            let result = try await run(
                .name("dot"), arguments: ["-Tsvg"], input: .string(dot), output: .bytes(limit: outputLimit),
                error: .string(limit: 1 << 16))
            guard result.terminationStatus.isSuccess else {
                throw GraphvizFailed(reason: result.standardError)
            }
            return result.standardOutput
        } catch {
            throw error is SubprocessError ? ProgramNotFound(program: "dot") : error
        }
    }
}

/// Graphviz did not draw the graph.
struct GraphvizFailed: UserFacingError {
    let reason: String
    var code: ErrorCode { .unavailable }
    var message: String {
        "Graphviz cannot draw the graph: \(reason.split(separator: "\n").first ?? "no reason given")"
    }
    var hint: String? { "`--format dot` writes what it was given." }
}
