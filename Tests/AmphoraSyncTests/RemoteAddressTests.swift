import Testing

@testable import AmphoraSync

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

    @Test(arguments: [
        ("https://me:secret@host/x", "https://host/x"), ("https://token@host/x", "https://host/x"),
        ("ssh://me@host/x", "ssh://me@host/x"), ("ssh://me:secret@host/x", "ssh://me@host/x"),
        ("https://host/a@b", "https://host/a@b"),
    ])
    func secretsAreNotShown(text: String, shown: String) throws {
        #expect("\(try RemoteAddress(text))" == shown)
        #expect(!InvalidRemoteAddress(text: "ftp://me:secret@host/x").message.contains("secret"))
    }

    @Test func secretsAreHiddenInWhatGitSays() {
        let told = "fatal: unable to access 'https://token:x@host/y'"
        #expect(
            RemoteSecrets("https://token:x@host/y").hidden(told) == "fatal: unable to access 'https://host/y'"
        )
        #expect(RemoteSecrets("ssh://me:x@host/y").hidden("to ssh://me:x@host/y") == "to ssh://me@host/y")
        #expect(RemoteSecrets("me@host:y").hidden("me@host") == "me@host")
    }

    @Test(arguments: [
        ("https://host/team/digits.git", "digits"), ("https://me:x@host", "store"),
        ("me@host:digits.git", "digits"),
        ("me@host:team/digits", "digits"), ("/mnt/digits.git/", "digits"), ("../project/.amphora", "project"),
    ])
    func aCloneIsCalledLikeTheRemote(text: String, folder: String) throws {
        #expect(try RemoteAddress(text).suggestedFolder(isBare: false) == folder)
    }
}
