import Amphora

extension Pipeline {
    /// Trains the network, logging metrics at each step.
    func train() throws {
        let configuration = TrainingConfiguration()
        try step("train", config: configuration.json) { run in
            let data = try run.use("mnist-preprocess:latest")
            let folder = try data.download()
            let training = try TensorSet(decoding: Disk.read("\(folder)/training"))
            let validation = try TensorSet(decoding: Disk.read("\(folder)/validation"))

            let model = try run.use("convnet:latest")
            let network = try Network(decoding: Disk.read("\(try model.download())/initialized-model"))

            let trained = try Trainer(configuration).train(network, on: training, validatingOn: validation) {
                event in
                try run.log(metrics: event.metrics, step: event.step)
            }

            var artifact = Artifact(
                name: "trained-model", type: "model", description: "The network after training",
                metadata: network.configuration.json)
            try artifact.addNewFile("model") { try $0.write(trained.encoded()) }

            print("  used \(data) and \(model), logged \(try run.log(artifact))")
        }
    }
}
