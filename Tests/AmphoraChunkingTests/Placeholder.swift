import Testing

@Suite("placeholder") struct PAmphoraChunking { @Test func x() {} }
