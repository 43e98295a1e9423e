import NIOCore
import NIOHTTPTypes

/// Ends a connection whose client sends a request too slowly, sends more than a request, or leaves its answer lying.
///
/// Bodies of requests are dropped here: no page reads them. What is too slow to be a request at all ends by the
/// idle timeout of the server.
final class ConnectionLimits: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: Limits
    private var bodyLength = 0
    private var requestDeadline: Scheduled<Void>?
    private var stallDeadline: Scheduled<Void>?

    init(_ limits: Limits) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            bodyLength = 0
            requestDeadline = deadline(limits.request, context)
            context.fireChannelRead(data)
        case .body(let bytes):
            bodyLength += bytes.readableBytes
            if bodyLength > limits.bodyLength { context.close(promise: nil) }
        case .end:
            requestDeadline?.cancel()
            context.fireChannelRead(data)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallDeadline?.cancel()
        stallDeadline = context.channel.isWritable ? nil : deadline(limits.stall, context)
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        requestDeadline?.cancel()
        stallDeadline?.cancel()
    }

    private func deadline(_ time: TimeAmount, _ context: ChannelHandlerContext) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
