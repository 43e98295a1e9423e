import AmphoraSync
import Testing

@Suite struct RemoteAddressTests {
    @Test(arguments: [
        ("/mnt/team/digits.git", RemoteAddress.folder("/mnt/team/digits.git")),
        ("../other", .folder("../other")), ("./a:b", .folder("./a:b")),
        ("https://example.org/digits.git", .url("https://example.org/digits.git")),
        ("me@host:digits.git", .url("me@host:digits.git")), ("host:digits", .url("host:digits")),
        ("file:///mnt/digits.git", .url("file:///mnt/digits.git")),
    ])
    func tellsFoldersFromURLs(text: String, expected: RemoteAddress) throws {
        #expect(try RemoteAddress(text) == expected)
    }

    @Test(arguments: [
        "", "-oProxyCommand=x", "--upload-pack=x", "ext::sh -c x", "fd::3", "ftp://host/x", "a\nb", ":x",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(throws: InvalidRemoteAddress.self) { try RemoteAddress(text) }
    }

    @Test func passwordsAreNotShown() throws {
        #expect("\(try RemoteAddress("https://me:secret@host/x"))" == "https://me@host/x")
        #expect("\(try RemoteAddress("https://me@host/x"))" == "https://me@host/x")
    }
}
