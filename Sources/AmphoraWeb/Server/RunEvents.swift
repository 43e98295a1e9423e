import Amphora
import NIOCore

/// What happens to a run, as server-sent events: one as soon as somebody listens, and one for each change.
///
/// Ends with the run. A remark every 15 s lets the server notice that nobody listens any more.
struct RunEvents: AsyncSequence, Sendable {
    let id: RunID
    let workers: Workers
    let pages: Pages
    /// Given back when nobody listens any more.
    let place: Counter.Place

    func makeAsyncIterator() -> Iterator { Iterator(events: self) }

    struct Iterator: AsyncIteratorProtocol {
        let events: RunEvents
        private var last: Fact?
        private var isOver = false

        private struct Fact: Equatable {
            let commitID: CommitID
            let state: RunState
        }

        init(events: RunEvents) { self.events = events }

        mutating func next() async throws -> ByteBuffer? {
            guard !isOver else { return nil }
            for _ in 0..<15 {
                let (id, pages) = (events.id, events.pages)
                let now = try await events.workers {
                    try pages.current().run(id).map { Fact(commitID: $0.commitID, state: $0.state) }
                }
                if now?.state != .running { isOver = true }
                if now != last || isOver {
                    last = now
                    return ByteBuffer(string: "event: change\ndata: \(now?.state.rawValue ?? "gone")\n\n")
                }
                try await Task.sleep(for: .seconds(1))
            }
            return ByteBuffer(string: ":\n\n")
        }
    }
}
