import NIOCore
import NIOHTTPTypes

/// Ends a connection whose client sends a request too slowly, sends more than a request, or leaves its answer lying; and
/// none whose client is still to get the end of its answer.
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
    /// The end of an answer that is on its way.
    private var answerEnd: EventLoopFuture<Void>?

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

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise()
        answerEnd = written.futureResult
        context.write(data, promise: written)
    }

    /// Who closes right after the end of an answer would cut what has not left yet.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, let answerEnd else { return context.close(mode: mode, promise: promise) }
        let isOver = context.eventLoop.makePromise(of: Void.self)
        let patience = context.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) { isOver.succeed() }
        answerEnd.assumeIsolated().whenComplete { _ in
            patience.cancel()
            isOver.succeed()
        }
        isOver.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: promise) }
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
