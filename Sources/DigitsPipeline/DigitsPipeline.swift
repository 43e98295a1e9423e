import Amphora

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The tutorial: five steps from handwriting to a trained network, each a run, each result an artifact.
///
/// `Learning/` does the machine learning and knows nothing of artifacts; `Steps/` logs it; `FileTools` is
/// the same learning as plain programs, for the shell version of the pipeline.
@main
enum DigitsPipeline {
    static func main() {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.isEmpty { try runPipeline() } else { try FileTools.run(arguments) }
        } catch {
            var text = render(error)
            text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
            exit(ErrorReport(error).code.exitStatus)
        }
    }

    private static func runPipeline() throws {
        let store = try openStore()
        print("Store: \(store.path)\n")
        let steps = Pipeline(store: store, project: "digits")
        try steps.loadData()
        try steps.preprocessData()
        try steps.initialize()
        try steps.train()
        try steps.report()
        print("\n\(LineageText.render(try store.lineage()))", terminator: "")
    }

    /// The store around the current folder, or a new one in it.
    private static func openStore() throws -> Store {
        do {
            return try Store.open(discoveringFrom: ".")
        } catch {
            guard case .noneAround? = error as? StoreError else { throw error }
            return try Store.create(at: ".")
        }
    }
}
