import Amphora
import Synchronization

/// Pictures of graphs, each laid out once and kept for a while.
final class Drawings: Sendable {
    private let layouts = Mutex<[(dot: String, task: Task<GraphLayout, any Error>)]>([])

    /// Each is a process.
    private let underWay = Counter(limit: 8)
    private let workers: Workers
    private let patience: Duration

    /// The most layouts that are kept.
    private static let limit = 32

    /// - Parameters:
    ///   - workers: Make graphs, and pictures of what is laid out.
    ///   - patience: How long a layout may take.
    init(_ workers: Workers, patience: Duration) {
        self.workers = workers
        self.patience = patience
    }

    /// The picture of a graph.
    ///
    /// - Returns: `nil` if it takes longer than the page can wait; it will be there the next time.
    /// - Throws: `GraphvizMissing`, `GraphvizFailed`; what making the graph throws.
    func picture(of drawing: Page.Drawing) async throws -> GraphPicture? {
        let task = Task {
            let graph = try await workers(drawing.graph)
            let layout = try await layout(of: graph)
            return try await workers { drawing.picture(graph, layout) }
        }
        guard let patience = drawing.patience else { return try await task.value }
        let (answers, continuation) = AsyncThrowingStream<GraphPicture?, any Error>.makeStream()
        Task {
            do {
                continuation.yield(try await task.value)
            } catch {
                continuation.finish(throwing: error)
            }
        }
        let alarm = Task {
            try await Task.sleep(for: patience)
            continuation.yield(nil)
        }
        defer { alarm.cancel() }
        for try await answer in answers { return answer }
        return nil
    }

    /// The layout of a graph.
    ///
    /// - Throws: `GraphvizMissing`, `GraphvizFailed`.
    func layout(of graph: Graph) async throws -> GraphLayout {
        let dot = GraphLayout.dot(of: graph)
        let task = layouts.withLock { layouts in
            if let index = layouts.firstIndex(where: { $0.dot == dot }) {
                let known = layouts.remove(at: index)
                layouts.append(known)
                return known.task
            }
            let task = Task { [underWay, patience] in
                guard let place = try? underWay.place() else {
                    throw GraphvizFailed(reason: "too many graphs are being drawn")
                }
                defer { withExtendedLifetime(place) {} }
                let plain = try await Graphviz.draw(dot, as: "plain", within: patience)
                return GraphLayout(plain: String(decoding: plain, as: UTF8.self), graph)
            }
            layouts.append((dot, task))
            if layouts.count > Self.limit { layouts.removeFirst() }
            return task
        }
        do {
            return try await task.value
        } catch {
            // Graphviz may be there the next time.
            layouts.withLock { $0.removeAll { $0.task == task } }
            throw error
        }
    }
}
