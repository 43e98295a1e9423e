import Foundation
import TestSupport
import Testing

@Suite("Sites written by processes")
struct SiteProcessTests {
    private static func project() throws -> Project {
        let project = try Project()
        for name in ["raw", "split", "model"] {
            for round in 0..<3 {
                for index in 0..<20 { try project.scratch.write("in/\(index)", "\(name) \(round) \(index)") }
                try project.amphora("put", "in", "--name", name, "--type", "t")
            }
        }
        return project
    }

    /// Whether two sites are the same, and nothing lies around in them.
    private func difference(_ left: String, _ right: String, in project: Project) throws -> String {
        try project.script("diff -rq \(left) \(right); find \(left) -name '.amphora-site-*'").output
    }

    @Test("A site killed at any moment is completed by the next, with nothing left over")
    func kill() throws {
        let project = try Self.project()
        try project.amphora("site", "whole")
        var generator = SplitMix64(seed: 7)
        var killedCount = 0
        for round in 0..<12 {
            let process = Process()
            process.executableURL = URL(filePath: Project.program)
            process.arguments = ["site", "site"]
            process.currentDirectoryURL = URL(filePath: project.folder)
            process.environment = hermeticEnvironment(home: project.folder)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try withoutBlockedSignals { try process.run() }
            Thread.sleep(forTimeInterval: .random(in: 0.05...0.6, using: &generator))
            _ = Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { killedCount += 1 }
            // What a killed one has written is whole, or not there.
            #expect(try project.script("find site -name '*.html' -size 0").output == "", "round \(round)")
            guard round % 3 == 2 else { continue }
            try project.amphora("site", "site")
            let difference = try difference("site", "whole", in: project)
            #expect(difference == "", "round \(round)")
        }
        #expect(killedCount > 0)
    }

    @Test("Without the program that draws graphs pages have lists, and the command says so once")
    func withoutGraphviz() throws {
        let project = try Self.project()
        let result = try project.script("PATH=/none '\(Project.program)' site site")
        #expect(result.error.contains("more: the program 'dot' cannot be found\n"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 2, "\(result.error)")
        #expect(try project.script("cat site/lineage/index.html").output.contains("There is no picture"))
    }

    @Test("Of several that write one site at once one does, and the others say so")
    func race() throws {
        let project = try Self.project()
        try project.amphora("site", "whole")
        let results = Results()
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            results.add(try? project.attempt("site", "site"))
        }
        let all = results.all.compactMap(\.self)
        #expect(all.count == 4)
        #expect(all.contains { $0.status == 0 })
        for result in all where result.status != 0 {
            #expect(result.error.contains("another process is writing the site"), "\(result.error)")
        }
        let difference = try difference("site", "whole", in: project)
        #expect(difference == "")
    }
}

/// What several processes have said.
private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var all: [ProgramResult?] = []

    func add(_ result: ProgramResult?) { lock.withLock { all.append(result) } }
}
