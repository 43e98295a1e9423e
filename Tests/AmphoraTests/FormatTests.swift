import FoundationEssentials
import Testing

@testable import Amphora

@Suite("Numbers and times for people")
struct FormatTests {
    @Test(
        "Bytes are in binary units with one decimal",
        arguments: [
            (0, "0 B"), (532, "532 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1434, "1.4 KiB"),
            (54_945_382, "52.4 MiB"), (1_048_524, "1023.9 KiB"), (1_048_575, "1.0 MiB"), (1 << 40, "1.0 TiB"),
            (.max, "8.0 EiB"), (-532, "-532 B"), (-1434, "-1.4 KiB"), (.min, "-8.0 EiB"),
        ] as [(Int, String)])
    func bytes(count: Int, text: String) { #expect(Format.bytes(count) == text) }

    @Test(
        "Numbers have a comma before every three digits",
        arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")])
    func number(value: Int, text: String) { #expect(Format.number(value) == text) }

    @Test("Nouns follow their numbers")
    func count() {
        #expect(Format.count(0, "file") == "0 files")
        #expect(Format.count(1, "file") == "1 file")
        #expect(Format.count(20_000, "file") == "20,000 files")
        #expect(Format.count(2, "alias", plural: "aliases") == "2 aliases")
    }

    @Test(
        "Durations are in their two largest units",
        arguments: [
            (0.0, "0 ms"), (0.04, "40 ms"), (0.0996, "0.1 s"), (0.8, "0.8 s"), (59.94, "59.9 s"),
            (59.96, "1 min"),
            (125, "2 min 5 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h"), (12_000, "3 h 20 min"),
            (187_200, "2 d 4 h"), (-3, "0 ms"),
        ] as [(Double, String)])
    func duration(seconds: Double, text: String) {
        #expect(Format.duration(.seconds(seconds)) == text)
    }

    @Test(
        "Clocks show minutes and seconds, and hours when there are any",
        arguments: [(0.0, "0:00"), (12.9, "0:12"), (725, "12:05"), (3723, "1:02:03"), (-1, "0:00")]
            as [(Double, String)])
    func clock(seconds: Double, text: String) { #expect(Format.clock(.seconds(seconds)) == text) }

    @Test(
        "Dates are in UTC",
        arguments: [
            (0.0, "1970-01-01 00:00:00"), (1_795_341_845, "2026-11-22 10:04:05"),
            (1_795_341_845.9, "2026-11-22 10:04:05"), (951_782_400, "2000-02-29 00:00:00"),
        ] as [(Double, String)])
    func date(seconds: Double, text: String) {
        #expect(Format.date(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test(
        "Ages are in their largest unit",
        arguments: [
            (3.0, "just now"), (42, "42 s ago"), (185, "3 min ago"), (3600, "1 h ago"), (86_400, "1 day ago"),
            (86_400 * 20, "20 days ago"), (86_400 * 70, "2 months ago"), (86_400 * 364, "11 months ago"),
            (86_400 * 800, "2 years ago"), (-5, "just now"), (-185, "in 3 min"),
        ] as [(Double, String)])
    func age(seconds: Double, text: String) {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(Format.age(of: now.addingTimeInterval(-seconds), now: now) == text)
    }
}
