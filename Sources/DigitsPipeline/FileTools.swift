import Amphora

/// The steps as plain programs that read and write files, and know nothing of artifacts.
///
/// `amphora run -- digits-pipeline train …` in a shell script makes the same pipeline of them.
enum FileTools {
    private static let usage = """
        digits-pipeline                          run the whole pipeline in the store around this folder
        digits-pipeline split OUT                write training, validation and test sets into a folder
        digits-pipeline preprocess IN OUT        make tensors of the sets in a folder
        digits-pipeline initialize MODEL         write an untrained network
        digits-pipeline train DATA MODEL OUT     train it; prints metrics, a JSON object a step
        digits-pipeline evaluate DATA MODEL      prints loss=… and accuracy=… on the test set
        """

    private static let parts = ["training", "validation", "test"]

    static func run(_ arguments: [String]) throws {
        switch (arguments[0], arguments.count) {
        case ("-h", 1), ("--help", 1), ("help", 1): print(usage)
        case ("split", 2): try split(into: arguments[1])
        case ("preprocess", 3): try preprocess(arguments[1], into: arguments[2])
        case ("initialize", 2): try Disk.write(Network(NetworkConfiguration()).encoded(), to: arguments[1])
        case ("train", 4): try train(on: arguments[1], arguments[2], into: arguments[3])
        case ("evaluate", 3): try evaluate(on: arguments[1], arguments[2])
        default: throw WrongUsage()
        }
    }

    private static func split(into folder: String) throws {
        let split = try Handwriting.load().split(seed: 1)
        for (part, digits) in zip(parts, [split.training, split.validation, split.test]) {
            try Disk.write(digits.encoded(), to: "\(folder)/\(part)")
        }
    }

    private static func preprocess(_ source: String, into folder: String) throws {
        for part in parts {
            let digits = try DigitSet(decoding: Disk.read("\(source)/\(part)"))
            try Disk.write(Preprocessing()(digits).encoded(), to: "\(folder)/\(part)")
        }
    }

    private static func train(on data: String, _ model: String, into output: String) throws {
        let training = try TensorSet(decoding: Disk.read("\(data)/training"))
        let validation = try TensorSet(decoding: Disk.read("\(data)/validation"))
        let network = try Network(decoding: Disk.read(model))
        let trained = try Trainer(TrainingConfiguration()).train(
            network, on: training, validatingOn: validation
        ) { event in
            var line = event.metrics
            line["_step"] = .int(Int64(event.step))
            print(JSONValue.object(line).canonical)
        }
        try Disk.write(trained.encoded(), to: output)
    }

    private static func evaluate(on data: String, _ model: String) throws {
        let test = try TensorSet(decoding: Disk.read("\(data)/test"))
        let evaluation = try Evaluation(of: Network(decoding: Disk.read(model)), on: test)
        print("loss=\(evaluation.loss) accuracy=\(evaluation.accuracy)")
    }

    private struct WrongUsage: UserFacingError {
        var code: ErrorCode { .invalidArgument }
        var message: String { "the arguments are not understood" }
        var hint: String? { "`digits-pipeline --help` lists them." }
    }
}
