import Synchronization

/// Which questions have been answered well for one state of the store.
///
/// Who asks again, knowing the tag of that state, has the answer; who asks for what there is not has none, whatever the
/// tag.
final class AnsweredPlaces: Sendable {
    private let known = Mutex<(tag: String, questions: Set<Question>)>(("", []))
    private static let limit = 10_000

    private struct Question: Hashable {
        let place: Place
        let query: Query
    }

    func contains(_ place: Place, _ query: Query, _ tag: String) -> Bool {
        known.withLock { $0.tag == tag && $0.questions.contains(Question(place: place, query: query)) }
    }

    func insert(_ place: Place, _ query: Query, _ tag: String) {
        known.withLock { known in
            if known.tag != tag || known.questions.count >= Self.limit { known = (tag, []) }
            known.questions.insert(Question(place: place, query: query))
        }
    }
}
