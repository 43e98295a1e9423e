import Amphora

extension Pipeline {
    /// Reads the handwriting, splits it, and logs the three parts as they are.
    func loadData() throws {
        try step("load-data") { run in
            let split = try Handwriting.load().split(seed: 1)

            var artifact = Artifact(
                name: "mnist-raw", type: "dataset",
                description: "Handwritten digits, split into training, validation and test sets",
                metadata: [
                    "source": "UCI Optical Recognition of Handwritten Digits",
                    "sizes": [
                        .int(Int64(split.training.count)), .int(Int64(split.validation.count)),
                        .int(Int64(split.test.count)),
                    ],
                ])
            try artifact.addNewFile("training") { try $0.write(split.training.encoded()) }
            try artifact.addNewFile("validation") { try $0.write(split.validation.encoded()) }
            try artifact.addNewFile("test") { try $0.write(split.test.encoded()) }

            let version = try run.log(artifact)
            print(
                "  logged \(version): \(split.training.count) + \(split.validation.count) + \(split.test.count) digits"
            )
        }
    }
}
