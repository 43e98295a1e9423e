import Testing

@Suite("placeholder") struct PAmphoraGit { @Test func x() {} }
