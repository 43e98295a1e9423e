import TestSupport
import Testing

@testable import AmphoraBenchmarks

@Suite("Trials")
struct TrialTests {
    private func measure(
        _ system: System, in scratch: Scratch, workload: Workload = .small, isCounted: Bool = false
    ) throws -> [Measurement] {
        _ = try workload.make(in: scratch.path, size: .tiny, seed: 7)
        var measurements: [Measurement] = []
        try withoutBlockedSignals {
            var trial = Trial(
                system: system, files: try WorkloadFiles(workload, in: scratch.path), round: 1,
                scratch: scratch("trial"), variables: ["AMPHORA": productsFolder + "/amphora"])
            if isCounted { trial.wire = Wire(folder: scratch("trial/wire")) }
            try trial.run { measurements.append($0) }
        }
        return measurements
    }

    @Test("Git takes all steps, stores what it is given, and leaves no scratch")
    func git() throws {
        let scratch = try Scratch()
        let measurements = try measure(.git, in: scratch)
        #expect(measurements.map(\.step) == Step.storing)
        let growth = measurements.compactMap(\.growthByteCount)
        #expect(growth[0] > measurements[0].sourceByteCount)
        #expect(growth[1] < growth[0] / 4)
        #expect(!scratch.exists("trial"))
        let file = ResultFile(path: scratch("results"))
        let machine = Machine(folder: scratch.path, coreCount: 2)
        try file.begin(machine)
        for measurement in measurements { try file.append(measurement) }
        let (readMachine, read) = try file.read()
        #expect(readMachine == machine)
        #expect(read == measurements)
    }

    @Test("A checksum has no way back")
    func checksum() throws {
        #expect(try measure(.checksum, in: Scratch()).map(\.step) == [.putFirst, .putSecond])
    }

    @Test("What the remote has is not moved again, and bytes both ways are counted")
    func exchange() throws {
        for system in [System.amphoraByURL, .gitOfStore, .gitByURL] {
            let measurements = try measure(system, in: Scratch(), workload: .weights, isCounted: true)
            #expect(measurements.map(\.step) == Step.syncing)
            for measurement in measurements {
                let moved = try #require(measurement.wireByteCount)
                // Noise compresses by a tenth at most.
                let isWhole = Double(moved) > 0.8 * Double(measurement.sourceByteCount)
                #expect(moved > 10_000 && isWhole == (measurement.step.version == 1), "\(system.name)")
            }
        }
    }

    @Test("Where there is no wire, the growth of the other side is what was moved")
    func folder() throws {
        let measurements = try measure(.amphoraByFolder, in: Scratch(), workload: .weights)
        #expect(measurements.map(\.step) == Step.syncing)
        for measurement in measurements {
            let moved = Double(try #require(measurement.growthByteCount))
            let isWhole = moved > 0.8 * Double(measurement.sourceByteCount)
            #expect(isWhole == (measurement.step.version == 1))
            #expect((measurement.growthFileCount ?? 0) > 0)
        }
    }

    @Test("A system that gives back other files fails, and leaves no scratch")
    func wrongResult() throws {
        let scratch = try Scratch()
        var system = System.copy
        system.get = "cp -r store/v1 out"
        #expect(throws: Failure.self) { try measure(system, in: scratch) }
        #expect(!scratch.exists("trial"))
    }
}
