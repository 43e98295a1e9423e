import Testing

@testable import AmphoraBenchmarks

/// A measurement of version 1 or 2 of a workload of 1 MiB.
func measurement(
    _ system: String, _ step: Step, round: Int, seconds: Double, growth: Int? = nil, peak: Int = 0,
    workload: Workload = .weights
) -> Measurement {
    Measurement(
        workload: workload, sourceByteCount: 1 << 20, round: round, system: system, step: step,
        cost: ProcessCost(
            seconds: seconds, cpuSeconds: 2 * seconds, peakByteCount: peak, readByteCount: nil,
            writtenByteCount: nil),
        growthByteCount: growth)
}

@Suite("Summaries")
struct SummaryTests {
    private static let times: [(String, [Double])] = [
        ("cp -r", [1, 2, 10]), ("openssl sha1", [2, 2, 2]), ("amphora", [2, 3, 5]), ("git", [4, 2, 20]),
        ("borg", [8, 12, 10]),
    ]

    private let measurements = (0..<3).flatMap { round in
        SummaryTests.times.flatMap { system, seconds in
            [
                measurement(
                    system, .putFirst, round: round + 1, seconds: seconds[round], growth: 3 << 20, peak: 7),
                measurement(system, .get, round: round + 1, seconds: 1, peak: 9),
            ]
        }
    }

    @Test("The median is the middle one, or the mean of the two in the middle")
    func median() {
        #expect([3, 1, 2].median == 2)
        #expect([4, 1, 2, 3].median == 2.5)
        #expect([Double]().median == nil)
    }

    @Test("Ratios are of the same round; the median is of the ratios")
    func ratios() {
        let summary = Summary(.weights, measurements)
        #expect(summary.roundCount == 3)
        #expect(summary.systems == Self.times.map(\.0))
        #expect(summary.median(.seconds(.putFirst), of: "amphora") == 3)
        #expect(summary.median(.cpuSeconds(.putFirst), of: "amphora") == 6)
        // 2, 1.5 and 0.5: not 3 / 2, which would be of different rounds.
        #expect(summary.ratio(.seconds(.putFirst), of: "amphora", to: "cp -r") == 1.5)
        // 2 / 4, 3 / 2, 5 / 10.
        #expect(summary.ratio(.seconds(.putFirst), of: "amphora", toLeastOf: ["git", "borg"]) == 0.5)
        #expect(summary.ratio(.seconds(.putSecond), of: "amphora", to: "cp -r") == nil)
        #expect(summary.ratio(.seconds(.putFirst), of: "amphora", toLeastOf: ["dvc"]) == nil)
        #expect(summary.median(.peak, of: "amphora") == 9, "of all steps")
    }

    @Test("A round that one system has not ended counts for the others")
    func incomplete() {
        let rest = measurements.filter { !($0.system == "cp -r" && $0.round == 1) }
        let summary = Summary(.weights, rest)
        #expect(summary.median(.seconds(.putFirst), of: "amphora") == 3)
        #expect(summary.ratio(.seconds(.putFirst), of: "amphora", to: "cp -r") == 1)
    }

    @Test("Targets are measured in their unit")
    func targets() {
        let summary = Summary(.weights, measurements)
        func measured(_ quantity: Quantity, _ unit: Target.Unit) -> Double? {
            Target(quantity, 1, unit).measured(in: summary)
        }
        #expect(measured(.seconds(.putFirst), .seconds) == 3)
        #expect(measured(.seconds(.putFirst), .checksum) == 1.5)
        #expect(measured(.seconds(.putFirst), .copy) == 1.5)
        #expect(measured(.seconds(.putFirst), .peer) == 0.5)
        #expect(measured(.growth(.putFirst), .source) == 3)
        #expect(measured(.growth(.putFirst), .mebibytes) == 3)
        #expect(measured(.seconds(.getAgain), .seconds) == nil)
        #expect(Target(.growth(.putFirst), 0.003, .source).text(0.003) == "0.30 % of the files")
    }

    @Test("Every target has a measured value, or is left out of the table")
    func report() throws {
        var machine = Machine(folder: "/", coreCount: 2)
        machine.versions = ["git": "git version 2"]
        let parts = Dictionary(
            uniqueKeysWithValues: Report(machine: machine, measurements: measurements).parts.map {
                ($0.name, $0.content)
            })
        #expect(parts.keys.sorted() == ["machine", "targets", "weights"])
        #expect(
            parts["targets"] == """
                | workload | step | target | measured | met |
                | --- | --: | --: | --: | --: |
                | weights | put v1 | ≤ 2.20 S | 1.50 S | yes |
                | weights | get | ≤ 1.50 cp | 1.00 cp | yes |
                | weights | peak memory | ≤ 200 MiB | 0.00 MiB | yes |
                | weights | put v1 | ≤ 1.00 × best peer | 0.50 × best peer | yes |
                | weights | get | ≤ 1.00 × best peer | 1.00 × best peer | yes |

                """)
        let weights = try #require(parts["weights"])
        #expect(weights.contains("\n| amphora | 3.00 | 1.50 | 1.50 | – | – | – | – | 1.00 | 1.00 | – |\n"))
        #expect(weights.contains("\n| amphora | 6.00 | – | 2.00 | 3.00 | – | 0.00 |\n"))
    }

    @Test("A target that is missed says so")
    func missed() {
        let slow = [
            measurement("openssl sha1", .putFirst, round: 1, seconds: 1),
            measurement("amphora", .putFirst, round: 1, seconds: 9),
        ]
        let report = Report(machine: Machine(folder: "/", coreCount: 1), measurements: slow)
        #expect(report.parts[1].content.contains("| weights | put v1 | ≤ 2.20 S | 9.00 S | **no** |"))
    }

    @Test("A transfer is held against git with the same store, its bytes against the files")
    func sync() throws {
        let times = [(System.gitOfStore.name, 2.0), (System.amphoraByURL.name, 1.0)]
        var measurements = times.flatMap { system, seconds in
            Step.syncing.flatMap { step in
                (1...3).map { measurement(system, step, round: $0, seconds: seconds, growth: 512 << 10) }
            }
        }
        var counted = measurement(System.amphoraByURL.name, .pushSecond, round: 1, seconds: 99)
        counted.wireByteCount = 1 << 20
        measurements.append(counted)
        let report = SyncReport(machine: Machine(folder: "/", coreCount: 1), measurements: measurements)
        let content = try #require(report.parts.first?.content)
        #expect(content.contains("\n| amphora, URL | push v1 | ≤ 1.30 × git | 0.50 × git | yes |\n"))
        #expect(
            content.contains("\n| amphora, URL | 1.00 | 0.50 | 1.00 | 0.50 | 1.00 | 0.50 | 1.00 | 0.50 |\n"))
        // What was counted on the wire, and where nothing was, what came.
        #expect(
            content.contains("\n| amphora, URL | 0.50 | 0.50 | 1.00 | 0.50 | 100 | 50.0 | – | – | – | – |\n"))
    }

    @Test("More cores are compared with the first row")
    func cores() {
        let measurements = [
            measurement("1 core", .putFirst, round: 1, seconds: 3),
            measurement("2 cores", .putFirst, round: 1, seconds: 2),
        ]
        let text = CoresTable.text(.weights, measurements)
        #expect(text.contains("| 1 core | 3.00 | 1.00 | 6.00 |"))
        #expect(text.contains("| 2 cores | 2.00 | 1.50 | 4.00 |"))
    }
}
