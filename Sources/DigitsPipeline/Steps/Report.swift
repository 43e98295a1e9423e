import Amphora

extension Pipeline {
    /// Measures the trained network on the test set, and keeps the images that it finds hardest.
    func report() throws {
        try step("report") { run in
            let data = try run.use("mnist-preprocess:latest")
            let test = try TensorSet(decoding: Disk.read("\(try data.download())/test"))
            let model = try run.use("trained-model:latest")
            let network = try Network(decoding: Disk.read("\(try model.download())/model"))

            let evaluation = try Evaluation(of: network, on: test)
            try run.setSummary([
                "loss": .double(Double(evaluation.loss)), "accuracy": .double(Double(evaluation.accuracy)),
            ])
            let images = try evaluation.hardest(32).map { example in
                // Ink is 1 in the data; on a page it is dark.
                let pixels = test.image(at: example.index).map { 1 - $0 }
                return (
                    image: try PNGImage(intensities: pixels, width: 8, height: 8),
                    caption: "label \(example.label), taken for \(example.prediction), loss \(example.loss)"
                )
            }
            try run.log(images: images, key: "hardest")

            let percent = (Double(evaluation.accuracy) * 1000).rounded() / 10
            print(
                "  used \(data) and \(model): accuracy \(percent) % on \(test.count) digits, loss \(evaluation.loss)"
            )
        }
    }
}
