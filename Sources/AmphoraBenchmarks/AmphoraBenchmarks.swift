import ArgumentParser

/// The root of all commands.
@main
struct AmphoraBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amphora-bench",
        abstract: "Measure amphora beside the tools that people use instead",
        discussion: """
            Docs/Performance.md says what is measured and how. A full run:

              swift build -c release --static-swift-stdlib
              .build/release/amphora-bench make /tmp/workloads
              .build/release/amphora-bench compare /tmp/workloads --write Docs/Performance.md
              .build/release/amphora-bench scale /tmp/workloads --write Docs/Performance.md
              .build/release/amphora-bench sync /tmp/workloads --write Docs/Performance.md
              .build/release/amphora-bench pages /tmp/pages --write Docs/Performance.md
              .build/release/amphora-bench micro --write Docs/Performance.md
            """,
        subcommands: [Make.self, Compare.self, Scale.self, Sync.self, Pages.self, Micro.self, Tables.self])
}
