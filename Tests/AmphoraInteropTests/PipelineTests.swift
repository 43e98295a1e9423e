import Foundation
import TestSupport
import Testing

@testable import Amphora
@testable import DigitsPipeline

@Suite("The digits pipeline")
struct PipelineTests {
    @Test("Five steps: artifacts, metadata, metrics, images and lineage; again, nothing new is stored")
    func pipeline() throws {
        let project = try Project()
        var surroundings = Surroundings()
        let folder = project.folder
        surroundings.currentFolder = { folder }
        let store = try Store.open(at: folder, surroundings: surroundings)
        let steps = Pipeline(store: store, project: "digits")
        try steps.loadData()
        try steps.preprocessData()
        try steps.initialize()
        try steps.train()
        try steps.report()
        try check(store)
        #expect(try project.fsck() == "")
        #expect(try store.verify().isSound)
        #expect(
            try git("ls-tree", "-r", "--name-only", "mnist-raw/v0", in: project.store)
                == "test\ntraining\nvalidation\n")

        try steps.loadData()
        try steps.preprocessData()
        try steps.initialize()
        #expect(try store.allVersions().count == 4, "identical content is recognized")
        #expect(try store.runs().count == 8)
        let again = try store.version("mnist-preprocess").download()
        #expect((again.writtenFileCount, again.unchangedFileCount) == (0, 3))
    }

    private func check(_ store: Store) throws {
        let names = try store.allVersions().map { "\($0) \($0.type)" }
        #expect(
            names == [
                "convnet:v0 model", "mnist-preprocess:v0 dataset", "mnist-raw:v0 dataset",
                "trained-model:v0 model",
            ])
        #expect(try store.version("mnist-raw").metadata["sizes"] == [1200, 197, 400])
        #expect(try store.version("mnist-preprocess").metadata == ["normalize": true, "expand_dims": true])
        let runs = Dictionary(uniqueKeysWithValues: try store.runs().map { ($0.record.jobType, $0) })
        let links = runs.mapValues { run in
            [run.links.filter(\.role.isInput), run.links.filter(\.role.isOutput)].map { $0.map(\.artifact) }
        }
        let expected: [String: [[String]]] = [
            "load-data": [[], ["mnist-raw:v0"]],
            "preprocess-data": [["mnist-raw:v0"], ["mnist-preprocess:v0"]],
            "initialize": [[], ["convnet:v0"]],
            "train": [["convnet:v0", "mnist-preprocess:v0"], ["trained-model:v0"]],
            "report": [["mnist-preprocess:v0", "trained-model:v0"], []],
        ]
        #expect(links == expected)
        #expect(runs.values.allSatisfy { $0.state == .finished && $0.record.project == "digits" })
        let train = try #require(runs["train"])
        #expect(try store.version("convnet").metadata == #require(runs["initialize"]).record.config)
        #expect(!train.record.config.isEmpty)
        var keys: Set<String> = []
        try store.history(of: train.id) { keys.formUnion(($0.object ?? [:]).keys) }
        #expect(keys.isSuperset(of: ["epoch", "train/loss", "validation/loss", "validation/accuracy"]))
        let report = try #require(runs["report"])
        #expect(try #require(report.record.summary["accuracy"]?.number) > 0.9)
        let media = try store.media(of: report.id)
        #expect(media.count == 33)
        let captions = try JSONValue(parsing: store.readMedia("hardest/0.json", of: report.id))["captions"]
        #expect(captions?.array?.count == 32)
    }
}
