import Testing

@Suite("placeholder") struct PAmphoraInterop { @Test func x() {} }
