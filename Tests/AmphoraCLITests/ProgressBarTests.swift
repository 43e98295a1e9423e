import AmphoraObjects
import Synchronization
import Testing

@testable import AmphoraCLI

@Suite("Progress")
struct ProgressBarTests {
    private let restoring = Progress(
        activity: "restoring", fileCount: 1234, totalFileCount: 20_000, byteCount: 54_945_382,
        totalByteCount: 73_000_000)
    private let reading = Progress(
        activity: "reading", fileCount: 0, totalFileCount: 0, byteCount: 0, totalByteCount: 0)

    @Test(
        "The line leaves out what does not fit, the least important first",
        arguments: [
            (100, "restoring  ███████░░░  1,234/20,000 files  52.4 MiB  4.4 MiB/s  0:12"),
            (67, "restoring  ███████░░░  1,234/20,000 files  52.4 MiB  4.4 MiB/s"),
            (54, "restoring  ███████░░░  1,234/20,000 files  52.4 MiB"),
            (45, "restoring  ███████░░░  1,234/20,000 files"), (35, "restoring  1,234/20,000 files"),
            (20, "restoring"), (5, "rest…"), (0, ""), (-3, ""),
        ] as [(Int, String)])
    func line(width: Int, line: String) {
        #expect(ProgressBar.line(restoring, elapsed: .seconds(12), width: width) == line)
    }

    @Test("No line is wider than asked for", arguments: 0...90)
    func neverTooWide(width: Int) {
        #expect(ProgressBar.line(restoring, elapsed: .seconds(12), width: width).displayWidth <= width)
    }

    @Test("What is not known is left out")
    func unknownTotals() {
        #expect(ProgressBar.line(reading, elapsed: .zero, width: 80) == "reading  0:00")
        var progress = reading
        progress.fileCount = 1
        #expect(ProgressBar.line(progress, elapsed: .seconds(1), width: 80) == "reading  1 file  0:01")
        progress.totalFileCount = 2
        #expect(
            ProgressBar.line(progress, elapsed: .seconds(1), width: 80)
                == "reading  █████░░░░░  1/2 files  0:01")
    }

    @Test("Numbers beyond their totals and nonsense are drawn all the same")
    func nonsense() {
        let wild = Progress(
            activity: "a\u{1B}b\n", fileCount: -1, totalFileCount: 1, byteCount: .max, totalByteCount: 1)
        #expect(
            ProgressBar.line(wild, elapsed: .zero, width: 80)
                == #"a\u{1b}b\n  ██████████  -1/1 file  8.0 EiB  0:00"#)
    }

    @Test("The display waits, draws at most ten times a second, and clears its line")
    func display() {
        let terminal = FakeTerminal()
        let display = ProgressDisplay(
            width: { 80 }, elapsed: { terminal.now.withLock { $0 } },
            write: { text in terminal.text.withLock { $0.append(text) } })
        for millisecond in 0..<1000 {
            terminal.now.withLock { $0 = .milliseconds(millisecond) }
            display.handler(reading)
        }
        #expect(terminal.text.withLock { $0 } == Array(repeating: "\r\u{1B}[Kreading  0:00", count: 7))
        display.finish()
        display.finish()
        display.update(reading)
        #expect(terminal.text.withLock { $0.count } == 8)
        #expect(terminal.text.withLock { $0.last } == "\r\u{1B}[K")
    }

    @Test("Each activity has its own time")
    func activities() {
        let terminal = FakeTerminal()
        let display = ProgressDisplay(
            width: { 80 }, elapsed: { terminal.now.withLock { $0 } },
            write: { text in terminal.text.withLock { $0.append(text) } })
        display.update(reading)
        terminal.now.withLock { $0 = .seconds(5) }
        display.update(reading)
        terminal.now.withLock { $0 = .seconds(6) }
        display.update(restoring)
        #expect(terminal.text.withLock { $0.map { $0.suffix(4) } } == ["0:05", "0:00"])
    }

    @Test("Work that is done soon, and a display without a terminal, write nothing")
    func silence() {
        let terminal = FakeTerminal()
        let write: @Sendable (String) -> Void = { text in terminal.text.withLock { $0.append(text) } }
        let quick = ProgressDisplay(width: { 80 }, elapsed: { .zero }, write: write)
        quick.update(reading)
        quick.finish()
        let none = ProgressDisplay(width: nil, elapsed: { .seconds(100) }, write: write)
        none.update(reading)
        none.finish()
        #expect(terminal.text.withLock { $0.isEmpty })
    }

    @Test("Many threads may report at once")
    func threads() async {
        let terminal = FakeTerminal()
        let display = ProgressDisplay(
            width: { 80 },
            elapsed: {
                terminal.now.withLock {
                    $0 += .milliseconds(1); return $0
                }
            },
            write: { text in terminal.text.withLock { $0.append(text) } })
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<250 { display.update(reading) } } }
        }
        display.finish()
        #expect(terminal.text.withLock { $0.count } <= 9)
    }

    private final class FakeTerminal: Sendable {
        let now = Mutex(Duration.zero)
        let text = Mutex<[String]>([])
    }
}
