import Foundation
import Subprocess
import TestSupport
import Testing

/// What the story plays on: the tutorial's store, its pages as the real program serves them, and a browser.
struct Stage: Sendable {
    let project: Project
    /// Of the first page, without the slash at its end.
    let address: String
    /// The address of the first page as a file.
    let site: String
    let browser: Chromium

    @TaskLocal static var current: Stage?

    /// Opens a window on the pages for as long as `body` takes; nothing may be wrong when it ends.
    static func withTab(
        _ look: Look, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @Driver (Stage, Tab) async throws -> Void
    ) async throws {
        let stage = try #require(current)
        let faults = try await stage.browser.withTab(look) { tab in
            try await body(stage, tab)
            return tab.faults
        }
        #expect(faults == [], sourceLocation: sourceLocation)
    }
}

/// One store, server and browser for all tests of a suite.
struct StageTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let project = try Project()
        try await project.tellTutorial()
        let site = "file://\(project.folder)/\(try await project.script("amphora site site --quiet"))"
        try await project.serving { address in
            try await Chromium.run { browser in
                let stage = Stage(project: project, address: address, site: site, browser: browser)
                try await Stage.$current.withValue(stage) { try await function() }
            }
        }
    }
}

extension Trait where Self == StageTrait {
    static var stage: Self { Self() }
}
