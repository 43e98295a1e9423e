import Foundation
import NIOCore
import Testing

@testable import AmphoraWeb

/// Where a server says that it is.
@Suite struct ListeningTests {
    private static let machine = [
        "127.0.0.1", "::1", "169.254.3.4", "fe80::1", "192.0.2.7", "2001:db8::7", "10.0.0.1",
    ]

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:8470/"),
        ("localhost", "127.0.0.1", "http://localhost:8470/"),
        ("::1", "::1", "http://[::1]:8470/"),
        ("example.com", "192.0.2.7", "http://example.com:8470/"),
        ("2001:db8::7", "2001:db8::7", "http://[2001:db8::7]:8470/"),
        ("0.0.0.0", "0.0.0.0", "http://192.0.2.7:8470/"),
        ("0", "0.0.0.0", "http://192.0.2.7:8470/"),
        ("::", "::", "http://[2001:db8::7]:8470/"),
    ])
    func theAddressIsOneThatOpens(_ host: String, _ local: String, _ url: String) throws {
        let local = try SocketAddress(ipAddress: local, port: 8470)
        let machine = try Self.machine.map { try SocketAddress(ipAddress: $0, port: 0) }
        #expect(ListeningAddress.url(host, local, machine: machine, token: nil) == url)
        #expect(ListeningAddress.url(host, local, machine: machine, token: "t") == "\(url)?token=t")
    }

    @Test(arguments: [
        ("::", ["127.0.0.1", "192.0.2.7"], "http://192.0.2.7:1/"),
        ("::", ["127.0.0.1", "::1"], "http://[::1]:1/"), ("0.0.0.0", ["2001:db8::7"], "http://127.0.0.1:1/"),
    ])
    func aMachineMayHaveFewAddresses(_ host: String, _ addresses: [String], _ url: String) throws {
        let machine = try addresses.map { try SocketAddress(ipAddress: $0, port: 0) }
        let local = try SocketAddress(ipAddress: host, port: 1)
        #expect(ListeningAddress.url(host, local, machine: machine, token: nil) == url)
    }

    @Test(arguments: [EADDRINUSE, EACCES, EADDRNOTAVAIL]) func whatCannotBeListenedOnSaysWhatToDo(
        _ number: CInt
    )
        throws
    {
        let error = try #require(
            CannotListen(IOError(errnoCode: number, reason: "bind"), WebServer.Configuration()))
        #expect(error.message.contains("127.0.0.1, port 8470"))
        #expect(error.hint != nil)
    }
}

/// Parts of files.
@Suite struct ByteRangeTests {
    @Test(
        arguments: [
            (nil, .whole), ("bytes=0-9", .part(0..<10)), ("bytes=0-0", .part(0..<1)),
            ("BYTES=1-2", .part(1..<3)),
            ("bytes=90-", .part(90..<100)), ("bytes=90-200", .part(90..<100)), ("bytes=-5", .part(95..<100)),
            ("bytes=-500", .part(0..<100)), ("bytes=100-", .nothing), ("bytes=-0", .nothing),
            ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("bytes=", .whole), ("bytes=-", .whole),
            ("bytes=a-b", .whole), ("bytes=+1-2", .whole), ("bytes=1-2-3", .whole), ("items=0-9", .whole),
            ("bytes=0-99999999999999999999", .whole), ("bytes=99999999999999999999-", .whole), ("", .whole),
            ("bytes=\u{661}-\u{662}", .whole),
        ] as [(String?, ByteRange)])
    func aRangeIsReadAsTheRFCSays(_ header: String?, _ range: ByteRange) {
        #expect(ByteRange(header, of: 100) == range)
    }

    @Test func anEmptyFileHasNoRanges() {
        #expect(ByteRange("bytes=0-", of: 0) == .nothing)
        #expect(ByteRange("bytes=-5", of: 0) == .nothing)
    }
}
