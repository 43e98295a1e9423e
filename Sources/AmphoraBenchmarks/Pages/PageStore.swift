/// A store of 10,000 versions of 202 artifacts, and the 10,000 runs that made them, as git imports it.
///
/// The names, numbers and links come from a seed. `trained-model` has 2,400 versions, of which every third hundred is a chain; one
/// version of `features-00` was used by a thousand runs; `wide` has 50 fields of metadata, `many-files` 100,000 files, and the
/// first run of `train` a million points of metrics.
struct PageStore {
    private var stream = ImportStream()
    private var random = RandomStream(seed: 7, index: 0)
    private var versions: [String: [Version]] = [:]
    private var runCount = 0
    private let scale: Int

    private struct Version {
        let name: String
        let mark: Int
    }

    /// The ID of the run whose history is long.
    private(set) var longRun = ""
    /// The ID of a run with a history of an ordinary length.
    private(set) var run = ""

    /// What `git fast-import` reads.
    var bytes: [UInt8] { stream.bytes }

    /// - Parameter scale: By how much to divide all of it.
    init(scale: Int = 1) {
        self.scale = scale
        for _ in 0..<200 / scale { load("mnist-raw-\(random.below(10).padded(2))", files: files("data", 3)) }
        for number in 0..<2 {
            load(
                "many-files",
                files: (0..<100_000 / scale).map { index in
                    let content = index % 1000 == 0 ? "\(number) \(index)\n" : "\(index)\n"
                    return ("part-\((index / 1000).padded(3))/image-\(index.padded(6)).txt", content)
                })
        }
        for _ in 0..<22 { load("wide", files: files("table", 1), fields: 50) }
        for index in 0..<1200 / scale { preprocess("features-\((index % 40).padded(2))") }
        for index in 0..<2400 / scale { train(["trained-model"], isChain: index % 300 < 100) }
        for index in 0..<4000 / scale {
            let models = index % 4 == 0 ? 2 : 1
            train((0..<models).map { "model-\(((index + 50 * $0) % 100).padded(3))" }, isChain: false)
        }
        for index in 0..<1176 / scale { evaluate("report-\((index % 49).padded(2))") }
        while runCount < 10_000 / scale { deploy() }
        for (name, versions) in versions.sorted(by: { $0.key < $1.key }) {
            if let last = versions.last { stream.point("refs/heads/\(name)/latest", at: last.mark) }
            if versions.count > 2 {
                stream.point("refs/heads/\(name)/best", at: versions[versions.count / 2].mark)
            }
        }
    }

    // MARK: Steps of the pipeline

    private mutating func load(_ name: String, files: [(String, String)], fields: Int = 4) {
        record("load-data", using: [], logging: [(name, "dataset", files, metadata(fields))])
    }

    private mutating func preprocess(_ name: String) {
        let raw = any("mnist-raw-\(random.below(10).padded(2))")
        record(
            "preprocess-data", using: [raw],
            logging: [
                (name, "features", files("features", 2), ["normalize": "true", "expand_dims": "false"])
            ])
    }

    private mutating func train(_ names: [String], isChain: Bool) {
        let trained = versions["trained-model"] ?? []
        // The first thousand use the same features, as sweeps do.
        let features =
            trained.count < 1000 / scale
            ? versions["features-00"]?.first : any("features-\(random.below(40).padded(2))")
        let before = isChain ? trained.last : nil
        record(
            "train", using: [features, before],
            logging: names.map { ($0, "model", files("model", 3), metadata(6)) },
            steps: runCount % 10 == 0 ? 100 : 0)
    }

    private mutating func evaluate(_ name: String) {
        record(
            "evaluate", using: [any("trained-model"), any("features-\(random.below(40).padded(2))")],
            logging: [(name, "report", files("report", 1), ["accuracy": fraction()])])
    }

    private mutating func deploy() {
        record("deploy", using: [any("model-\(random.below(100).padded(3))")], logging: [])
    }

    private mutating func any(_ name: String) -> Version? {
        guard let all = versions[name], !all.isEmpty else { return nil }
        return all[random.below(all.count)]
    }

    // MARK: Contents

    private mutating func files(_ kind: String, _ count: Int) -> [(String, String)] {
        (0..<count).map { index in
            ("\(kind)-\(index).txt", "\(kind) \(random.next())\n\(random.next())\n")
        }
    }

    private mutating func fraction() -> String { "0.\((random.below(9_999) + 1).padded(4))" }

    private mutating func metadata(_ count: Int) -> [String: String] {
        let known = ["accuracy", "lr", "batch_size", "epochs", "framework", "layers"]
        return (0..<count).reduce(into: [:]) { fields, index in
            let key = index < known.count ? known[index] : "field_\(index.padded(2))"
            fields[key] =
                index == 4 ? "\"swift-nn 1.2\"" : index % 2 == 0 ? fraction() : "\(random.below(512))"
        }
    }

