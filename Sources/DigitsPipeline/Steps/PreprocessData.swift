import Amphora

extension Pipeline {
    /// Makes tensors of the images, with the steps as metadata.
    func preprocessData() throws {
        try step("preprocess-data") { run in
            let preprocessing = Preprocessing(normalize: true, expandDims: true)
            var artifact = Artifact(
                name: "mnist-preprocess", type: "dataset",
                description: "The digits as tensors for the network",
                metadata: [
                    "normalize": .bool(preprocessing.normalize),
                    "expand_dims": .bool(preprocessing.expandDims),
                ])

            let raw = try run.use("mnist-raw:latest")
            let folder = try raw.download()
            for part in ["training", "validation", "test"] {
                let digits = try DigitSet(decoding: Disk.read("\(folder)/\(part)"))
                try artifact.addNewFile(part) { try $0.write(preprocessing(digits).encoded()) }
            }

            print("  used \(raw), logged \(try run.log(artifact))")
        }
    }
}
