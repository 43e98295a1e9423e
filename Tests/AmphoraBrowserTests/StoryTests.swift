import Testing

/// The tutorial's story in a real browser, as different people see it.
@Suite(
    "Pages in a browser", .stage, .timeLimit(.minutes(10)),
    .enabled(if: Chromium.isAvailable, "Chromium is not installed: `.ci/setup` installs it"))
struct BrowserTests {
    @Test("From the project to artifact, version, file, run and graph", arguments: Look.all)
    func story(_ look: Look) async throws {
        try await Stage.withTab(look) { stage, tab in
            try await Story(home: stage.address, isLive: true, tab: tab).tell()
        }
    }

    @Test("The same from files", arguments: [Look.darkPhone, .withoutScripts])
    func storyOfFiles(_ look: Look) async throws {
        try await Stage.withTab(look) { stage, tab in
            try await Story(home: stage.site, isLive: false, tab: tab).tell()
        }
    }
}
