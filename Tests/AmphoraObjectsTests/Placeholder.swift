import Testing

@Suite("placeholder") struct PAmphoraObjects { @Test func x() {} }
