import ArgumentParser

struct AliasGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "Point aliases at versions",
        subcommands: [AliasSet.self, AliasRemove.self, AliasList.self, AliasResolve.self])
}
