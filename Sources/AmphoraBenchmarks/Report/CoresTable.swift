/// What more cores bring.
enum CoresTable {
    /// A table in Markdown of one workload, with a system for each number of cores.
    static func text(_ workload: Workload, _ measurements: [Measurement]) -> String {
        let summary = Summary(workload, measurements)
        let steps = [Step.putFirst, .putSecond, .get]
        var table = MarkdownTable(
            titles: ["\(workload.rawValue), seconds"] + steps.flatMap { [$0.rawValue, "speed-up", "CPU s"] })
        for system in summary.systems {
            table.rows.append(
                [system]
                    + steps.flatMap { step in
                        let speedUp = summary.systems.first.flatMap {
                            summary.ratio(.seconds(step), of: $0, to: system)
                        }
                        return [
                            summary.median(.seconds(step), of: system), speedUp,
                            summary.median(.cpuSeconds(step), of: system),
                        ].map { $0?.text ?? "–" }
                    })
        }
        return table.text
    }
}
