import Amphora
import ArgumentParser
import FoundationEssentials

struct RunLog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Log metrics or images to a run",
        discussion: """
            Each call saves the run. In a loop use --stdin, which saves twice a minute: each line of standard input is a JSON object with one step's metrics; `_step` in it \
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
            guard let equals = text.firstIndex(of: "=") else {
                throw InvalidPair(text: text, form: "key=file")
            }
            let path = String(text[text.index(after: equals)...])
            guard let data = FileManager.default.contents(atPath: path) else {
                throw UnreadableFile(path: path)
            }
            let caption = index < captions.count ? captions[index] : ""
            try run.log(
                images: [(PNGImage(png: Array(data)), caption)], key: String(text[..<equals]), step: step ?? 0
            )
        }
        let leftOut = stdin ? try logLines(to: run) : []
        try run.flush()
        try global.output.write(["run": .string(run.id.rawValue)], text: "")
        run.store.tidyUp()
        if !leftOut.isEmpty { throw LinesLeftOut(numbers: leftOut) }
    }

    /// Logs what can be logged, and tells of the rest: whoever trains must not lose the steps that follow.
    ///
    /// - Returns: The numbers of the lines that were left out.
    private func logLines(to run: Run) throws -> [Int] {
        var number = 0
        var leftOut: [Int] = []
        while let line = readLine() {
            number += 1
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            do {
                guard var metrics = try JSONValue(parsing: line).object else { throw NotAnObject() }
                let step = metrics.removeValue(forKey: "_step")?.int
                metrics["_time"] = nil
                try run.log(metrics: metrics, step: step)
            } catch {
                guard (error as? any UserFacingError)?.code == .invalidArgument else { throw error }
                global.output.notice("line \(number) left out: \(ErrorReport(error).message)")
                leftOut.append(number)
            }
        }
        return leftOut
    }

    private struct NotAnObject: UserFacingError {
        var code: ErrorCode { .invalidArgument }
        var message: String { "not a JSON object" }
    }
}

/// Lines of input that could not be logged.
struct LinesLeftOut: UserFacingError {
    let numbers: [Int]
    var code: ErrorCode { .invalidArgument }
    var message: String {
        "\(Format.count(numbers.count, "line")) of standard input could not be logged, the first is \(numbers[0])"
    }
    var hint: String? { "The others are logged. JSON has no NaN and no infinity: write null, or text." }
}
