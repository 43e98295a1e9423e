import Testing

@Suite("placeholder") struct PAmphoraPack { @Test func x() {} }
