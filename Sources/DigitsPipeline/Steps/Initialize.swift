import Amphora

extension Pipeline {
    /// Draws the weights of an untrained network.
    func initialize() throws {
        let configuration = NetworkConfiguration()
        try step("initialize", config: configuration.json) { run in
            let network = try Network(configuration)

            var artifact = Artifact(
                name: "convnet", type: "model", description: "A small convolutional network, not trained yet",
                metadata: configuration.json)
            try artifact.addNewFile("initialized-model") { try $0.write(network.encoded()) }

            print("  logged \(try run.log(artifact)): \(network.parameters.count) parameters")
        }
    }
}
