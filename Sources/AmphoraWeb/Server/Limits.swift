import Hummingbird
import HummingbirdCore
import NIOCore

/// How much a client may ask for.
struct Limits: Sendable {
    var connectionCount = 512
    /// Bytes of a URL.
    var addressLength = 8 << 10
    /// Bytes that a request may send after its headers; no page reads them.
    var bodyLength = 64 << 10
    /// Requests that wait for a thread, before more are refused.
    var waitingCount = 256
    /// Files that are sent at once, each by a thread of its own.
    var downloadCount = 16
    /// Live updates at once.
    var eventCount = 64
    /// How long a client may take for a request: headers that trickle in count as nothing.
    var request = TimeAmount.seconds(30)
    /// How long a reader may leave an answer lying.
    var stall = TimeAmount.seconds(60)
    /// How long a reader may take for the end of an answer when the connection is to be closed.
    var linger = TimeAmount.seconds(5)
    /// How long an answer may take to make.
    var answer = TimeAmount.seconds(30)
    /// How long the picture of a graph may take; without one pages have a list.
    var drawing = Duration.seconds(10)
    /// How long what is under way may go on when the server is told to stop.
    var stop = Duration.seconds(5)

    /// For work that no connection waits for.
    static var patient: Limits {
        var limits = Limits()
        limits.answer = .hours(24 * 365)
        limits.drawing = .seconds(600)
        return limits
    }

    var connection: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionLimits(self)],
            idleTimeout: .nanoseconds(request.nanoseconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
    }
}