    private mutating func config() -> [String: String] {
        let rate = ["0.1", "0.03", "0.01", "0.003"][random.below(4)]
        return [
            "lr": rate, "batch_size": "\(32 << random.below(4))", "epochs": "\(5 + random.below(20))",
            "activation": "\"relu\"", "dropout": fraction(),
            "optimizer": object(["name": "\"adam\"", "beta": "0.9", "weight_decay": fraction()]),
        ]
    }

    private func object(_ fields: [String: String]) -> String {
        "{\(fields.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
    }

    // MARK: Versions and runs

    private mutating func record(
        _ jobType: String, using inputs: [Version?],
        logging outputs: [(
            name: String, type: String, files: [(String, String)], metadata: [String: String]
        )],
        steps: Int = 0
    ) {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let id = String((0..<8).map { _ in letters[random.below(36)] })
        let start = 1_767_225_600 + 900 * runCount
        let logged = outputs.map { output -> Version in
            let number = versions[output.name]?.count ?? 0
            let size = output.files.reduce(0) { $0 + $1.1.utf8.count }
            let mark = stream.commit(
                "refs/tags/\(output.name)/v\(number)", seconds: start + 600,
                """
                \(output.name): Made by \(jobType) on a day in spring

                Artifact-Format: 1
                Artifact-Name: \(output.name)
                Artifact-Type: \(output.type)
                Artifact-Files: \(output.files.count)
                Artifact-Size: \(size)
                Artifact-Metadata: \(object(output.metadata))
                Artifact-Run: \(id)

                """, output.files.map { .file(path: $0, content: $1) })
            let version = Version(name: "\(output.name):v\(number)", mark: mark)
            versions[output.name, default: []].append(version)
            return version
        }
        let notes = inputs.compactMap(\.self).map { ($0, "input") } + logged.map { ($0, "output") }
        let isLong = jobType == "train" && longRun.isEmpty
        if isLong { longRun = id } else if steps > 0 { run = id }
        _ = stream.commit(
            "refs/notes/runs/\(id)", seconds: start + 600, "\(jobType): step-\(runCount) (finished)\n",
            [.file(path: "run.json", content: runJSON(id, jobType, start))]
                + history(of: isLong ? 250_000 / scale : steps, start)
                + notes.map { version, role in
                    .note(
                        on: version.mark, content: "{\"artifact\":\"\(version.name)\",\"role\":\"\(role)\"}\n"
                    )
                })
        runCount += 1
    }

    private mutating func runJSON(_ id: String, _ jobType: String, _ start: Int) -> String {
        let state = random.below(30) == 0 ? "failed" : "finished"
        return object([
            "id": "\"\(id)\"", "name": "\"\(jobType)-\(runCount)\"", "project": "\"digits\"",
            "job_type": "\"\(jobType)\"", "state": "\"\(state)\"",
            "config": object(config()),
            "summary": object(["accuracy": fraction(), "loss": fraction(), "seconds": fraction()]),
            "created_at": "\"\(Self.date(start))\"", "finished_at": "\"\(Self.date(start + 600))\"",
            "user": "\"ada\"", "host": "\"workstation\"", "pid": "null",
            "command": "[\"python3\",\"\(jobType).py\",\"--fast\"]",
            "code": object(["commit": "\"0123456789abcdef0123456789abcdef01234567\"", "dirty": "false"]),
            "notes": "\"\"", "tags": "[\"sweep-\(runCount / 500)\"]", "sequence": "1",
        ]) + "\n"
    }

    /// Four metrics at each step.
    private mutating func history(of count: Int, _ start: Int) -> [ImportStream.Entry] {
        stride(from: 0, to: count, by: 10_000).enumerated().map { index, first in
            let lines = (first..<min(first + 10_000, count)).map { step in
                """
                {"_step":\(step),"_time":\(start + step / 100),"epoch":\(step / 100),"train/loss":\(fraction()),\
                "validation/accuracy":\(fraction()),"validation/loss":\(fraction())}

                """
            }
            return .file(path: "history/\(index.padded(6)).jsonl", content: lines.joined())
        }
    }

    /// A moment of the year 2026, in RFC 3339.
    private static func date(_ seconds: Int) -> String {
        var day = (seconds - 1_767_225_600) / 86_400
        var month = 0
        for length in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30] where day >= length && month < 11 {
            day -= length
            month += 1
        }
        let clock = seconds % 86_400
        return "2026-\((month + 1).padded(2))-\((day + 1).padded(2))T"
            + "\((clock / 3600).padded(2)):\((clock / 60 % 60).padded(2)):\((clock % 60).padded(2)).000Z"
    }
}

extension Int {
    /// With zeros in front.
    func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
