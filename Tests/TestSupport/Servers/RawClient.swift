import Foundation

/// A connection to a server on this machine over which anything can be said, at any pace.
///
/// Calls block.
public final class RawClient: Sendable {
    private let socket: Int32

    /// - Parameters:
    ///   - port: Where the server listens.
    ///   - patience: Seconds after which nothing more is waited for.
    /// - Throws: ``ProgramFailed`` if nobody listens.
    public init(port: Int, patience: Int = 60) throws {
        guard let socket = Wire.open(port) else { throw ProgramFailed(description: "nobody listens") }
        self.socket = socket
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        // What is not read soon fills the way to here.
        var size = Int32(16 << 10)
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { Wire.end(socket) }

    /// Sends bytes.
    ///
    /// - Returns: Whether the server still takes any.
    @discardableResult
    public func send(_ bytes: some Sequence<UInt8>) -> Bool {
        Array(bytes).withUnsafeBytes { Wire.sendAll($0[...], to: socket) }
    }

    @discardableResult
    public func send(_ text: String) -> Bool { send(text.utf8) }

    /// Asks for a page, as browsers do.
    public func get(_ address: String, _ headers: String...) {
        let lines = ["GET \(address) HTTP/1.1", "Host: localhost"] + headers + ["", ""]
        send(lines.joined(separator: "\r\n"))
    }

    /// Some bytes as they come.
    ///
    /// - Returns: Empty at the end; `nil` if nothing has come for as long as there is patience.
    public func some() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return nil }
        // A connection that is cut has ended, too.
        return Array(buffer.prefix(max(0, count)))
    }

    /// All that comes until `isEnough`, or the end.
    ///
    /// - Returns: `nil` if the server falls silent before.
    public func received(until isEnough: ([UInt8]) -> Bool = { _ in false }) -> [UInt8]? {
        var bytes: [UInt8] = []
        while !isEnough(bytes) {
            guard let more = some() else { return nil }
            guard !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }

    /// All that comes until these words, or the end, as text.
    public func text(until words: String) -> String? {
        received { String(decoding: $0, as: UTF8.self).contains(words) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Says that nothing more will be sent.
    public func finishSending() { shutdown(socket, Int32(SHUT_WR)) }
}

/// Runs what blocks on a thread of its own, away from the threads that servers in this process need.
public func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
