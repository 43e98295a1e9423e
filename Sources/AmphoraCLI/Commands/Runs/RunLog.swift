import Amphora
import ArgumentParser
import FoundationEssentials

struct RunLog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Log metrics or images to a run",
        discussion: """
            With --stdin, each line of standard input is a JSON object with one step's metrics; `_step` in it \
            gives the step.

            Examples:
              amphora run log --step 25 train/loss=0.31 epoch=1
              python train.py | amphora run log --stdin
              amphora run log --image hardest=7.png --caption 'a 7 taken for a 1'
            """)

    @Argument(help: ArgumentHelp("Metrics of one step", valueName: "key=value"))
    var metrics: [String] = []

    @Option(help: "The step (default: the one after the last)")
    var step: Int?

    @Flag(help: "Read metrics from standard input, a JSON object a line")
    var stdin = false

    @Option(
        name: .customLong("image"), help: ArgumentHelp("A PNG file; may be repeated", valueName: "key=file"))
    var images: [String] = []

    @Option(name: .customLong("caption"), help: "The caption of the image at the same place; may be repeated")
    var captions: [String] = []

    @Option(name: .customLong("run"), help: "The run (default: AMPHORA_RUN)")
    var runName: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if metrics.isEmpty, images.isEmpty, !stdin { throw ValidationError("nothing to log: give key=value") }
        if captions.count > images.count { throw ValidationError("there are more captions than images") }
    }

    func run() throws {
        let run = try CurrentRun.require(runName, in: global.openStore())
        let pairs = try JSONArgument.pairs(metrics)
        if !pairs.isEmpty { try run.log(metrics: pairs, step: step) }
        for (index, text) in images.enumerated() {
            guard let equals = text.firstIndex(of: "=") else { throw InvalidPair(text: text) }
            let path = String(text[text.index(after: equals)...])
            guard let data = FileManager.default.contents(atPath: path) else {
                throw UnreadableFile(path: path)
            }
            let caption = index < captions.count ? captions[index] : ""
            try run.log(
                images: [(PNGImage(png: Array(data)), caption)], key: String(text[..<equals]), step: step ?? 0
            )
        }
        if stdin {
            do {
                try logLines(to: run)
            } catch {
                try run.flush()
                throw error
            }
        }
        try run.flush()
        try global.output.write(["run": .string(run.id.rawValue)], text: "")
    }

    private func logLines(to run: Run) throws {
        var number = 0
        while let line = readLine() {
            number += 1
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            guard var metrics = (try? JSONValue(parsing: line))?.object else {
                throw InvalidLine(number: number)
            }
            let step = metrics.removeValue(forKey: "_step")?.int
            metrics["_time"] = nil
            try run.log(metrics: metrics, step: step)
        }
    }
}

/// A line of input that is no JSON object.
struct InvalidLine: UserFacingError {
    let number: Int
    var code: ErrorCode { .invalidArgument }
    var message: String { "line \(number) of standard input is not a JSON object" }
    var hint: String? { "The lines before it are logged." }
}
