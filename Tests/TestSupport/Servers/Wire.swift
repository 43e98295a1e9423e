import Foundation
import Synchronization

/// The way from clients to a server on this machine: counts bytes, and can break off or fall silent.
public final class Wire: Sendable {
    /// The port at which clients find the server.
    public let port: Int
    private let target: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var sent = 0
        var received = 0
        var fault = Fault.none
        var isClosed = false
        var sockets: Set<Int32> = []
    }

    /// What goes wrong, once so many bytes have gone to and fro in all.
    public enum Fault: Sendable {
        case none
        /// All connections end, and new ones at once.
        case cut(at: Int)
        /// Nothing moves any more.
        case silence(at: Int)
    }

    /// Bytes from clients to the server.
    public var sentByteCount: Int { state.withLock { $0.sent } }
    /// Bytes from the server to clients.
    public var receivedByteCount: Int { state.withLock { $0.received } }
    /// What is to go wrong, until another is set.
    public var fault: Fault {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0.fault = newValue } }
    }

    /// Sets the counters to zero.
    public func reset() {
        state.withLock { ($0.sent, $0.received) = (0, 0) }
    }

    /// - Parameter target: The port of the server.
    /// - Throws: If there is no socket to be had.
    init(to target: Int) throws {
        self.target = target
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                Self.keep(client)
                guard let self else { return Self.end(client) }
                self.connect(client)
            }
        }
    }

    deinit { close() }

    /// Ends all connections.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
            Self.end(listener)
        }
    }

    private func connect(_ client: Int32) {
        guard let server = Self.open(target) else { return Self.end(client) }
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.sockets.formUnion([client, server])
            return true
        }
        guard isOpen else { return [client, server].forEach(Self.end) }
        let ends = Mutex(0)
        let pump: @Sendable (Int32, Int32, Direction) -> Void = { from, to, direction in
            self.pump(from, to, direction)
            let isLast = ends.withLock { count in
                count += 1
                return count == 2
            }
            // The other direction may go on; both done, nobody uses the sockets.
            guard isLast else { return }
            self.state.withLock { state in
                state.sockets.subtract([client, server])
                [client, server].forEach(Self.end)
            }
        }
        Thread.detachNewThread { pump(client, server, .up) }
        Thread.detachNewThread { pump(server, client, .down) }
    }

    private enum Direction {
        case up, down
    }

    private func pump(_ from: Int32, _ to: Int32, _ direction: Direction) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(from, &buffer, buffer.count)
            guard count > 0, pass(count, direction) else { break }
            guard buffer.withUnsafeBytes({ Self.sendAll($0[..<count], to: to) }) else { break }
        }
        shutdown(to, Int32(SHUT_WR))
        shutdown(from, Int32(SHUT_RD))
    }

    static func sendAll(_ bytes: Slice<UnsafeRawBufferPointer>, to socket: Int32) -> Bool {
        var rest = UnsafeRawBufferPointer(rebasing: bytes)
        while !rest.isEmpty {
            let written = send(socket, rest.baseAddress, rest.count, quiet)
            guard written > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return true
    }

    /// Counts bytes, unless they are not to get through.
    private func pass(_ count: Int, _ direction: Direction) -> Bool {
        while true {
            let (isCut, isSilent) = state.withLock { state in
                let total = state.sent + state.received + count
                switch state.fault {
                case .none: break
                case .cut(let limit): if total > limit { return (true, false) }
                case .silence(let limit): if total > limit { return (state.isClosed, true) }
                }
                switch direction {
                case .up: state.sent += count
                case .down: state.received += count
                }
                return (false, false)
            }
            if isCut { return false }
            if !isSilent { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }
}

/// Sockets on 127.0.0.1.
extension Wire {
    #if os(Linux)
    private static let stream = Int32(SOCK_STREAM.rawValue)
    static let quiet = Int32(MSG_NOSIGNAL)
    #else
    private static let stream = SOCK_STREAM
    static let quiet: Int32 = 0
    #endif

    static func end(_ socket: Int32) { _ = Foundation.close(socket) }

    private static func withAddress<Result>(
        _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// A socket that programs started meanwhile do not get.
    private static func newSocket() -> Int32 {
        let new = socket(AF_INET, stream, 0)
        keep(new)
        return new
    }

    private static func keep(_ socket: Int32) { _ = fcntl(socket, F_SETFD, FD_CLOEXEC) }

    private static func listen() throws -> (socket: Int32, port: Int) {
        let listener = newSocket()
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                withAddress(0, { bind(listener, $0, $1) }) == 0 && Foundation.listen(listener, 64) == 0
                    && getsockname(listener, name, &length) == 0
            }
        }
        guard named else { throw ProgramFailed(description: "no socket to listen at") }
        return (listener, Int(in_port_t(bigEndian: address.sin_port)))
    }

    static func open(_ port: Int) -> Int32? {
        let client = newSocket()
        if withAddress(port, { Foundation.connect(client, $0, $1) }) == 0 { return client }
        end(client)
        return nil
    }

    /// A port at which nobody listens.
    static func freePort() throws -> Int {
        let (socket, port) = try listen()
        end(socket)
        return port
    }

    static func isListening(_ port: Int) -> Bool {
        guard let client = open(port) else { return false }
        end(client)
        return true
    }
}
