import AmphoraPack
import Foundation
import TestSupport
import Testing

@testable import AmphoraBenchmarks

@Suite("Workloads")
struct WorkloadTests {
    /// The SHA-256 of all files of a folder, with their names, in order.
    private func digest(_ folder: String) throws -> String {
        var hasher = FileHasher()
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            Array("\(name)\n".utf8).withUnsafeBytes { hasher.update($0) }
            try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { hasher.update($0) }
        }
        return hasher.finalize()
    }

    /// How many times smaller zlib makes it.
    private func compression(_ bytes: [UInt8]) -> Double {
        Double(bytes.count) / Double(Deflater(level: 6).zlib(bytes).count)
    }

    @Test(
        "The same seed makes the same bytes, everywhere and always",
        arguments: [
            (
                Workload.weights, "2d66bab797dbdbb9c7e88d1abc3c1639568872c7877375aa5a8e4210b3b1b325",
                "57dd5a34a67931b8b9d2a346e218ae210f6fc508edc5110f532fc6efd4d59412"
            ),
            (
                Workload.small, "10a02a5eb464d1a84cc1ff23dfb0899c0433dc100da02177a29efb23b26aab95",
                "96d012f0ee22897974d5454569cc00679043737f9c7d6468e9781a2ff9d982c1"
            ),
            (
                Workload.table, "821cb96a57174ba99869096e84c3772b1e95372e26b5c1e009830dc17619a44b",
                "931c3c484219d4f08887af0df449f4c6d653b34ddce6771999fc28835b8e506b"
            ),
        ])
    func deterministic(workload: Workload, first: String, second: String) throws {
        let scratch = try Scratch()
        #expect(try workload.make(in: scratch.path, size: .tiny, seed: 7))
        #expect(try digest(scratch("\(workload)/v1")) == first)
        #expect(try digest(scratch("\(workload)/v2")) == second)
    }

    @Test("A workload that is there is left alone")
    func present() throws {
        let scratch = try Scratch()
        try scratch.write("table/v1/data.csv", "mine")
        #expect(try !Workload.table.make(in: scratch.path, size: .tiny, seed: 7))
        #expect(try scratch.read("table/v1/data.csv") == Array("mine".utf8))
        #expect(!scratch.exists("table/v2"))
    }

    @Test("Weights are normal numbers; version 2 has an insertion and ten edits")
    func weights() throws {
        let scratch = try Scratch()
        _ = try Workload.weights.make(in: scratch.path, size: .tiny, seed: 7)
        let first = try scratch.read("weights/v1/model.safetensors")
        let second = try scratch.read("weights/v2/model.safetensors")
        #expect(first.count == 4 << 20)
        #expect(second.count == first.count + 100)
        let numbers: [Double] = first.withUnsafeBytes { $0.bindMemory(to: Float.self).map { Double($0) } }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        #expect(abs(mean(numbers)) < 0.005)
        #expect(abs(mean(numbers.map { $0 * $0 }) - 1) < 0.01)
        let near = mean(numbers.map { $0.magnitude < 1 ? 1 : 0 })
        #expect(abs(near - 0.683) < 0.01, "68 % are within one standard deviation")
        // What deflate finds in normal noise of numpy is 1.08: the exponents.
        #expect((1.06...1.10).contains(compression(first)))
        #expect(Array(second[..<1000]) == Array(first[..<1000]))
        let changed = zip(first.dropFirst(1000), second.dropFirst(1100)).count { $0.0 != $0.1 }
        #expect(
            (36_000...40_960).contains(changed), "ten edits of 4096 bytes, one in 256 of which is as before")
    }

    @Test("One small file in a hundred is changed, one is new")
    func small() throws {
        let scratch = try Scratch()
        _ = try Workload.small.make(in: scratch.path, size: .tiny, seed: 7)
        let first = try FileManager.default.subpathsOfDirectory(atPath: scratch("small/v1")).filter {
            $0.hasSuffix(".bin")
        }
        let second = try FileManager.default.subpathsOfDirectory(atPath: scratch("small/v2")).filter {
            $0.hasSuffix(".bin")
        }
        #expect(first.count == 200)
        #expect(second.count == 202)
        let changed = try first.filter {
            try scratch.read("small/v1/\($0)") != scratch.read("small/v2/\($0)")
        }
        #expect(changed.count == 2)
        let counts = try first.map { try scratch.read("small/v1/\($0)").count }
        #expect(counts.allSatisfy { (1024..<8192).contains($0) })
    }

    @Test("The table has rows of six columns, a hundred of them edited, one in a hundred appended")
    func table() throws {
        let scratch = try Scratch()
        _ = try Workload.table.make(in: scratch.path, size: .tiny, seed: 7)
        let first = try scratch.read("table/v1/data.csv")
        let lines = String(decoding: first, as: UTF8.self).split(separator: "\n")
        let newer = String(decoding: try scratch.read("table/v2/data.csv"), as: UTF8.self).split(
            separator: "\n")
        #expect(first.count >= 1 << 20)
        #expect(lines.allSatisfy { $0.split(separator: ",").count == 6 })
        #expect(lines[0] == "id,ts,user,score,label,text")
        #expect(newer.count == lines.count + (lines.count - 1) / 100)
        let edited = zip(lines, newer).count { $0.0 != $0.1 }
        #expect((95...100).contains(edited), "rows are drawn with repetition")
        #expect((2.0...3.0).contains(compression(first)), "it compresses as tables do")
    }
}
