import AmphoraObjects
import Foundation
import Testing

@Suite("Times in records")
struct TimestampTests {
    @Test(
        "A time is written in UTC to the millisecond, and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_341_845.125, "2026-11-22T10:04:05.125Z"),
            (-1.5, "1969-12-31T23:59:58.500Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
            (4_102_444_799.75, "2099-12-31T23:59:59.750Z"),
        ])
    func forms(seconds: Double, text: String) throws {
        #expect(Timestamp.text(Date(timeIntervalSince1970: seconds)) == text)
        let date = try #require(Timestamp.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.001)
        #expect(Timestamp.text(date) == text)
    }

    @Test("Every day of four centuries is read as the day that it is")
    func days() throws {
        for day in 0..<146_100 where day % 7 == 0 || day % 1461 < 62 {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 3_723.5)
            #expect(Timestamp.date(Timestamp.text(date)) == date)
        }
    }

    @Test("Every millisecond keeps its text when it is read and written again")
    func stability() throws {
        for millisecond in 0..<1000 {
            let fraction = String(1000 + millisecond).dropFirst()
            let text = "2026-11-22T10:04:05.\(fraction)Z"
            #expect(try Timestamp.text(#require(Timestamp.date(text))) == text)
        }
    }

    @Test(
        "A time without a fraction, or of another zone, is read",
        arguments: [
            ("2026-11-22T10:04:05Z", 1_795_341_845), ("2026-11-22T12:04:05+02:00", 1_795_341_845),
            ("2026-11-22T12:04:05.500+02:00", 1_795_341_845.5), ("2026-11-22T10:04:05+00:00", 1_795_341_845),
        ])
    func foreign(text: String, seconds: Double) throws {
        #expect(try #require(Timestamp.date(text)).timeIntervalSince1970 == seconds)
    }

    @Test(
        "Text that is no time is none",
        arguments: [
            "", "now", "2026-11-22", "10:04:05Z", "2026-13-22T10:04:05Z", "2026-11-22 10:04", "1795341845",
        ])
    func malformed(text: String) {
        #expect(Timestamp.date(text) == nil)
    }
}
