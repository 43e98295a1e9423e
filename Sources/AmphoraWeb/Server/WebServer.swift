public import Amphora
import AmphoraObjects
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The pages of a store, served to browsers.
///
/// Read-only. Whoever can connect can read all of the store, so what is not on this machine needs a token.
public struct WebServer: Sendable {
    /// Where and how to listen.
    public struct Configuration: Sendable {
        /// A name or address; what is not this machine's own needs a ``token``.
        public var host = "127.0.0.1"
        /// 0 for any that is free.
        public var port = 8470
        /// What a browser has to know, or `nil` if anybody may read.
        public var token: String?
        var limits = Limits()

        public init() {}
    }

    private let configuration: Configuration
    private let responder: Responder

    /// - Throws: ``TokenMissing`` if others could connect and no token is demanded.
    public init(_ store: Store, _ project: Project, _ configuration: Configuration = Configuration()) throws {
        guard configuration.token != nil || Gate.isLoopback(configuration.host) else {
            throw TokenMissing(host: configuration.host)
        }
        self.configuration = configuration
        responder = Responder(
            gate: Gate(host: configuration.host, token: configuration.token),
            pages: Pages(store: store, project), limits: configuration.limits)
    }

    /// Serves until the task is cancelled; then finishes what is under way, within a few seconds, and returns.
    ///
    /// - Parameter onListening: Gets the address of the pages, with the token, as soon as browsers can connect.
    /// - Throws: ``CannotListen``.
    public func run(onListening: @escaping @Sendable (_ address: String) async -> Void) async throws {
        // Whoever asks first need not wait until all of the store has been read.
        Task { [responder] in
            try await responder.workers { _ = try responder.pages.current() }
        }
        var group = ServiceGroupConfiguration(services: [application(onListening)], logger: Self.logger)
        group.maximumGracefulShutdownDuration = configuration.limits.stop
        let services = ServiceGroup(configuration: group)
        // In a task of its own, which is not cancelled: that would cut what is under way.
        let serving = Task { try await services.run() }
        do {
            try await withTaskCancellationHandler {
                try await serving.value
            } onCancel: {
                Task { await services.triggerGracefulShutdown() }
            }
        } catch {
            // What was cut at the end is no error.
            if Task.isCancelled { return }
            throw CannotListen(error, configuration) ?? error
        }
    }

    /// Whether only this machine itself can connect to an address or name.
    public static func isLoopback(_ host: String) -> Bool { Gate.isLoopback(host) }

    /// A token that nobody can guess: 128 random bits.
    public static func makeToken() -> String {
        var generator = SystemRandomNumberGenerator()
        let number = UInt128.random(in: 0...(.max), using: &generator)
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// As a test drives it.
    func application(
        _ onListening: @escaping @Sendable (_ address: String) async -> Void = { _ in }
    ) -> Application<Responder> {
        let configuration = configuration
        return Application(
            responder: responder, server: .http1(configuration: configuration.limits.connection),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.limits.connectionCount)),
            onServerRunning: { channel in
                await onListening(
                    ListeningAddress.url(
                        configuration.host, channel.localAddress, machine: ListeningAddress.machine,
                        token: configuration.token))
            }, logger: Self.logger)
    }

    /// Nobody reads a log: what goes wrong is told to who asked.
    private static var logger: Logger {
        var logger = Logger(label: "amphora")
        logger.logLevel = .critical
        return logger
    }
}

/// Somebody else could connect, and nothing would be asked of them.
public struct TokenMissing: UserFacingError {
    let host: String
    public var code: ErrorCode { .invalidArgument }
    public var message: String { "'\(host)' is not this machine alone, and no token is demanded" }
    public var hint: String? { "Serve with a token, or listen on 127.0.0.1." }
}

/// The address cannot be listened on.
public struct CannotListen: UserFacingError {
    let host: String
    let port: Int
    /// `nil` if the name is nobody's.
    let errno: CInt?

    /// - Returns: `nil` for an error that has nothing to do with the address.
    init?(_ error: any Error, _ configuration: WebServer.Configuration) {
        if let failure = error as? IOError {
            errno = failure.errnoCode
        } else if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            errno = nil
        } else {
            return nil
        }
        host = configuration.host
        port = configuration.port
    }

    public var code: ErrorCode { .unavailable }
    public var message: String {
        let reason = errno.map { String(cString: strerror($0)) } ?? "No address has that name"
        return "cannot listen on \(host), port \(port): \(reason)"
    }
    public var hint: String? {
        switch errno {
        case EADDRINUSE: "Another program has the port: `--port 0` takes one that is free."
        case EACCES: "Ports below 1024 are the system's: take another with `--port`."
        case EADDRNOTAVAIL, nil:
            "`--host` has to be an address or name of this machine: 0.0.0.0 and :: are all of them."
        default: nil
        }
    }
}
