import Testing

@testable import AmphoraCLI

@Suite("Tables")
struct TextTableTests {
    private func table(_ rows: [[String]]) -> TextTable {
        var table = TextTable([
            .init("VERSION", mayShrink: true), .init("SIZE", .right), .init("MESSAGE", mayShrink: true),
        ])
        for row in rows { table.append(row) }
        return table
    }

    @Test("Columns are as wide as their widest cell, and no spaces trail")
    func plain() {
        let table = table([["mnist-raw:v0", "1.4 KiB", "first"], ["convnet:v12", "52.4 MiB", ""]])
        #expect(
            table.render(width: nil) == """
                VERSION           SIZE  MESSAGE
                mnist-raw:v0   1.4 KiB  first
                convnet:v12   52.4 MiB

                """)
        #expect(table.render(width: 80) == table.render(width: nil))
    }

    @Test("In a narrow terminal the widest of the columns that may shrink are cut first")
    func narrow() {
        let table = table([
            ["mnist-raw:v0", "1.4 KiB", "a message that is much longer than all the others"],
            ["convnet:v12", "52.4 MiB", "short"],
        ])
        #expect(
            table.render(width: 40) == """
                VERSION           SIZE  MESSAGE
                mnist-raw:v0   1.4 KiB  a message that…
                convnet:v12   52.4 MiB  short

                """)
        #expect(
            table.render(width: 28) == """
                VERSION       SIZE  MESSAGE
                mnist-r…   1.4 KiB  a messa…
                convnet…  52.4 MiB  short

                """)
        // Not below 8 columns a cell: what is left would say nothing.
        #expect(table.render(width: 3) == table.render(width: 28))
    }

    @Test("No line is wider than the terminal, if columns may shrink", arguments: 28...100)
    func fits(width: Int) {
        let table = table([
            ["データセット:v0", "1 B", "一二三四五六七八九十一二三四五六七八九十"], ["🏺🏺🏺🏺🏺🏺:v1", "10.0 GiB", "e\u{301}t\u{E9} 👩‍👩‍👧‍👦 🇨🇭"],
        ])
        for line in table.render(width: width).split(separator: "\n") {
            #expect(String(line).displayWidth <= width)
            #expect(!line.hasSuffix(" "))
        }
    }

    @Test("Cells cannot drive the terminal or add lines")
    func hostileCells() {
        let text = table([["\u{1B}[2J", "a\nb", "\r\u{202E}x"]]).render(width: nil)
        #expect(text.split(separator: "\n").count == 2)
        #expect(text.hasSuffix(#"\u{1b}[2J  a\nb  \u{d}\u{202e}x"# + "\n"))
    }

    @Test("Without rows the titles remain")
    func empty() { #expect(table([]).render(width: 80) == "VERSION  SIZE  MESSAGE\n") }

    @Test(
        "Text takes the columns that a terminal gives it",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ﾊﾝ", 2), ("한글", 4), ("🏺", 2),
            ("❤️", 2),
            ("👩‍👩‍👧‍👦", 2), ("🇨🇭", 2), ("\u{200B}", 0), ("─└…", 3), ("Ж", 1), ("１", 2),
        ] as [(String, Int)])
    func displayWidth(text: String, width: Int) { #expect(text.displayWidth == width) }

    @Test(
        "Text is cut between grapheme clusters",
        arguments: [
            ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 4, "日…"), ("日本語", 5, "日本…"), ("ab", 1, "…"),
            ("a bc", 3, "a…"), ("ab", 0, ""),
        ] as [(String, Int, String)])
    func truncation(text: String, width: Int, result: String) {
        #expect(text.truncated(toWidth: width) == result)
    }
}
