import Amphora

/// Where a browser is talked with: one thing after the other.
@globalActor actor Driver {
    static let shared = Driver()
}

/// A conversation in the DevTools protocol: commands with their answers, and events in between.
@Driver final class DevTools {
    /// How long anything is waited for: far longer than it takes on a busy machine.
    private static let patience = Duration.seconds(60)

    private let outbox: AsyncStream<String>.Continuation
    private var hasEnded = false
    private var lastID = 0
    private var answers: [Int: CheckedContinuation<JSONValue, any Error>] = [:]
    private var listeners: [String: (_ event: String, _ details: JSONValue) -> Void] = [:]

    /// - Parameter outbox: Takes what is to be sent.
    init(outbox: AsyncStream<String>.Continuation) { self.outbox = outbox }

    /// Sends a command.
    ///
    /// - Parameters:
    ///   - method: Its name, with that of its domain.
    ///   - details: Its parameters.
    ///   - session: Whom it is for, if not for the browser.
    /// - Returns: The answer.
    /// - Throws: ``BrowserFailure``
    @discardableResult
    func send(_ method: String, _ details: [String: JSONValue] = [:], to session: String? = nil) async throws
        -> JSONValue
    {
        try await answer(to: "\(method) \(JSONValue.object(details).canonical)") { id in
            var message: [String: JSONValue] = [
                "id": .int(Int64(id)), "method": .string(method), "params": .object(details),
            ]
            message["sessionId"] = session.map { .string($0) }
            outbox.yield(JSONValue.object(message).canonical + "\0")
        }
    }

    /// Waits for what comes under an ID that `begin` is given.
    func answer(to question: String, _ begin: (Int) -> Void) async throws -> JSONValue {
        guard !hasEnded else { throw BrowserFailure("the browser has ended") }
        lastID += 1
        let id = lastID
        let deadline = Task {
            try await Task.sleep(for: Self.patience)
            settle(id, .failure(BrowserFailure("no answer to \(question)")))
        }
        defer { deadline.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            answers[id] = continuation
            begin(id)
        }
    }

    /// Ends the waiting under an ID.
    func settle(_ id: Int, _ result: Result<JSONValue, any Error>) {
        answers.removeValue(forKey: id)?.resume(with: result)
    }

    /// Tells the events of a session and of the browser, in their order.
    func listen(to session: String, _ listener: @escaping (_ event: String, _ details: JSONValue) -> Void) {
        listeners[session] = listener
    }

    /// Tells nothing more of a session.
    func forget(_ session: String) { listeners[session] = nil }

    /// Takes a message of the browser's.
    func take(_ text: String) throws {
        let message = try JSONValue(parsing: text)
        if let id = message["id"]?.int {
            let error = message["error"].map { BrowserFailure($0.canonical) }
            settle(id, error.map { .failure($0) } ?? .success(message["result"] ?? .null))
        } else if let event = message["method"]?.string {
            let details = message["params"] ?? .null
            guard let session = message["sessionId"]?.string else {
                for listener in listeners.values { listener(event, details) }
                return
            }
            listeners[session]?(event, details)
        }
    }

    /// Ends all waiting.
    func end() {
        hasEnded = true
        for id in Array(answers.keys) { settle(id, .failure(BrowserFailure("the browser has ended"))) }
    }
}

/// The browser does not do, or does not find, what a test asks for.
struct BrowserFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
