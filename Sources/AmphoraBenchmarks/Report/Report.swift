/// The tables of a comparison, in Markdown.
struct Report {
    let machine: Machine
    let measurements: [Measurement]

    /// The parts of the document that these measurements say something of.
    var parts: [(name: String, content: String)] {
        let measured = Workload.allCases.filter { workload in
            measurements.contains { $0.workload == workload }
        }
        return [("machine", machineText), ("targets", targets(measured))]
            + measured.map { ($0.rawValue, tables(of: $0)) }
    }

    private var machineText: String {
        """
        \(machine.processor), \(machine.coreCount) cores; \(machine.kernel); \(machine.fileSystem).

        Versions: \(machine.versionText).

        """
    }

    private func targets(_ workloads: [Workload]) -> String {
        var table = MarkdownTable(titles: ["workload"] + Target.titles)
        for workload in workloads {
            let summary = Summary(workload, measurements)
            table.rows += Target.all(of: workload).compactMap { target in
                target.row(in: summary).map { [workload.rawValue] + $0 }
            }
        }
        return table.text
    }

    private func tables(of workload: Workload) -> String {
        let summary = Summary(workload, measurements)
        return """
            \(summary.introduction)

            \(times(summary).text)
            \(costs(summary).text)
            """
    }

    /// Seconds, and how many times what `cp -r` and `openssl dgst -sha1` took in the same round.
    private func times(_ summary: Summary) -> MarkdownTable {
        var table = MarkdownTable(
            titles: ["seconds"]
                + Step.storing.flatMap { step in
                    switch step {
                    case .putFirst, .putSecond: [step.rawValue, "× cp", "× S"]
                    case .get: [step.rawValue, "× cp"]
                    default: [step.rawValue]
                    }
                })
        for system in summary.systems {
            func ratio(_ step: Step, _ other: System) -> String {
                cell(summary.ratio(.seconds(step), of: system, to: other.name))
            }
            table.rows.append(
                [system]
                    + Step.storing.flatMap { step in
                        let seconds = cell(summary.median(.seconds(step), of: system))
                        return switch step {
                        case .putFirst, .putSecond:
                            [seconds, ratio(step, .copy), ratio(step, .checksum)]
                        case .get: [seconds, ratio(step, .copy)]
                        default: [seconds]
                        }
                    })
        }
        return table
    }

    /// Processor, disk and memory.
    private func costs(_ summary: Summary) -> MarkdownTable {
        var table = MarkdownTable(
            titles: [
                "costs", "CPU s, put v1", "put v2", "get", "stored MiB", "growth v2 MiB", "peak MiB",
            ])
        for system in summary.systems {
            let seconds = [Step.putFirst, .putSecond, .get].map {
                cell(summary.median(.cpuSeconds($0), of: system))
            }
            let mebibytes = [Quantity.growth(.putFirst), .growth(.putSecond), .peak].map {
                cell(summary.median($0, of: system).map { $0 / 0x1p20 })
            }
            table.rows.append([system] + seconds + mebibytes)
        }
        return table
    }

    private func cell(_ value: Double?) -> String { value?.text ?? "–" }
}
