public import Amphora
import AmphoraObjects
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

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

        public init() {}
    }

    private let configuration: Configuration
    private let responder: Responder

    /// - Throws: ``TokenMissing`` if others could connect and no token is demanded.
    public init(_ store: Store, projectName: String, _ configuration: Configuration = Configuration()) throws
    {
        guard configuration.token != nil || Gate.isLoopback(configuration.host) else {
            throw TokenMissing(host: configuration.host)
        }
        self.configuration = configuration
        responder = Responder(
            gate: Gate(host: configuration.host, token: configuration.token),
            pages: Pages(store: store, projectName: projectName), workers: Workers())
    }

    /// Serves until the process is told to end; then answers what is under way and returns.
    ///
    /// - Parameter onListening: Gets the port as soon as browsers can connect.
    /// - Throws: ``CannotListen``.
    public func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        do {
            try await application(onListening).runService()
        } catch {
            guard let failure = error as? IOError else { throw error }
            throw CannotListen(host: configuration.host, port: configuration.port, errno: failure.errnoCode)
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
        _ onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<Responder> {
        var logger = Logger(label: "amphora")
        logger.logLevel = .critical
        return Application(
            responder: responder, server: .http1(configuration: Limits.connection),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Limits.connectionCount)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger
        )
    }
}

/// How much a client may ask for.
enum Limits {
    static let connectionCount = 512
    /// Bytes of a URL.
    static let addressLength = 8 << 10
    /// Requests that wait for a thread, before more are refused.
    static let waitingCount = 256
    /// Files that are sent at once, each by a thread of its own.
    static let downloadCount = 16
    /// Live updates at once.
    static let eventCount = 64
    /// How long a client may take no bytes of a file.
    static let stall = 60

    /// A connection on which nothing comes for so long is closed: headers that trickle in count as nothing.
    static var connection: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: .seconds(30),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
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
    let errno: CInt
    public var code: ErrorCode { .unavailable }
    public var message: String {
        "cannot listen on \(host), port \(port): \(String(cString: strerror(errno)))"
    }
    public var hint: String? {
        switch errno {
        case EADDRINUSE: "Another program has the port: `--port 0` takes one that is free."
        case EACCES: "Ports below 1024 are the system's: take another with `--port`."
        case EADDRNOTAVAIL: "`--host` has to be an address of this machine."
        default: nil
        }
    }
}
