import TestSupport
import Testing

@testable import AmphoraBenchmarks

@Suite("Trials")
struct TrialTests {
    private func measure(_ system: System, in scratch: Scratch) throws -> [Measurement] {
        _ = try Workload.small.make(in: scratch.path, size: .tiny, seed: 7)
        var measurements: [Measurement] = []
        try withoutBlockedSignals {
            let trial = Trial(
                system: system, files: try WorkloadFiles(.small, in: scratch.path), round: 1,
                scratch: scratch("trial"), variables: [:])
            try trial.run { measurements.append($0) }
        }
        return measurements
    }

    @Test("Git takes all steps, stores what it is given, and leaves no scratch")
    func git() throws {
        let scratch = try Scratch()
        let measurements = try measure(.git, in: scratch)
        #expect(measurements.map(\.step) == Step.allCases)
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

    @Test("A system that gives back other files fails, and leaves no scratch")
    func wrongResult() throws {
        let scratch = try Scratch()
        var system = System.copy
        system.get = "cp -r store/v1 out"
        #expect(throws: Failure.self) { try measure(system, in: scratch) }
        #expect(!scratch.exists("trial"))
    }
}
